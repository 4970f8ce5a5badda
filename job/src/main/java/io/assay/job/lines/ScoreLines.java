package io.assay.job.lines;

import com.fasterxml.jackson.core.JsonGenerator;
import io.assay.engine.Engine;
import io.assay.engine.score.ScoreResult;
import io.assay.eval.request.EvalRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** {@code assay score}: log-likelihoods of lines, in the order of the lines. */
public final class ScoreLines {
  private final ScoreAnswers answers;
  private final int vocabSize;
  private final boolean routing;
  private final LineTally tally = new LineTally();

  /**
   * @param routing whether the expert ids of every fed token are written
   */
  public ScoreLines(Engine engine, boolean routing) {
    this.answers = new ScoreAnswers(engine, routing);
    this.vocabSize = engine.config().vocabSize();
    this.routing = routing;
  }

  /** Answers every line; what is wrong with a line is in its {@code error} field. */
  public LineTally run(InputStream in, OutputStream out) throws IOException {
    LineParser parser = new LineParser(vocabSize);
    try (JsonGenerator json = JsonLines.generator(out)) {
      LineBatches.each(new LineReader(in), parser::score, lines -> answer(lines, json));
    }
    return tally;
  }

  private void answer(List<InputLine> lines, JsonGenerator json) throws IOException {
    ScoreAnswers.Batch batch = answers.of(lines);
    tally.add(batch.stats());
    for (ScoreAnswers.Answer answer : batch.answers()) {
      write(answer, json);
    }
    json.flush();
  }

  private void write(ScoreAnswers.Answer answer, JsonGenerator json) throws IOException {
    tally.line(answer.error());
    json.writeStartObject();
    json.writeFieldName("id");
    json.writeTree(answer.id());
    if (answer.error() == null) {
      values(answer, json);
    } else {
      for (String field : List.of("sum_logprob", "tokens", "token_logprobs", "is_greedy")) {
        json.writeNullField(field);
      }
      json.writeBooleanField("truncated", false);
    }
    json.writeStringField("error", answer.error());
    JsonLines.endLine(json);
  }

  private void values(ScoreAnswers.Answer answer, JsonGenerator json) throws IOException {
    json.writeNumberField("sum_logprob", answer.sumLogprob());
    json.writeArrayFieldStart("tokens");
    for (EvalRequest request : answer.requests()) {
      for (int i = request.from(); i < request.tokens().length; i++) {
        json.writeNumber(request.tokens()[i]);
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("token_logprobs");
    for (ScoreResult result : answer.results()) {
      for (float logprob : result.tokenLogprobs()) {
        json.writeNumber(logprob);
      }
    }
    json.writeEndArray();
    json.writeBooleanField("is_greedy", answer.greedy());
    json.writeBooleanField("truncated", answer.truncated());
    if (routing) {
      experts(
          answer.results().stream().map(ScoreResult::experts).filter(Objects::nonNull).toList(),
          json);
    }
  }

  /** By layer, the fed tokens of all windows one after the other. */
  private static void experts(List<int[][][]> windows, JsonGenerator json) throws IOException {
    Map<Integer, List<int[]>> byLayer = new TreeMap<>();
    for (int[][][] layers : windows) {
      for (int layer = 0; layer < layers.length; layer++) {
        if (layers[layer] != null) {
          byLayer
              .computeIfAbsent(layer, key -> new ArrayList<>())
              .addAll(Arrays.asList(layers[layer]));
        }
      }
    }
    json.writeObjectFieldStart("experts");
    for (Map.Entry<Integer, List<int[]>> layer : byLayer.entrySet()) {
      json.writeArrayFieldStart(layer.getKey().toString());
      for (int[] ids : layer.getValue()) {
        json.writeArray(ids, 0, ids.length);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }
}
