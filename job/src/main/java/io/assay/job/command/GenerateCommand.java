package io.assay.job.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.eval.request.GenerationParameters;
import io.assay.job.Assay;
import io.assay.job.UsageException;
import io.assay.job.answer.ChatPrompts;
import io.assay.job.lines.GenerateLines;
import io.assay.job.lines.GenerateOptions;
import io.assay.job.lines.LineFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code assay generate}. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Continues prompts, without Spark.",
      "Prints one JSON line a prompt, in order: {\"id\", \"text\", \"tokens\", \"finish\","
          + " \"proposed\", \"accepted\", \"truncated\", \"error\"}; with --reasoning also"
          + " \"thinking\"."
    })
public final class GenerateCommand implements Callable<Integer> {
  @ParentCommand private Assay assay;

  @Option(names = "--model", required = true, paramLabel = "DIR", description = "Model folder.")
  private Path model;

  @ArgGroup(multiplicity = "1")
  private Source source;

  @Option(
      names = "--output",
      paramLabel = "F",
      description = "File that appears when it is complete (default: stdout).")
  private String output;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "64",
      description = "Most tokens of a continuation (default: ${DEFAULT-VALUE}).")
  private int maxNewTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0",
      description = "0 takes the likeliest token (default: ${DEFAULT-VALUE}).")
  private double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1",
      description = "Nucleus of sampling (default: ${DEFAULT-VALUE}).")
  private double topP;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Of sampling; each line draws from its own stream (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "Text at which a continuation ends; repeatable.")
  private List<String> stop = new ArrayList<>();

  @Option(
      names = "--speculative",
      description = "The model's MTP modules draft tokens; same text, fewer steps.")
  private boolean speculative;

  @Option(
      names = "--chat",
      description = "A prompt is a user's message, for the model's chat template.")
  private boolean chat;

  @Option(
      names = "--chat-variable",
      paramLabel = "NAME=VALUE",
      description = {
        "What else the chat template reads, JSON or text, such as enable_thinking=false;",
        "repeatable; a line's chat_template_kwargs win."
      })
  private Map<String, String> chatVariables = new LinkedHashMap<>();

  @Option(
      names = "--reasoning",
      description = {
        "What the model thinks in <think>...</think> goes to the field thinking;",
        "text and --stop see what follows it."
      })
  private boolean reasoning;

  /** One of both. */
  static final class Source {
    @Option(names = "--prompt", paramLabel = "TEXT", description = "The prompt.")
    private String prompt;

    @Option(
        names = "--input",
        paramLabel = "F.jsonl",
        description =
            "Lines {\"id\", \"prompt\"} or {\"id\", \"messages\"} in UTF-8; - reads stdin.")
    private String input;
  }

  @Override
  public Integer call() throws Exception {
    check();
    GenerationParameters parameters =
        new GenerationParameters(maxNewTokens, List.copyOf(stop), temperature, topP);
    EngineOptions options = assay.common().engineOptions();
    ChatPrompts prompts = new ChatPrompts(model, chat, variables());
    if (chat && !prompts.available()) {
      throw UsageException.commandLine("--chat: " + prompts.missing());
    }
    try (InputStream in = open();
        Engine engine = Engine.open(model, options)) {
      if (speculative && engine.config().mtpModules() == 0) {
        throw UsageException.commandLine(
            "--speculative needs a model with MTP modules, this one has none");
      }
      GenerateLines lines =
          new GenerateLines(
              engine, new GenerateOptions(parameters, seed, speculative, reasoning), prompts);
      LineFiles.write(output, out -> assay.common().console().line(lines.run(in, out).summary()));
    }
    return 0;
  }

  private void check() {
    if (maxNewTokens < 1) {
      throw UsageException.commandLine("--max-new-tokens is " + maxNewTokens + "; give at least 1");
    }
    if (!(temperature >= 0 && temperature <= 100)) {
      throw UsageException.commandLine(
          "--temperature is " + temperature + "; give a number from 0 to 100");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw UsageException.commandLine("--top-p is " + topP + "; give a number above 0, at most 1");
    }
    if (stop.contains("")) {
      throw UsageException.commandLine("--stop is empty and would end every text; give a text");
    }
  }

  /** JSON where it is JSON, else text. */
  private Map<String, Object> variables() {
    ObjectMapper json =
        JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    Map<String, Object> variables = new LinkedHashMap<>();
    chatVariables.forEach(
        (name, value) -> {
          try {
            variables.put(name, json.readValue(value, Object.class));
          } catch (JsonProcessingException e) {
            variables.put(name, value);
          }
        });
    return variables;
  }

  private InputStream open() throws IOException {
    if (source.prompt == null) {
      return LineFiles.open(source.input);
    }
    return new ByteArrayInputStream(
        new ObjectMapper().writeValueAsBytes(Map.of("id", "prompt", "prompt", source.prompt)));
  }
}
