package io.assay.job.lines;

import com.fasterxml.jackson.core.JsonGenerator;
import io.assay.engine.Engine;
import io.assay.engine.WorkListener;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.eval.request.Encoding;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.GenerationDefaults;
import io.assay.eval.request.GenerationParameters;
import io.assay.eval.request.RejectedRequest;
import io.assay.eval.request.RequestFactory;
import io.assay.job.answer.ChatPrompts;
import io.assay.job.answer.Encodings;
import io.assay.job.answer.Outcome;
import io.assay.job.answer.SplitRetry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code assay generate}: continuations of prompts, in the order of the lines. */
public final class GenerateLines {
  private final Engine engine;
  private final RequestFactory factory;
  private final RequestFactory chatFactory;
  private final GenerationParameters parameters;
  private final boolean speculative;
  private final boolean reasoning;
  private final ChatPrompts chat;
  private final LineTally tally = new LineTally();

  /**
   * @param parameters for every line
   * @param seed of sampling; each line's own stream comes from it and the line's id
   * @param speculative whether the model's MTP modules draft
   * @param reasoning whether {@code <think>...</think>} is split off the text
   * @param chat how messages become prompts
   */
  public GenerateLines(
      Engine engine,
      GenerationParameters parameters,
      long seed,
      boolean speculative,
      boolean reasoning,
      ChatPrompts chat) {
    this.engine = engine;
    this.factory = factory(engine, Encodings.of(engine, null), parameters, seed, reasoning);
    // A chat template writes every special token itself, as transformers has it.
    this.chatFactory = factory(engine, Encodings.of(engine, false), parameters, seed, reasoning);
    this.parameters = parameters;
    this.speculative = speculative;
    this.reasoning = reasoning;
    this.chat = chat;
  }

  private static RequestFactory factory(
      Engine engine,
      Encoding encoding,
      GenerationParameters parameters,
      long seed,
      boolean reasoning) {
    return new RequestFactory(
        encoding,
        engine.fingerprint(),
        engine.numerics(),
        new GenerationDefaults(parameters.maxNewTokens(), seed, reasoning));
  }

  /** Answers every line; what is wrong with a line is in its {@code error} field. */
  public LineTally run(InputStream in, OutputStream out) throws IOException {
    LineParser parser = new LineParser(engine.config().vocabSize());
    try (JsonGenerator json = JsonLines.generator(out)) {
      LineBatches.each(new LineReader(in), parser::generate, lines -> answer(lines, json));
    }
    return tally;
  }

  private void answer(List<InputLine> lines, JsonGenerator json) throws IOException {
    List<Asked> asked = lines.stream().map(this::ask).toList();
    List<GenerateRequest> requests = new ArrayList<>();
    for (Asked line : asked) {
      line.requests().forEach(request -> requests.add(request(request)));
    }
    var answered = SplitRetry.answer(requests, batch -> engine.generate(batch, WorkListener.NONE));
    tally.add(answered.stats());
    int next = 0;
    for (Asked line : asked) {
      Outcome<GenerateResult> outcome =
          line.requests().isEmpty() ? null : answered.outcomes().get(next++);
      write(line, outcome, json);
    }
    json.flush();
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
            "generate", "", line.id().asText(), prompt, parameters, 1, rejections::add);
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
        speculative,
        /* ignoreEos= */ false,
        reasoning);
  }

  private void write(Asked line, Outcome<GenerateResult> outcome, JsonGenerator json)
      throws IOException {
    String error = line.error();
    if (outcome != null && !outcome.succeeded()) {
      error = outcome.code() + ": " + outcome.message();
    }
    tally.line(error);
    json.writeStartObject();
    json.writeFieldName("id");
    json.writeTree(line.id());
    if (error == null) {
      GenerateResult result = outcome.result();
      json.writeStringField("text", result.text());
      if (reasoning) {
        json.writeStringField("thinking", result.thinking());
      }
      json.writeFieldName("tokens");
      json.writeArray(result.tokens(), 0, result.tokens().length);
      json.writeStringField("finish", result.finish().label());
      json.writeNumberField("proposed", Arrays.stream(result.proposed()).sum());
      json.writeNumberField("accepted", Arrays.stream(result.accepted()).sum());
    } else {
      json.writeNullField("text");
      if (reasoning) {
        json.writeNullField("thinking");
      }
      for (String field : List.of("tokens", "finish", "proposed", "accepted")) {
        json.writeNullField(field);
      }
    }
    json.writeBooleanField("truncated", line.truncated());
    json.writeStringField("error", error);
    JsonLines.endLine(json);
  }

  private static IllegalStateException unexpected(InputLine line) {
    return new IllegalStateException("a line to score among prompts: " + line.id());
  }
}
