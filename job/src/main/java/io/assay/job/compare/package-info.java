/** {@code assay compare}: two checkpoints on the same tokens. */
package io.assay.job.compare;
