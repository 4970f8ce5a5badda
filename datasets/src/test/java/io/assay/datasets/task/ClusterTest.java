package io.assay.datasets.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.datasets.BadRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code metadata.cluster}: which documents belong together. */
class ClusterTest {
  @TempDir private Path folder;

  private final List<BadRecord> failures = new ArrayList<>();

  private List<TaskItem> items(String metadata) throws IOException {
    Files.writeString(
        folder.resolve("test.jsonl"),
        """
        {"passage": 7, "q": "one", "a": "x"}
        {"passage": 7, "q": "two", "a": "y"}
        {"q": "three", "a": "z"}
        """);
    Files.writeString(
        folder.resolve("t.yaml"),
        """
        task: t
        dataset_path: json
        dataset_kwargs: {data_files: {test: test.jsonl}}
        test_split: test
        output_type: loglikelihood
        doc_to_text: q
        doc_to_target: a
        metadata: %s
        """
            .formatted(metadata));
    return TaskLoader.load(
            new TaskLoader.Selection(
                List.of(folder.resolve("t.yaml")), List.of("t"), null, null, "by_id"))
        .getFirst()
        .items(-1, failures::add)
        .toList();
  }

  @Test
  void theNamedColumnTellsTheCluster() throws IOException {
    assertThat(items("{version: 1, cluster: passage}"))
        .extracting(TaskItem::cluster)
        .containsExactly("7", "7");
    assertThat(failures)
        .extracting(BadRecord::message)
        .containsExactly(
            "metadata.cluster names the column 'passage', the document has none; correct the data");
  }

  @Test
  void documentsStandAloneWithoutIt() throws IOException {
    assertThat(items("{version: 1}")).extracting(TaskItem::cluster).containsOnlyNulls().hasSize(3);
    assertThat(failures).isEmpty();
  }
}
