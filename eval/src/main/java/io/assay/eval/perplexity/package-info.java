/** Corpus perplexity by token, word and byte, with its protocol. */
package io.assay.eval.perplexity;
