package io.assay.engine.verify;

import io.assay.engine.Engine;
import io.assay.engine.WorkListener;
import io.assay.engine.generate.Finish;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.engine.speculative.DraftStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code greedy.json} and {@code speculative.json}: continuations, and the steps speculative
 * decoding takes to them. All prompts of a file are asked in one batch.
 */
final class GenerationVerifier {
  private GenerationVerifier() {}

  /** Plain greedy decoding. */
  static List<Check> greedy(Engine engine, GoldenJson file) {
    int vocabulary = engine.config().vocabSize();
    List<GoldenJson> items = file.list();
    List<GenerateRequest> requests = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      GoldenJson item = items.get(i);
      int length = item.get("continuation").ids(vocabulary).length;
      int most = item.optional("max_new_tokens").map(GoldenJson::count).orElse(length);
      if (length == 0 || length > most) {
        throw item.invalid("has " + length + " tokens of continuation, max_new_tokens is " + most);
      }
      // One more than expected shows an end that was missed; the file must not ask for any more.
      requests.add(request(i, prompt(item, vocabulary), Math.min(most, length + 1), false));
    }
    List<GenerateResult> results = engine.generate(requests, WorkListener.NONE).results();
    Tolerances tolerances = new Tolerances(engine.precision());
    Comparison tokens = tolerances.text("greedy tokens", GoldenCase.GREEDY);
    Comparison ends = tolerances.choices("greedy ends", GoldenCase.GREEDY);
    boolean flagged = false;
    for (int i = 0; i < items.size(); i++) {
      GoldenJson item = items.get(i);
      GenerateResult found = results.get(i);
      String place = "prompt " + i;
      tokens.equal(found.tokens(), item.get("continuation").ids(vocabulary), () -> place);
      if (item.has("stopped_at_eos")) {
        flagged = true;
        ends.equal(found.finish() == Finish.EOS, item.get("stopped_at_eos").flag(), () -> place);
      }
    }
    return flagged ? List.of(tokens.check(), ends.check()) : List.of(tokens.check());
  }

  /** Greedy decoding with the MTP modules' drafts: same tokens, exactly these steps. */
  static List<Check> speculative(Engine engine, GoldenJson file) {
    int vocabulary = engine.config().vocabSize();
    List<GoldenJson> items = file.list();
    List<GenerateRequest> requests = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      int[] continuation = items.get(i).get("continuation").ids(vocabulary);
      if (continuation.length == 0) {
        throw items.get(i).invalid("has no continuation");
      }
      requests.add(request(i, prompt(items.get(i), vocabulary), continuation.length, true));
    }
    List<GenerateResult> results = engine.generate(requests, WorkListener.NONE).results();
    if (new Tolerances(engine.precision()).rounded()) {
      return lossless(engine, requests, results);
    }
    Comparison tokens = new Comparison("speculative tokens", GoldenCase.SPECULATIVE, 0);
    Comparison steps = new Comparison("speculative steps", GoldenCase.SPECULATIVE, 0);
    Comparison totals = new Comparison("speculative totals", GoldenCase.SPECULATIVE, 0);
    for (int i = 0; i < items.size(); i++) {
      GoldenJson item = items.get(i);
      GenerateResult found = results.get(i);
      String place = "prompt " + i;
      tokens.equal(found.tokens(), item.get("continuation").ids(vocabulary), () -> place);
      if (item.has("first_token") && found.tokens().length > 0) {
        tokens.equal(
            found.tokens()[0], item.get("first_token").count(), () -> place + " first token");
      }
      steps(steps, found, item, place, vocabulary);
      if (item.has("drafted")) {
        int proposed = Arrays.stream(found.proposed()).sum();
        totals.equal(proposed, item.get("drafted").count(), () -> place + " drafted");
      }
      if (item.has("accepted")) {
        int accepted = Arrays.stream(found.accepted()).sum();
        totals.equal(accepted, item.get("accepted").count(), () -> place + " accepted");
      }
    }
    return List.of(tokens.check(), steps.check(), totals.check());
  }

  /**
   * Where the text may differ from the golden one so may its steps; but it has to be the text that
   * plain decoding gives.
   */
  private static List<Check> lossless(
      Engine engine, List<GenerateRequest> requests, List<GenerateResult> drafted) {
    List<GenerateRequest> plain = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      plain.add(request(i, requests.get(i).prompt(), requests.get(i).maxNewTokens(), false));
    }
    List<GenerateResult> results = engine.generate(plain, WorkListener.NONE).results();
    Comparison tokens = new Comparison("speculative = plain", GoldenCase.SPECULATIVE, 0);
    for (int i = 0; i < results.size(); i++) {
      String place = "prompt " + i;
      tokens.equal(drafted.get(i).tokens(), results.get(i).tokens(), () -> place);
    }
    return List.of(
        tokens.check(),
        Check.skipped(
            "speculative steps",
            GoldenCase.SPECULATIVE,
            "not compared at bf16, whose texts may differ from the golden ones"));
  }

  private static void steps(
      Comparison steps, GenerateResult found, GoldenJson item, String place, int vocabulary) {
    List<GoldenJson> expected = item.get("steps").list();
    int[] prompt = prompt(item, vocabulary);
    steps.equal(found.steps().size(), expected.size(), () -> place + " number of steps");
    for (int s = 0; s < Math.min(found.steps().size(), expected.size()); s++) {
      GoldenJson wanted = expected.get(s);
      DraftStep step = found.steps().get(s);
      String at = place + " step " + s;
      int prefix = wanted.get("prefix_len").count();
      steps.equal(step.prefixLength(), prefix, () -> at + " prefix_len");
      steps.equal(ids(step.drafts()), wanted.get("drafts").ids(vocabulary), () -> at + " drafts");
      steps.equal(step.accepted(), wanted.get("accepted").count(), () -> at + " accepted");
      steps.equal(
          ids(step.emitted()), wanted.get("emitted").ids(vocabulary), () -> at + " emitted");
      int index = step.prefixLength() - 1 - prompt.length;
      if (wanted.has("last_token") && index >= 0 && index < found.tokens().length) {
        steps.equal(
            found.tokens()[index], wanted.get("last_token").count(), () -> at + " last_token");
      }
    }
  }

  private static int[] prompt(GoldenJson item, int vocabulary) {
    int[] prompt = item.get("prompt").ids(vocabulary);
    if (prompt.length == 0) {
      throw item.invalid("has an empty prompt");
    }
    return prompt;
  }

  private static GenerateRequest request(int i, int[] prompt, int count, boolean speculative) {
    return new GenerateRequest(
        "prompt " + i, prompt, count, List.of(), 0, 1, 0, speculative, false);
  }

  private static int[] ids(List<Integer> tokens) {
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }
}
