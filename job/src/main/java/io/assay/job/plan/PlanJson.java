package io.assay.job.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** A plan for programs: one JSON object whose keys are the components of {@link RunPlan}. */
public final class PlanJson {
  private static final ObjectWriter WRITER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .configure(EnumFeature.WRITE_ENUMS_TO_LOWERCASE, true)
          .build()
          .writerWithDefaultPrettyPrinter();

  private PlanJson() {}

  public static String of(RunPlan plan) {
    try {
      return WRITER.writeValueAsString(plan);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a plan holds nothing but texts and numbers", e);
    }
  }
}
