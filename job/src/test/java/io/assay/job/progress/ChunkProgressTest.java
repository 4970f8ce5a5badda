package io.assay.job.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkProgressTest {
  private final List<Work> heard = new ArrayList<>();
  private final ChunkProgress chunk = new ChunkProgress(10, 100, heard::add);

  @Test
  void aSplitChunkCountsOnce() {
    chunk.report(4, 40, 30);
    // Asked again in halves.
    chunk.report(2, 20, 15);
    chunk.report(5, 50, 35);
    chunk.report(5, 50, 40);
    chunk.finish();

    assertThat(heard.stream().reduce(Work.NONE, Work::plus)).isEqualTo(new Work(10, 100, 40));
    assertThat(heard).allMatch(work -> work.requests() >= 0 && work.submitted() >= 0);
  }

  @Test
  void nothingIsHeardTwice() {
    chunk.report(10, 100, 60);
    chunk.finish();

    assertThat(heard).containsExactly(new Work(10, 100, 60));
  }

  @Test
  void noMoreIsDoneThanThereIs() {
    // Rows of drafts are computed on top of what was submitted.
    chunk.report(20, 130, 150);

    assertThat(heard).containsExactly(new Work(10, 100, 150));
  }
}
