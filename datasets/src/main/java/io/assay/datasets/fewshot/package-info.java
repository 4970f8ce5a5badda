/** Choice of the examples in front of a document. */
package io.assay.datasets.fewshot;
