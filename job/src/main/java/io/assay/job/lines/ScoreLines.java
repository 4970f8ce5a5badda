package io.assay.job.lines;

import com.fasterxml.jackson.core.JsonGenerator;
import io.assay.engine.Engine;
import io.assay.engine.WorkListener;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.eval.request.EvalRequest;
import io.assay.job.answer.Outcome;
import io.assay.job.answer.SplitRetry;
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
  private final Engine engine;
  private final LineRequests requests;
  private final boolean routing;
  private final LineTally tally = new LineTally();

  /**
   * @param routing whether the expert ids of every fed token are written
   */
  public ScoreLines(Engine engine, boolean routing) {
    this.engine = engine;
    this.requests = new LineRequests(engine.plan(), engine.fingerprint());
    this.routing = routing;
  }

  /** Answers every line; what is wrong with a line is in its {@code error} field. */
  public LineTally run(InputStream in, OutputStream out) throws IOException {
    LineParser parser = new LineParser(engine.config().vocabSize());
    try (JsonGenerator json = JsonLines.generator(out)) {
      LineBatches.each(new LineReader(in), parser::score, lines -> answer(lines, json));
    }
    return tally;
  }

  private void answer(List<InputLine> lines, JsonGenerator json) throws IOException {
    List<Asked> asked = lines.stream().map(requests::of).toList();
    List<ScoreRequest> scored = new ArrayList<>();
    for (Asked line : asked) {
      for (EvalRequest request : line.requests()) {
        scored.add(
            new ScoreRequest(request.requestId(), request.tokens(), request.from(), routing));
      }
    }
    var answered = SplitRetry.answer(scored, batch -> engine.score(batch, WorkListener.NONE));
    tally.add(answered.stats());
    int next = 0;
    for (Asked line : asked) {
      int end = next + line.requests().size();
      write(line, answered.outcomes().subList(next, end), json);
      next = end;
    }
    json.flush();
  }

  private void write(Asked line, List<Outcome<ScoreResult>> outcomes, JsonGenerator json)
      throws IOException {
    String error = line.error();
    for (Outcome<ScoreResult> outcome : outcomes) {
      if (!outcome.succeeded()) {
        error = outcome.code() + ": " + outcome.message();
      } else if (!Double.isFinite(outcome.result().sumLogprob())) {
        error = "RESULT_NOT_FINITE: the sum of log-probabilities is not a number";
      }
    }
    tally.line(error);
    json.writeStartObject();
    json.writeFieldName("id");
    json.writeTree(line.id());
    if (error == null) {
      values(line, outcomes.stream().map(Outcome::result).toList(), json);
    } else {
      for (String field : List.of("sum_logprob", "tokens", "token_logprobs", "is_greedy")) {
        json.writeNullField(field);
      }
      json.writeBooleanField("truncated", false);
    }
    json.writeStringField("error", error);
    JsonLines.endLine(json);
  }

  private void values(Asked line, List<ScoreResult> results, JsonGenerator json)
      throws IOException {
    double sum = 0;
    for (ScoreResult result : results) {
      sum += result.sumLogprob();
    }
    json.writeNumberField("sum_logprob", sum);
    json.writeArrayFieldStart("tokens");
    for (EvalRequest request : line.requests()) {
      for (int i = request.from(); i < request.tokens().length; i++) {
        json.writeNumber(request.tokens()[i]);
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("token_logprobs");
    for (ScoreResult result : results) {
      for (float logprob : result.tokenLogprobs()) {
        json.writeNumber(logprob);
      }
    }
    json.writeEndArray();
    json.writeBooleanField("is_greedy", results.stream().allMatch(ScoreResult::greedy));
    json.writeBooleanField("truncated", line.truncated());
    if (routing) {
      experts(results.stream().map(ScoreResult::experts).filter(Objects::nonNull).toList(), json);
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
