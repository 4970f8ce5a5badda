/** From the engine's answers to scores of documents, and from these to metrics of tasks. */
package io.assay.eval.metric;
