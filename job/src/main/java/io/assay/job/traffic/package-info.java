/** What models make of the documents of an input: likelihoods and routing, by document. */
package io.assay.job.traffic;
