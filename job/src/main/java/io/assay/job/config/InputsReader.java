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
              section.text("text"),
              section.text("domain"),
              section.text("id"));
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
      String given = section.text("name");
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
    String prompt = section.text("prompt");
    String messages = section.text("messages");
    if ((prompt == null) == (messages == null)) {
      throw UsageException.config(
          section.at("prompt"),
          "give either prompt (a field, or a template such as \"Q: {{question}}\") or messages (a"
              + " field with a list of {role, content})");
    }
    boolean chat = section.flag("chat");
    if (chat && messages != null) {
      throw UsageException.config(
          section.at("chat"), "messages are a conversation already; leave it out");
    }
    List<String> stop = section.texts("stop");
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
        section.text("id"),
        chat,
        section.whole("max_new_tokens", defaults.maxNewTokens()),
        section.number("temperature", defaults.temperature()),
        section.number("top_p", defaults.topP()),
        section.whole("seed", defaults.seed()),
        stop,
        section.whole("repeats"));
  }

  private RunConfig.Data data(Section section) {
    String given = section.required("path");
    String path = HadoopFiles.isUri(given) ? given : places.findPattern(given, section.at("path"));
    ReadOptions options =
        new ReadOptions(
            Format.named(section.choice("format")),
            delimiter(section),
            section.raw("columns") == null ? null : section.texts("columns"),
            records(section));
    return new RunConfig.Data(path, options);
  }

  private static Character delimiter(Section section) {
    String text = section.text("delimiter");
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
        : section.texts("records");
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
