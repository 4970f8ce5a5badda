package io.assay.tests.cluster;

import io.assay.tests.launcher.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A run file over some of the quickstart's documents and questions: perplexity, multiple choice and
 * generation.
 */
final class SmallQuickstart {
  private static final List<String> DOMAINS = List.of("arithmetic", "chinese", "stories");

  private SmallQuickstart() {}

  /**
   * Writes the run file, with absolute paths.
   *
   * @param folder where it is written and the run's folder {@code results} will be
   * @param documents of each of three domains
   * @param questions of each of two tasks
   */
  static Path write(Path folder, int documents, int questions) throws IOException {
    Path quickstart = Project.root().resolve("datasets/quickstart");
    List<String> texts = new ArrayList<>();
    for (String domain : DOMAINS) {
      Path corpus = quickstart.resolve("corpora/" + domain + ".jsonl");
      texts.addAll(Files.readAllLines(corpus).subList(0, documents));
    }
    Files.write(folder.resolve("texts.jsonl"), texts);
    return Files.writeString(
        folder.resolve("run.yaml"),
        """
        run: {id: run, results: %1$s/results}
        model: {path: %2$s/model, max_length: 256}
        tasks: {paths: [%2$s/tasks], names: [qs_addition, qs_brackets], limit: %3$d}
        corpora: [{name: texts, path: %1$s/texts.jsonl, domain: domain, id: id}]
        generation: {max_new_tokens: 8}
        spark: {master: "local[2]"}
        store: {path: null}
        """
            .formatted(folder, quickstart, questions));
  }
}
