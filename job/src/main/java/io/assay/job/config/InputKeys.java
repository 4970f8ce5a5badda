package io.assay.job.config;

import static io.assay.job.config.ConfigKey.key;
import static io.assay.job.config.ConfigKey.required;
import static io.assay.job.config.ConfigType.choice;
import static io.assay.job.config.ConfigType.flag;
import static io.assay.job.config.ConfigType.mappings;
import static io.assay.job.config.ConfigType.number;
import static io.assay.job.config.ConfigType.text;
import static io.assay.job.config.ConfigType.texts;
import static io.assay.job.config.ConfigType.whole;

import java.util.List;

/** Keys of the sections {@code tasks}, {@code corpora} and {@code prompts}. */
final class InputKeys {
  private static final ConfigType FORMAT =
      choice("auto", "jsonl", "json", "csv", "tsv", "text", "parquet", "document");

  static final List<ConfigKey> ALL =
      List.of(
          key(
              "tasks.paths",
              texts(),
              "[]",
              "task files, or folders of them, on every node at the same place or as URIs that "
                  + "Hadoop reaches"),
          key("tasks.names", texts(), "[\"*\"]", "tasks, groups, tags, or globs of these"),
          key(
              "tasks.data",
              text(),
              "null",
              "folder of the tasks' data files; a relative path is looked for here first, then "
                  + "beside the task file, then one folder up"),
          key(
              "tasks.num_fewshot",
              whole(0),
              "null",
              "examples in front of each document; null is the task's own number"),
          key("tasks.limit", whole(0), "null", "most documents a task; null is all"),
          key(
              "tasks.fewshot",
              choice("by_id", "harness"),
              "by_id",
              "`by_id` picks a document's examples by its id; `harness` draws them as "
                  + "lm-evaluation-harness does"),
          key("tasks.apply_chat_template", flag(), "false", "prompts are conversations"),
          key(
              "tasks.fewshot_as_multiturn",
              flag(),
              "null",
              "examples are turns of their own; null is as `apply_chat_template`"),
          key("tasks.system_instruction", text(), "null", "stands before every task's description"),
          key("corpora", mappings(), "[]", "texts for perplexity and expert statistics"),
          required("corpora[].name", text(), "value of the column `corpus`; unique"),
          required(
              "corpora[].path", text(), "file, folder, glob or URI, see [Data files](#data-files)"),
          key(
              "corpora[].format",
              FORMAT,
              "auto",
              "`auto` goes by the file's name; `document` is a file each"),
          key("corpora[].text", text(), "text", "field of the text"),
          key(
              "corpora[].domain",
              text(),
              "null",
              "field of the domain; null: the corpus is one domain"),
          key(
              "corpora[].id",
              text(),
              "null",
              "field of the document's id; null: its place in the file"),
          key(
              "corpora[].records",
              texts(),
              "null",
              "keys that lead to the records of a nested JSON file; also one text with dots"),
          key("corpora[].delimiter", text(), "null", "separator of CSV, one character"),
          key("corpora[].columns", texts(), "null", "column names of a file without a header"),
          key(
              "prompts",
              mappings(),
              "[]",
              "texts to be continued or answered, without being judged, see [Batch "
                  + "inference](#batch-inference)"),
          key(
              "prompts[].name",
              text(),
              "null",
              "`prompts:<name>` in the column `task`; null is the file's name"),
          required("prompts[].path", text(), "as of corpora"),
          key("prompts[].format", FORMAT, "auto", "as of corpora"),
          key("prompts[].records", texts(), "null", "as of corpora"),
          key("prompts[].delimiter", text(), "null", "as of corpora"),
          key("prompts[].columns", texts(), "null", "as of corpora"),
          key(
              "prompts[].prompt",
              text(),
              "null",
              "field of the prompt, or a template; this or `messages`"),
          key(
              "prompts[].messages",
              text(),
              "null",
              "field with a conversation, a list of `{role, content}`"),
          key("prompts[].id", text(), "null", "field of the row's id; null: its place in the file"),
          key("prompts[].chat", flag(), "false", "a prompt is a user's message"),
          key("prompts[].max_new_tokens", whole(1), "null", "null is `generation.max_new_tokens`"),
          key("prompts[].temperature", number(0, 100), "null", "null is `generation.temperature`"),
          key("prompts[].top_p", ConfigType.FRACTION, "null", "null is `generation.top_p`"),
          key("prompts[].seed", whole(0), "null", "null is `generation.seed`"),
          key("prompts[].stop", texts(), "[]", "texts at which a text ends"),
          key("prompts[].repeats", whole(1), "1", "texts a prompt"));

  private InputKeys() {}
}
