package io.assay.tests.benchmark;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;

/**
 * One measured figure, a line of {@code performance.jsonl}.
 *
 * @param benchmark suite and name, such as {@code engine.decode}
 * @param variant what was measured
 * @param value median over the rounds
 * @param unit of the value; figures of work per second are better when higher, seconds and bytes
 *     when lower
 * @param ratioTo variant of the same benchmark it is compared with; itself if it is what others are
 *     compared with
 * @param ratio value over the other's value, median over the rounds
 * @param machine where
 * @param commit of the sources, with {@code +} if they had uncommitted changes
 * @param date UTC, ISO 8601
 * @param settings what else decides the value
 */
@JsonPropertyOrder({"benchmark", "variant", "value", "unit", "ratio_to", "ratio"})
record Line(
    String benchmark,
    String variant,
    double value,
    String unit,
    @JsonProperty("ratio_to") String ratioTo,
    double ratio,
    Machine machine,
    String commit,
    String date,
    Map<String, Object> settings) {

  /** What comes before the first dot of the benchmark. */
  String suite() {
    return benchmark.substring(0, benchmark.indexOf('.'));
  }

  boolean isBaseline() {
    return variant.equals(ratioTo);
  }
}
