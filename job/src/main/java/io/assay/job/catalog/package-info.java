/** {@code assay tasks}: what tasks there are, and what is wrong with task files. */
package io.assay.job.catalog;
