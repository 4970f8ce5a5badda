package io.assay.job.compare;

import com.fasterxml.jackson.core.JsonGenerator;
import io.assay.job.lines.JsonLines;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One document, score and routing joined.
 *
 * @param tokens scored
 * @param saturation by layer
 */
public record DocumentRow(
    String id,
    String domain,
    long tokens,
    double sumLogprobA,
    double sumLogprobB,
    SortedMap<Integer, Double> saturation) {

  static DocumentRow of(PairedDocument paired, int chosen) {
    SortedMap<Integer, Double> saturation = new TreeMap<>();
    paired
        .common()
        .forEach((layer, both) -> saturation.put(layer, (double) both / (paired.fed() * chosen)));
    return new DocumentRow(
        paired.document().id(),
        paired.document().domain(),
        paired.document().tokens(),
        PairedDocument.sumLogprob(paired.a()),
        PairedDocument.sumLogprob(paired.b()),
        saturation);
  }

  /** Writes the row as a line. */
  public void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id);
    json.writeStringField("domain", domain);
    json.writeNumberField("tokens", tokens);
    json.writeNumberField("sum_logprob_a", sumLogprobA);
    json.writeNumberField("sum_logprob_b", sumLogprobB);
    json.writeNumberField("difference", sumLogprobB - sumLogprobA);
    json.writeObjectFieldStart("saturation");
    for (Map.Entry<Integer, Double> layer : saturation.entrySet()) {
      json.writeNumberField(layer.getKey().toString(), layer.getValue());
    }
    json.writeEndObject();
    JsonLines.endLine(json);
  }
}
