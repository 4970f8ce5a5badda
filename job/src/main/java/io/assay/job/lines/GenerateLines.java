package io.assay.job.lines;

import com.fasterxml.jackson.core.JsonGenerator;
import io.assay.engine.Engine;
import io.assay.engine.generate.GenerateResult;
import io.assay.job.answer.ChatPrompts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

/** {@code assay generate}: continuations of prompts, in the order of the lines. */
public final class GenerateLines {
  private final GenerateAnswers answers;
  private final int vocabSize;
  private final boolean reasoning;
  private final LineTally tally = new LineTally();

  /**
   * @param options for every line
   * @param chat how messages become prompts
   */
  public GenerateLines(Engine engine, GenerateOptions options, ChatPrompts chat) {
    this.answers = new GenerateAnswers(engine, options, chat);
    this.vocabSize = engine.config().vocabSize();
    this.reasoning = options.reasoning();
  }

  /** Answers every line; what is wrong with a line is in its {@code error} field. */
  public LineTally run(InputStream in, OutputStream out) throws IOException {
    LineParser parser = new LineParser(vocabSize);
    try (JsonGenerator json = JsonLines.generator(out)) {
      LineBatches.each(new LineReader(in), parser::generate, lines -> answer(lines, json));
    }
    return tally;
  }

  private void answer(List<InputLine> lines, JsonGenerator json) throws IOException {
    GenerateAnswers.Batch batch = answers.of(lines);
    tally.add(batch.stats());
    for (GenerateAnswers.Answer answer : batch.answers()) {
      write(answer, json);
    }
    json.flush();
  }

  private void write(GenerateAnswers.Answer answer, JsonGenerator json) throws IOException {
    tally.line(answer.error());
    json.writeStartObject();
    json.writeFieldName("id");
    json.writeTree(answer.id());
    if (answer.error() == null) {
      GenerateResult result = answer.result();
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
    json.writeBooleanField("truncated", answer.truncated());
    json.writeStringField("error", answer.error());
    JsonLines.endLine(json);
  }
}
