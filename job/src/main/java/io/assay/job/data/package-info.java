/** Data files on any storage Hadoop reaches, Parquet among them. */
package io.assay.job.data;
