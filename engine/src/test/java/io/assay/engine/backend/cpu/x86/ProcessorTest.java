package io.assay.engine.backend.cpu.x86;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Routines are there where the processor has what they need. Without this a misread flag is only a
 * slower machine, and the routine's own tests test nothing.
 */
class ProcessorTest {
  /** Linux writes some names with an underscore and some without. */
  private static boolean offers(String name) throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    Pattern flag = Pattern.compile("\\s" + name.replace("_", "_?") + "(\\s|$)");
    return Files.exists(info)
        && System.getProperty("os.arch").equals("amd64")
        && Files.readAllLines(info).stream()
            .anyMatch(line -> line.startsWith("flags") && flag.matcher(line).find());
  }

  @Test
  void routinesAreThereWhereTheProcessorHasWhatTheyNeed() throws IOException {
    boolean base =
        offers("avx512_f") && offers("avx512_bw") && offers("avx512_vl") && offers("avx512_dq");
    boolean bf16 = base && offers("avx512_bf16");
    boolean tables = base && offers("avx512_vbmi");
    System.out.printf("AVX-512 %b, with bf16 %b, with byte tables %b%n", base, bf16, tables);
    assertThat(Processor.lacksBase() == null).isEqualTo(base);
    assertThat(Processor.lacksBf16() == null).isEqualTo(bf16);
    assertThat(Processor.hasTables()).isEqualTo(tables);
    assertThat(E4m3DotRoutine.ifPossible() != null).isEqualTo(bf16 && tables);
  }
}
