/**
 * The architecture once more, in float64 and plain loops, written from the conventions in {@code
 * tests/golden/README.md} and sharing nothing with the engine: the oracle of generated models.
 */
package io.assay.tests.reference;
