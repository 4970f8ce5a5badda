package io.assay.datasets.fewshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.datasets.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FewshotSamplerTest {
  private static List<Map<String, Object>> pool(int size) {
    return IntStream.range(0, size)
        .<Map<String, Object>>mapToObj(i -> Map.of("q", "q" + i))
        .toList();
  }

  @Property(tries = 100)
  void theOrderOfThePoolNeverChangesAPrompt(
      @ForAll @IntRange(min = 1, max = 30) int size, @ForAll long seed, @ForAll int document) {
    List<Map<String, Object>> pool = pool(size);
    List<Map<String, Object>> shuffled = new ArrayList<>(pool);
    Collections.shuffle(shuffled, new Random(seed));
    int n = Math.min(5, size);
    List<Map<String, Object>> chosen =
        FewshotSampler.byId(pool, false).choose(Map.of(), "d" + document, n);
    assertThat(FewshotSampler.byId(shuffled, false).choose(Map.of(), "d" + document, n))
        .isEqualTo(chosen);
    assertThat(chosen).doesNotHaveDuplicates().hasSize(n);
  }

  @Property(tries = 50)
  void aNewExampleChangesAtMostOneOfAPrompt(@ForAll @IntRange(min = 6, max = 40) int size) {
    List<Map<String, Object>> before =
        FewshotSampler.byId(pool(size), false).choose(Map.of(), "x", 5);
    List<Map<String, Object>> after =
        FewshotSampler.byId(pool(size + 1), false).choose(Map.of(), "x", 5);
    HashSet<Map<String, Object>> kept = new HashSet<>(before);
    kept.retainAll(after);
    assertThat(kept).hasSizeGreaterThanOrEqualTo(4);
  }

  @Test
  void choicesSpreadOverThePool() {
    FewshotSampler sampler = FewshotSampler.byId(pool(10), false);
    int[] counts = new int[10];
    for (int d = 0; d < 2000; d++) {
      for (Map<String, Object> example : sampler.choose(Map.of(), "doc" + d, 2)) {
        counts[Integer.parseInt(example.get("q").toString().substring(1))]++;
      }
    }
    // 400 expected of each; the standard deviation is 18.
    assertThat(Arrays.stream(counts).boxed()).allSatisfy(c -> assertThat(c).isBetween(310, 490));
  }

  @Test
  void theDocumentItselfIsLeftOut() {
    List<Map<String, Object>> pool = pool(4);
    for (Map<String, Object> document : pool) {
      for (FewshotSampler sampler :
          List.of(
              FewshotSampler.firstN(pool, true),
              FewshotSampler.byId(pool, true),
              FewshotSampler.harness(pool, true))) {
        assertThat(sampler.choose(document, "d", 3)).hasSize(3).doesNotContain(document);
      }
    }
  }

  @Test
  void harnessModeDrawsOneMoreAndDropsTheDocument() {
    PythonRandom reference = new PythonRandom(1234);
    List<Map<String, Object>> pool = pool(6);
    FewshotSampler sampler = FewshotSampler.harness(pool, true);
    for (Map<String, Object> document : pool) {
      List<Map<String, Object>> drawn = reference.sample(pool, 3);
      drawn.remove(document);
      assertThat(sampler.choose(document, "ignored", 2)).isEqualTo(drawn.subList(0, 2));
    }
  }

  @Test
  void tooFewExamplesAreAnError() {
    assertThatThrownBy(() -> FewshotSampler.firstN(pool(2), false).choose(Map.of(), "d", 3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("3 few-shot examples are asked for and only 2 are there");
    assertThatThrownBy(() -> FewshotSampler.harness(pool(3), true).choose(Map.of(), "d", 3))
        .isInstanceOf(DataException.class);
  }
}
