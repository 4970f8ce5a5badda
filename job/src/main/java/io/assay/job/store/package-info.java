/** Answers on disk: those of the run that goes on, and those of earlier runs, found by content. */
package io.assay.job.store;
