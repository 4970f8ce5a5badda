/**
 * Metrics of machine translation over a corpus, equal to those of sacrebleu 2.6 with its default
 * settings, which the harness uses: each document gives counts, the score is a function of their
 * sums.
 */
package io.assay.eval.translation;
