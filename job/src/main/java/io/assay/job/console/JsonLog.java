package io.assay.job.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Events for programs, one JSON object a line: {@code time} (UTC), {@code level}, {@code event},
 * {@code run_id} once it is known, then the event's own fields in snake case.
 */
final class JsonLog {
  private static final ObjectWriter WRITER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .configure(EnumFeature.WRITE_ENUMS_TO_LOWERCASE, true)
          .build()
          .writer();

  private final PrintStream stream;
  private volatile String runId;

  JsonLog(PrintStream stream) {
    this.stream = stream;
  }

  /** Every later event belongs to this run. */
  void run(String id) {
    runId = id;
  }

  /**
   * Writes an event.
   *
   * @param level info, warn or error, as loggers say
   * @param fields texts, numbers, records, lists and maps
   */
  void write(String level, String event, Map<String, ?> fields) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", Instant.now().toString());
    line.put("level", level);
    line.put("event", event);
    if (runId != null) {
      line.put("run_id", runId);
    }
    line.putAll(fields);
    try {
      // One call, so that lines of several threads do not mix.
      stream.println(WRITER.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event holds nothing but texts, numbers and records", e);
    }
  }
}
