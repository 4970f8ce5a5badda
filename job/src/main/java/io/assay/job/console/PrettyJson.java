package io.assay.job.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Records for programs: JSON objects whose keys are their components in snake case. */
public final class PrettyJson {
  private static final ObjectWriter WRITER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .configure(EnumFeature.WRITE_ENUMS_TO_LOWERCASE, true)
          .build()
          .writerWithDefaultPrettyPrinter();

  private PrettyJson() {}

  /**
   * One JSON object over several lines.
   *
   * @param value a record of texts, numbers, records and lists
   */
  public static String of(Record value) {
    try {
      return WRITER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record holds nothing but texts and numbers", e);
    }
  }
}
