package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.backend.Entropy;
import io.assay.engine.backend.tornado.kernel.Head;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The reduction of logits as plain Java, with ties within and between chunks. */
final class HeadTest {
  @ParameterizedTest
  @CsvSource({"1,1", "3,511", "2,512", "5,513", "2,1700"})
  void keepsTheLowestBestTokenAndTheSums(int rows, int vocabulary) {
    SplittableRandom random = new SplittableRandom(vocabulary);
    FloatArray logits = new FloatArray(rows * vocabulary);
    for (int i = 0; i < logits.getSize(); i++) {
      logits.set(i, random.nextInt(-40, 5) * 2f);
    }
    int chunks = Math.ceilDiv(vocabulary, Head.CHUNK);
    FloatArray chunkSums = new FloatArray(Head.SUMS * rows * chunks);
    IntArray chunkTokens = new IntArray(rows * chunks);
    FloatArray sums = new FloatArray(Head.SUMS * rows);
    IntArray tokens = new IntArray(rows);
    FloatArray wanted = new FloatArray(rows);
    IntArray index = new IntArray(2 * rows);
    for (int r = 0; r < rows; r++) {
      index.set(2 * r, r);
      index.set(2 * r + 1, vocabulary - 1 - r % vocabulary);
    }
    KernelGraph graph = new KernelGraph("head", 3 * Head.WORDS);
    KernelTask reduce =
        KernelTask.of(
            "reduce",
            Head::reduceChunks,
            graph.allot(Head.WORDS),
            graph.words(),
            logits,
            chunkSums,
            chunkTokens);
    KernelTask merge =
        KernelTask.of(
            "merge",
            Head::mergeChunks,
            graph.allot(Head.WORDS),
            graph.words(),
            chunkSums,
            chunkTokens,
            sums,
            tokens);
    KernelTask gather =
        KernelTask.of(
            "gather",
            Head::gatherLogits,
            graph.allot(Head.WORDS),
            graph.words(),
            index,
            logits,
            wanted);
    int[] words = {rows, vocabulary, chunks, rows, 0};
    reduce.items((long) rows * chunks, words);
    merge.items(rows, words);
    gather.items(rows, words);
    for (KernelTask task : new KernelTask[] {reduce, merge, gather}) {
      PlainRunner.run(task);
    }
    for (int r = 0; r < rows; r++) {
      int best = 0;
      double sum = 0;
      for (int t = 0; t < vocabulary; t++) {
        float z = logits.get(r * vocabulary + t);
        best = z > logits.get(r * vocabulary + best) ? t : best;
        sum += Math.exp(z);
      }
      assertThat(tokens.get(r)).isEqualTo(best);
      float top = sums.get(Head.SUMS * r);
      float total = sums.get(Head.SUMS * r + 1);
      assertThat(top).isEqualTo(logits.get(r * vocabulary + best));
      Fixture.close((float) (top + Math.log(total)), Math.log(sum), "log sum");
      Fixture.close(
          Entropy.ofSums(total, sums.get(Head.SUMS * r + 2)),
          Entropy.ofLogits(logits.toHeapArray(), r * vocabulary, vocabulary),
          "entropy");
      assertThat(wanted.get(r)).isEqualTo(logits.get(r * vocabulary + index.get(2 * r + 1)));
    }
  }
}
