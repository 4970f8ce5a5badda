/** Keeps two processes from working at one run at the same time. */
package io.assay.job.lock;
