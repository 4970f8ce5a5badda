/** Node-local copies of checkpoints that lie on remote file systems. */
package io.assay.job.cache;
