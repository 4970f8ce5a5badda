package io.assay.job.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {
  @TempDir private Path folder;

  @Test
  void eachSliceIsTakenFromOneCompleteFile() throws IOException {
    Path answers = Files.createDirectories(folder.resolve("answers"));
    for (String name :
        new String[] {
          WorkFolder.name(0, 2, "b"),
          WorkFolder.name(0, 2, "a"),
          WorkFolder.name(2, 4, "0"),
          "_3f2b",
          "slices-00000009-00000009-x.parquet.crc",
          "slices-9-.parquet"
        }) {
      Files.createFile(answers.resolve(name));
    }
    WorkFolder work =
        new WorkFolder(new org.apache.hadoop.fs.Path(folder.toString()), new Configuration());
    var answered = work.answered();
    assertThat(answered.keySet()).containsExactly(0, 1, 2, 3, 4);
    assertThat(answered.get(2).file()).endsWith(WorkFolder.name(0, 2, "a"));
    assertThat(answered.get(3).file()).endsWith(WorkFolder.name(2, 4, "0"));
    work.clear();
    assertThat(work.answered()).isEmpty();
  }
}
