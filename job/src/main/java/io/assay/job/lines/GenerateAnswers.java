package io.assay.job.lines;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.engine.Engine;
import io.assay.engine.WorkListener;
import io.assay.engine.WorkStats;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.eval.request.Encoding;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.RejectedRequest;
import io.assay.eval.request.RequestFactory;
import io.assay.job.answer.ChatPrompts;
import io.assay.job.answer.Encodings;
import io.assay.job.answer.Outcome;
import io.assay.job.answer.SplitRetry;
import java.util.ArrayList;
import java.util.List;

/** Continues prompts and conversations: what {@code assay generate} answers, in any form. */
public final class GenerateAnswers {
  private final Engine engine;
  private final RequestFactory factory;
  private final RequestFactory chatFactory;
  private final GenerateOptions options;
  private final ChatPrompts chat;

  /**
   * What became of a line.
   *
   * @param id the line's
   * @param result null if there is an error
   * @param truncated whether the beginning of the prompt was cut
   * @param error code and reason, null if nothing went wrong
   */
  public record Answer(JsonNode id, GenerateResult result, boolean truncated, String error) {}

  /**
   * Lines answered together.
   *
   * @param answers one for each line, in their order
   * @param stats what they cost
   */
  public record Batch(List<Answer> answers, WorkStats stats) {}

  /**
   * @param options for every prompt
   * @param chat how messages become prompts
   */
  public GenerateAnswers(Engine engine, GenerateOptions options, ChatPrompts chat) {
    this.engine = engine;
    this.factory = factory(engine, Encodings.of(engine, null), options);
    // A chat template writes every special token itself, as transformers has it.
    this.chatFactory = factory(engine, Encodings.of(engine, false), options);
    this.options = options;
    this.chat = chat;
  }

  private static RequestFactory factory(Engine engine, Encoding encoding, GenerateOptions options) {
    return new RequestFactory(
        encoding, LineRequests.NO_FINGERPRINT, engine.numerics(), options.defaults());
  }

  /** Answers every line; what is wrong with one stays with it. */
  public Batch of(List<InputLine> lines) {
    List<Asked> asked = lines.stream().map(this::ask).toList();
    List<GenerateRequest> requests = new ArrayList<>();
    for (Asked line : asked) {
      line.requests().forEach(request -> requests.add(request(request)));
    }
    var answered = SplitRetry.answer(requests, batch -> engine.generate(batch, WorkListener.NONE));
    List<Answer> answers = new ArrayList<>();
    int next = 0;
    for (Asked line : asked) {
      Outcome<GenerateResult> outcome =
          line.requests().isEmpty() ? null : answered.outcomes().get(next++);
      answers.add(answer(line, outcome));
    }
    return new Batch(answers, answered.stats());
  }

  private static Answer answer(Asked line, Outcome<GenerateResult> outcome) {
    String error = line.error();
    if (outcome != null && !outcome.succeeded()) {
      error = outcome.code() + ": " + outcome.message();
    }
    return new Answer(line.id(), error == null ? outcome.result() : null, line.truncated(), error);
  }

  private Asked ask(InputLine line) {
    return switch (line) {
      case InputLine.Prompt prompt ->
          chat.forPrompts()
              ? ask(prompt, chat.render(prompt.prompt()))
              : ask(factory, prompt, prompt.prompt());
      case InputLine.Chat messages ->
          ask(messages, chat.render(messages.messages(), messages.variables()));
      case InputLine.Bad bad -> Asked.failed(bad.id(), bad.code(), bad.message());
      case InputLine.Pair other -> throw unexpected(other);
      case InputLine.Rolling other -> throw unexpected(other);
      case InputLine.Tokens other -> throw unexpected(other);
    };
  }

  private Asked ask(InputLine line, ChatPrompts.Rendered rendered) {
    return rendered.prompt() == null
        ? Asked.failed(line.id(), rendered.code(), rendered.message())
        : ask(chatFactory, line, rendered.prompt());
  }

  private Asked ask(RequestFactory requests, InputLine line, String prompt) {
    List<RejectedRequest> rejections = new ArrayList<>();
    List<EvalRequest> asked =
        requests.generate(
            "generate", "", line.id().asText(), prompt, options.parameters(), 1, rejections::add);
    return Asked.of(line.id(), asked, rejections);
  }

  private GenerateRequest request(EvalRequest request) {
    return new GenerateRequest(
        request.requestId(),
        request.tokens(),
        request.maxNewTokens(),
        request.stop(),
        request.temperature(),
        request.topP(),
        request.seed(),
        options.speculative(),
        /* ignoreEos= */ false,
        options.reasoning());
  }

  private static IllegalStateException unexpected(InputLine line) {
    return new IllegalStateException("a line to score among prompts: " + line.id());
  }
}
