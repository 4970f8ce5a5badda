package io.assay.job.config;

import io.assay.datasets.reader.Format;
import io.assay.datasets.reader.ReadOptions;
import io.assay.job.UsageException;
import io.assay.job.data.HadoopFiles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads {@code corpora} and {@code prompts}: the files of a run that belong to no task. */
final class InputsReader {
  private static final List<String> FORMATS =
      List.of("auto", "jsonl", "json", "csv", "tsv", "text", "parquet", "document");

  private final Places places;

  InputsReader(Places places) {
    this.places = places;
  }

  List<RunConfig.Corpus> corpora(Section root) {
    List<RunConfig.Corpus> corpora = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section section : root.sections("corpora")) {
      RunConfig.Corpus corpus =
          new RunConfig.Corpus(
              section.required("name"),
              data(section),
              section.text("text", "text"),
              section.text("domain", null),
              section.text("id", null));
      section.finish();
      if (!names.add(corpus.name())) {
        throw UsageException.config(
            section.at("name"), "another corpus is called " + corpus.name() + "; names are unique");
      }
      corpora.add(corpus);
    }
    return List.copyOf(corpora);
  }

  /**
   * @param defaults of the whole run
   */
  List<RunConfig.Prompts> prompts(Section root, RunConfig.Generation defaults) {
    List<RunConfig.Prompts> all = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section section : root.sections("prompts")) {
      String given = section.text("name", null);
      if (given != null && !names.add(given)) {
        throw UsageException.config(
            section.at("name"), "other prompts are called " + given + "; names are unique");
      }
      RunConfig.Data data = data(section);
      String name = given != null ? given : unused(stem(data.path()), names);
      all.add(prompts(section, name, data, defaults));
      section.finish();
    }
    return List.copyOf(all);
  }

  private static RunConfig.Prompts prompts(
      Section section, String name, RunConfig.Data data, RunConfig.Generation defaults) {
    String prompt = section.text("prompt", null);
    String messages = section.text("messages", null);
    if ((prompt == null) == (messages == null)) {
      throw UsageException.config(
          section.at("prompt"),
          "give either prompt (a field, or a template such as \"Q: {{question}}\") or messages (a"
              + " field with a list of {role, content})");
    }
    boolean chat = section.flag("chat", false);
    if (chat && messages != null) {
      throw UsageException.config(
          section.at("chat"), "messages are a conversation already; leave it out");
    }
    List<String> stop = section.texts("stop", List.of());
    if (stop.contains("")) {
      throw UsageException.config(
          section.at("stop"), "an empty text would end every answer; leave it out");
    }
    return new RunConfig.Prompts(
        section.at(prompt == null ? "messages" : "prompt"),
        name,
        data,
        prompt,
        messages,
        section.text("id", null),
        chat,
        section.whole("max_new_tokens", defaults.maxNewTokens(), 1),
        section.number("temperature", defaults.temperature(), 0, 100),
        topP(section, defaults.topP()),
        section.whole("seed", defaults.seed(), 0),
        stop,
        section.whole("repeats", 1, 1));
  }

  /** The key {@code top_p}, which is above 0. */
  static double topP(Section section, double otherwise) {
    double topP = section.number("top_p", otherwise, 0, 1);
    if (topP == 0) {
      throw UsageException.config(
          section.at("top_p"), "found 0, expected a number above 0, at most 1");
    }
    return topP;
  }

  private RunConfig.Data data(Section section) {
    String given = section.required("path");
    String path = HadoopFiles.isUri(given) ? given : places.findPattern(given, section.at("path"));
    ReadOptions options =
        new ReadOptions(
            Format.named(section.choice("format", "auto", FORMATS)),
            delimiter(section),
            section.raw("columns") == null ? null : section.texts("columns", List.of()),
            records(section));
    return new RunConfig.Data(path, options);
  }

  private static Character delimiter(Section section) {
    String text = section.text("delimiter", null);
    if (text == null) {
      return null;
    }
    if (text.length() != 1 || "\"\r\n".contains(text)) {
      throw section.wrong("delimiter", "one character", text);
    }
    return text.charAt(0);
  }

  /** Keys joined by dots, or a list of keys. */
  private static List<String> records(Section section) {
    return section.raw("records") instanceof String text
        ? List.of(text.split("\\.", -1))
        : section.texts("records", List.of());
  }

  /** The name of a file or folder up to its first dot; of a glob, of what stands before it. */
  private static String stem(String path) {
    String last = "";
    for (String part : path.split("/", -1)) {
      if (part.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0)) {
        break;
      }
      last = part.isEmpty() ? last : part;
    }
    int dot = last.indexOf('.', 1);
    String stem = dot < 0 ? last : last.substring(0, dot);
    return stem.isEmpty() ? "prompts" : stem;
  }

  private static String unused(String stem, Set<String> names) {
    String name = stem;
    for (int i = 2; !names.add(name); i++) {
      name = stem + "-" + i;
    }
    return name;
  }
}
