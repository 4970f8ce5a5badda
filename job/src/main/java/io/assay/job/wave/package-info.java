/** Answering slices on executors, in waves of Spark jobs whose tasks commit on their own. */
package io.assay.job.wave;
