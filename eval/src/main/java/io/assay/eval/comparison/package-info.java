/** Whether one run is better or worse than another: paired tests, and rules for what is allowed. */
package io.assay.eval.comparison;
