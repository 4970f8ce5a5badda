/** Sums, aggregations and standard errors that do not depend on the order of their input. */
package io.assay.eval.statistics;
