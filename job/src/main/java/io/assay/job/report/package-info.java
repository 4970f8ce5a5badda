/** The HTML page of a run, made from its tables alone. */
package io.assay.job.report;
