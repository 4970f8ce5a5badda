package io.assay.job.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Serializable;
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
                      "文", null, new CorpusDocument("文", "d", 2, 3), "q", List.of()))),
          new ArrayList<>(List.of(new Failed("f.jsonl", "7", "NOT_UTF8", "not UTF-8"))));

  @Test
  void comesBack() throws IOException {
    assertThat(Packed.read(Packed.of(CONTENT))).isEqualTo(CONTENT);
  }

  @Test
  void everyChangedByteIsNoticed() {
    byte[] packed = Packed.of(CONTENT);
    Random random = new Random(5);
    for (int i = 0; i < packed.length; i++) {
      byte[] changed = packed.clone();
      changed[i] ^= (byte) (1 + random.nextInt(255));
      assertThatThrownBy(() -> Packed.read(changed)).isInstanceOf(IOException.class);
    }
    for (int length = 0; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      assertThatThrownBy(() -> Packed.read(cut)).isInstanceOf(IOException.class);
    }
  }

  /** Would do whatever its author liked if it were read. */
  private static final class Foreign implements Serializable {
    private static final long serialVersionUID = 1L;
    private final javax.security.auth.Subject loaded = new javax.security.auth.Subject();
  }

  @Test
  void onlyOwnTypesAreRead() {
    byte[] foreign = Packed.of(new Foreign());
    assertThatThrownBy(() -> Packed.read(foreign))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("REJECTED");
    assertThat(new Foreign().loaded).isNotNull();
  }
}
