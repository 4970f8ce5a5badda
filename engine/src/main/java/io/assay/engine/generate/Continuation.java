package io.assay.engine.generate;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.speculative.DraftStep;
import io.assay.engine.tokenizer.TextStream;
import io.assay.engine.tokenizer.Tokenizer;
import io.assay.engine.trace.ExpertCounts;
import io.assay.engine.trace.RoutingRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A request while it is being answered: its tokens so far and whether it has ended. */
final class Continuation {
  private final GenerateRequest request;
  private final ModelConfig config;
  private final Tokenizer tokenizer;
  private final int maxLength;
  private final int drafts;
  private final int[] proposed;
  private final int[] accepted;
  private final List<DraftStep> steps = new ArrayList<>();
  private final ExpertCounts promptCounts;
  private final ExpertCounts generatedCounts;
  private final ExpertCounts mtpCounts;
  private final List<int[][][]> experts = new ArrayList<>();
  private final boolean skipSpecial;
  private final boolean promptThinks;
  private final TextWatch watch; // null if no stop text is asked for
  private int[] tokens;
  private int length;
  private int mainSteps;
  private Finish finish;
  private String text = "";
  private String thinking;

  /**
   * @param drafts tokens drafted a step, 0 without speculation
   */
  Continuation(
      GenerateRequest request, ModelConfig config, Tokenizer tokenizer, int maxLength, int drafts) {
    this.request = request;
    this.config = config;
    this.tokenizer = tokenizer;
    this.maxLength = maxLength;
    this.drafts = drafts;
    this.proposed = new int[drafts];
    this.accepted = new int[drafts];
    this.tokens = Arrays.copyOf(request.prompt(), request.prompt().length + 16);
    this.length = request.prompt().length;
    this.promptCounts = RoutingRecord.none(config.totalLayers());
    this.generatedCounts = RoutingRecord.none(config.totalLayers());
    this.mtpCounts = RoutingRecord.none(config.totalLayers());
    this.skipSpecial = !request.reasoning() || !Reasoning.marksAreSpecial(tokenizer);
    this.promptThinks = request.reasoning() && Reasoning.opens(tokenizer, request.prompt());
    List<String> stops = request.stop().stream().filter(s -> !s.isEmpty()).toList();
    this.watch =
        stops.isEmpty()
            ? null
            : new TextWatch(
                new TextStream(tokenizer, skipSpecial), stops, request.reasoning(), promptThinks);
  }

  GenerateRequest request() {
    return request;
  }

  /** Drafts a step, 0 without speculation. */
  int drafts() {
    return drafts;
  }

  /** Prompt and emitted tokens. */
  int length() {
    return length;
  }

  int[] tokens() {
    return Arrays.copyOf(tokens, length);
  }

  int lastToken() {
    return tokens[length - 1];
  }

  int emitted() {
    return length - request.prompt().length;
  }

  boolean finished() {
    return finish != null;
  }

  /** Counts where the prompt's tokens were sent. */
  void countPrompt(RoutingRecord routing, int[] rows) {
    count(routing, rows, rows.length, promptCounts);
  }

  /** Counts where the first {@code used} of these rows, tokens fed back, were sent. */
  void countGenerated(RoutingRecord routing, int[] rows, int used) {
    count(routing, rows, used, generatedCounts);
  }

  private void count(RoutingRecord routing, int[] rows, int used, ExpertCounts counts) {
    if (config.ffn().routing() != null) {
      routing.addTo(counts, rows, 0, used, config.ffn().routing());
      if (request.experts()) {
        experts.add(routing.ids(Arrays.copyOf(rows, used)));
      }
    }
  }

  /** Where the positions of this text were sent in the MTP modules. */
  ExpertCounts mtpCounts() {
    return mtpCounts;
  }

  /** The stretches' ids one after the other. */
  private int[][][] joinedExperts() {
    int[][][] joined = new int[config.totalLayers()][][];
    for (int l = 0; l < joined.length; l++) {
      int layer = l;
      if (!experts.isEmpty() && experts.getFirst()[l] != null) {
        joined[l] =
            experts.stream().flatMap(ids -> Arrays.stream(ids[layer])).toArray(int[][]::new);
      }
    }
    return joined;
  }

  /** Takes the main model's tokens one by one until the text ends; the rest is dropped. */
  void emit(List<Integer> next) {
    for (int token : next) {
      if (finish != null) {
        return;
      }
      if (length == tokens.length) {
        tokens = Arrays.copyOf(tokens, length * 2);
      }
      tokens[length++] = token;
      finish = finishAfter(token);
    }
  }

  private Finish finishAfter(int token) {
    if (!request.ignoreEos() && config.eosTokenIds().contains(token)) {
      take(length - 1);
      return Finish.EOS;
    }
    // The watch sees the text through a window; the whole text decides.
    if (watch != null && watch.add(token) && take(length)) {
      return Finish.STOP;
    }
    if (emitted() >= request.maxNewTokens() || length >= maxLength) {
      take(length);
      return Finish.LENGTH;
    }
    return null;
  }

  /** Sets the text to that of the tokens before {@code end}; true if a stop text cut it. */
  private boolean take(int end) {
    int[] emitted = Arrays.copyOfRange(tokens, request.prompt().length, end);
    String whole = tokenizer.decode(emitted, skipSpecial);
    Reasoning parts =
        request.reasoning() ? Reasoning.split(whole, promptThinks) : new Reasoning(null, whole);
    thinking = parts.thinking();
    text = Stops.cut(parts.answer(), request.stop());
    return text.length() < parts.answer().length();
  }

  void countMainStep() {
    mainSteps++;
  }

  void record(DraftStep step) {
    steps.add(step);
    for (int d = 0; d < step.drafts().size(); d++) {
      proposed[d]++;
      if (d < step.accepted()) {
        accepted[d]++;
      }
    }
  }

  GenerateResult result() {
    return new GenerateResult(
        request.id(),
        text,
        thinking,
        Arrays.copyOfRange(tokens, request.prompt().length, length),
        finish,
        proposed,
        accepted,
        mainSteps,
        List.copyOf(steps),
        promptCounts,
        generatedCounts,
        mtpCounts,
        request.experts() && config.ffn().routing() != null ? joinedExperts() : null);
  }
}
