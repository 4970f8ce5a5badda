package io.assay.job.run;

import io.assay.eval.metric.Measure;
import io.assay.eval.perplexity.DocumentLikelihood;
import io.assay.eval.perplexity.Perplexity;
import io.assay.eval.statistics.Aggregation;
import io.assay.eval.statistics.DocumentValue;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The metrics of a corpus, in the order of their names. */
enum CorpusMetric {
  BITS_PER_BYTE(Aggregation.BITS_PER_BYTE, Perplexity::bitsPerByte, DocumentLikelihood::bytes),
  BYTE_PERPLEXITY(
      Aggregation.WEIGHTED_PERPLEXITY, Perplexity::bytePerplexity, DocumentLikelihood::bytes),
  PERPLEXITY(
      Aggregation.WEIGHTED_PERPLEXITY, Perplexity::tokenPerplexity, DocumentLikelihood::tokens),
  WORD_PERPLEXITY(
      Aggregation.WEIGHTED_PERPLEXITY, Perplexity::wordPerplexity, DocumentLikelihood::words);

  /** Corpora have no filters. */
  static final String FILTER = "none";

  @SuppressWarnings("ImmutableEnumChecker") // references to methods of records
  private final ToDoubleFunction<Perplexity> value;

  @SuppressWarnings("ImmutableEnumChecker") // likewise
  private final ToDoubleFunction<DocumentLikelihood> length;

  private final Aggregation aggregation;

  CorpusMetric(
      Aggregation aggregation,
      ToDoubleFunction<Perplexity> value,
      ToDoubleFunction<DocumentLikelihood> length) {
    this.aggregation = aggregation;
    this.value = value;
    this.length = length;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  Measure measure() {
    return new Measure(aggregation, /* higherIsBetter= */ false);
  }

  double value(Perplexity corpus) {
    return value.applyAsDouble(corpus);
  }

  /** What a document contributes. */
  DocumentValue of(DocumentLikelihood document) {
    return DocumentValue.of(document.sumLogprob(), length.applyAsDouble(document));
  }
}
