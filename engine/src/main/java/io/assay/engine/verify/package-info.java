/**
 * Conformance: recomputes every file of a golden case through the engine's public API and compares
 * it with what other implementations said. Formats, conventions and tolerances are described in
 * {@code tests/golden/README.md}.
 */
package io.assay.engine.verify;
