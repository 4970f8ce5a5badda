package io.assay.job.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedTest {
  private static final SliceContent CONTENT =
      new SliceContent(
          3,
          1024,
          new ArrayList<>(
              List.of(
                  new AskedDocument(
                      "文 \ud800", null, new CorpusDocument("文", "d", 2, 3), "q", List.of()))),
          new ArrayList<>(List.of(new Failed("f.jsonl", "7", "NOT_UTF8", "not UTF-8"))));

  @Test
  void comesBack() throws IOException {
    assertThat(Packed.read(Packed.of(CONTENT), SliceContent.class)).isEqualTo(CONTENT);
  }

  @Test
  void everyChangedByteIsNoticed() {
    byte[] packed = Packed.of(CONTENT);
    Random random = new Random(5);
    for (int i = 0; i < packed.length; i++) {
      byte[] changed = packed.clone();
      changed[i] ^= (byte) (1 + random.nextInt(255));
      assertThatThrownBy(() -> Packed.read(changed, SliceContent.class))
          .isInstanceOf(IOException.class);
    }
    for (int length = 0; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      assertThatThrownBy(() -> Packed.read(cut, SliceContent.class))
          .isInstanceOf(IOException.class);
    }
  }
}
