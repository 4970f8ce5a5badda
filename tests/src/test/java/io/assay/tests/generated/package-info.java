/** Random models of any shape, and the engine against the float64 reference on them. */
package io.assay.tests.generated;
