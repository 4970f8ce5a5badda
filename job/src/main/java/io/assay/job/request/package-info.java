/** From documents to slices of requests: what a run asks, made once and kept until it is done. */
package io.assay.job.request;
