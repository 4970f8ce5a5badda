package io.assay.job.run;

import io.assay.eval.metric.Measure;
import io.assay.eval.perplexity.Perplexity;
import io.assay.eval.statistics.Aggregation;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The metrics of a corpus, in the order of their names. */
enum CorpusMetric {
  BITS_PER_BYTE(Aggregation.BITS_PER_BYTE, Perplexity::bitsPerByte, "bytes"),
  BYTE_PERPLEXITY(Aggregation.WEIGHTED_PERPLEXITY, Perplexity::bytePerplexity, "bytes"),
  PERPLEXITY(Aggregation.WEIGHTED_PERPLEXITY, Perplexity::tokenPerplexity, "tokens"),
  WORD_PERPLEXITY(Aggregation.WEIGHTED_PERPLEXITY, Perplexity::wordPerplexity, "words");

  /** Corpora have no filters. */
  static final String FILTER = "none";

  @SuppressWarnings("ImmutableEnumChecker") // reference to a method of a record
  private final ToDoubleFunction<Perplexity> value;

  private final String length;

  private final Aggregation aggregation;

  CorpusMetric(Aggregation aggregation, ToDoubleFunction<Perplexity> value, String length) {
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

  /** Column of {@link ScoreRows#TEXT} a document's likelihood is divided by. */
  String lengthColumn() {
    return length;
  }
}
