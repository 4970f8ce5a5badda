/** How far a run has come, for people who watch; nothing here decides about results. */
package io.assay.job.progress;
