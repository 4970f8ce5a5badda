/** Spark ML transformers that ask a model: for notebooks and pipelines. */
package io.assay.job.ml;
