package io.assay.job.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The buckets of {@code mtp_acceptance}. */
class DraftCountsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.1249, 0",
    "0.125, 0.125",
    "0.2499, 0.125",
    "0.25, 0.25",
    "0.99, 0.5",
    "1, 1",
    "1.99, 1",
    "2, 2",
    "3.999, 2",
    "4, 4",
    "8, 8",
    "11.7, 8"
  })
  void entropiesFallIntoTheBucketThatBeginsAtOrBelowThem(double entropy, double bucket) {
    assertThat(DraftCounts.entropyBucket(entropy)).isEqualTo(bucket);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "15, 0", "16, 16", "31, 16", "32, 32", "100, 64"})
  void placesToo(int position, int bucket) {
    assertThat(DraftCounts.bucket(position)).isEqualTo(bucket);
  }
}
