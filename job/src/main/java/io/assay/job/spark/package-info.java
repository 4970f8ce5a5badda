/** Spark sessions, and the engines of the executors in them. */
package io.assay.job.spark;
