package io.assay.tests.benchmark;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Documents of a run with very many requests: half of them texts of a corpus, a request each, half
 * questions of tasks, a request for each of their four choices.
 *
 * @param requests about how many, at least {@link #STEP}
 */
record ScaleDocuments(long requests) {
  /** What the number of requests is rounded down to. */
  static final int STEP = 2 * ScaleDocuments.CHOICES;

  private static final int CHOICES = 4;
  private static final int MOST_TEXTS = 250_000;
  private static final int MOST_QUESTIONS = 25_000;
  private static final int DOMAINS = 8;
  private static final int LEAST_WORDS = 4;
  private static final int MORE_WORDS = 8;
  private static final String[] WORDS =
      ("the of and a to in is you that it he was for on are as with his they I at be this have from"
              + " or one had by word but not what all were we when your can said there use an each"
              + " which she do how their if")
          .split(" ");

  /** Texts of the corpus. */
  long texts() {
    return requests / STEP * CHOICES;
  }

  /** Questions of all tasks. */
  long questions() {
    return requests / STEP;
  }

  /** Requests there are. */
  long exactly() {
    return texts() + CHOICES * questions();
  }

  /** Files of the corpus, a glob in the folder they were written to. */
  static String corpus(Path folder) {
    return folder.resolve("texts") + "/*.jsonl";
  }

  static Path tasks(Path folder) {
    return folder.resolve("tasks");
  }

  /** Writes all files; the same for the same number. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("texts"));
    for (long first = 0; first < texts(); first += MOST_TEXTS) {
      Path file = folder.resolve("texts/%04d.jsonl".formatted(first / MOST_TEXTS));
      texts(file, first, Math.min(texts(), first + MOST_TEXTS));
    }
    Files.createDirectories(tasks(folder));
    for (long first = 0; first < questions(); first += MOST_QUESTIONS) {
      String name = "questions_%04d".formatted(first / MOST_QUESTIONS);
      Files.writeString(tasks(folder).resolve(name + ".yaml"), task(name));
      questions(
          tasks(folder).resolve(name + ".jsonl"),
          first,
          Math.min(questions(), first + MOST_QUESTIONS));
    }
  }

  private static void texts(Path file, long first, long end) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (long i = first; i < end; i++) {
        SplittableRandom random = new SplittableRandom(i);
        out.write(
            "{\"id\": \"text-%d\", \"domain\": \"domain %d\", \"text\": \"%s\"}\n"
                .formatted(i, i % DOMAINS, words(random, MORE_WORDS)));
      }
    }
  }

  private static void questions(Path file, long first, long end) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (long i = first; i < end; i++) {
        SplittableRandom random = new SplittableRandom(-1 - i);
        StringBuilder choices = new StringBuilder();
        for (int choice = 0; choice < CHOICES; choice++) {
          choices.append(choice == 0 ? "\"" : ", \"").append(words(random, 1)).append('"');
        }
        out.write(
            "{\"question\": \"%s\", \"choices\": [%s], \"label\": %d}\n"
                .formatted(words(random, MORE_WORDS), choices, random.nextInt(CHOICES)));
      }
    }
  }

  static String words(SplittableRandom random, int more) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(more) + (more == 1 ? 1 : LEAST_WORDS); i > 0; i--) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(i > 1 ? " " : "");
    }
    return text.toString();
  }

  private static String task(String name) {
    return """
        task: %1$s
        dataset_path: json
        dataset_kwargs: {data_files: {test: %1$s.jsonl}}
        test_split: test
        output_type: multiple_choice
        doc_to_text: "{{question}}"
        doc_to_target: label
        doc_to_choice: choices
        metric_list:
          - {metric: acc, aggregation: mean, higher_is_better: true}
          - {metric: acc_norm, aggregation: mean, higher_is_better: true}
        metadata: {version: 1.0}
        """
        .formatted(name);
  }
}
