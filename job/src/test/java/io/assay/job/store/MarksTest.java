package io.assay.job.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarksTest {
  @TempDir private Path folder;

  @Test
  void marksStandUntilTheyAreTakenAway() {
    Marks marks = new Marks(folder.resolve("marks").toString(), new Configuration());
    assertThat(marks.standing()).isEmpty();
    Marks.Mark first = marks.set("document-3-4");
    marks.set("document-3-4");
    marks.set("unit-1-9");
    assertThat(marks.standing())
        .containsExactlyInAnyOrder("document-3-4", "document-3-4", "unit-1-9");
    marks.clear(first);
    marks.clearAll("unit-");
    assertThat(marks.standing()).containsExactly("document-3-4");
  }
}
