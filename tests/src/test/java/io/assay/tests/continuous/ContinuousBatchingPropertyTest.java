package io.assay.tests.continuous;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.tests.continuous.OpenedGenerator.Answered;
import io.assay.tests.generated.CheckpointGenerator;
import io.assay.tests.generated.CheckpointSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Whoever joins and leaves, wherever its latents lie and whoever computed its prompt's beginning: a
 * request's answer, its drafts and its routing are what they are alone.
 */
class ContinuousBatchingPropertyTest {
  private static final Path TOKENIZER =
      Path.of(System.getProperty("assay.root", ".."), "tests/golden/v3-basic/checkpoint");
  private static final int VOCABULARY = 500;
  private static final Map<String, Path> MODELS = new HashMap<>();

  @AfterContainer
  static void delete() throws IOException {
    for (Path model : MODELS.values()) {
      try (Stream<Path> files = Files.walk(model)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** A small model, never seen before, with so many prediction modules. */
  private static Path model(int depth, int shape) {
    return MODELS.computeIfAbsent(
        depth + "/" + shape,
        key -> {
          try {
            Random random = new Random(31L * depth + shape);
            Path folder = Files.createTempDirectory("assay-continuous");
            CheckpointSpec spec =
                CheckpointSpec.v3()
                    .with("num_nextn_predict_layers", depth)
                    .with("num_hidden_layers", 1 + random.nextInt(3))
                    .with("first_k_dense_replace", random.nextInt(2))
                    .with("hidden_size", 24 + random.nextInt(40))
                    .with("kv_lora_rank", 8 + random.nextInt(40))
                    .with("v_head_dim", 4 + random.nextInt(20))
                    .with("max_position_embeddings", 64)
                    .with("eos_token_id", List.of(1, 7, 30 + random.nextInt(60)))
                    .seeded(random.nextInt(1000))
                    .agreeing();
            CheckpointGenerator.write(spec, folder.resolve("model"), TOKENIZER);
            return folder;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static List<GenerateRequest> requests(Random random, int count) {
    List<int[]> prompts = new ArrayList<>();
    List<GenerateRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] prompt = random.ints(1 + random.nextInt(30), 0, VOCABULARY).toArray();
      if (i > 0 && random.nextInt(5) > 0) {
        // A beginning of another prompt, or all of it, with or without more.
        int[] other = prompts.get(random.nextInt(i));
        int more = random.nextInt(3) == 0 ? 0 : random.nextInt(10);
        int common = random.nextBoolean() ? other.length : 1 + random.nextInt(other.length);
        prompt = Arrays.copyOf(other, Math.min(60, common + more));
        for (int t = common; t < prompt.length; t++) {
          prompt[t] = random.nextInt(VOCABULARY);
        }
      }
      prompts.add(prompt);
      requests.add(
          new GenerateRequest(
              "r" + i,
              prompt,
              random.nextInt(4) == 0 ? 1 + random.nextInt(80) : 1 + random.nextInt(8),
              random.nextInt(3) == 0 ? List.of("e", "12") : List.of(),
              random.nextInt(4) == 0 ? 0.9 : 0,
              0.95,
              random.nextLong(),
              random.nextInt(3) > 0,
              random.nextBoolean(),
              random.nextInt(3) == 0));
    }
    return requests;
  }

  @Property(tries = 60)
  void answersAreThoseOfTheRequestAlone(
      @ForAll @IntRange(max = 3) int depth,
      @ForAll @IntRange(max = 2) int shape,
      @ForAll @IntRange(min = 1, max = 12) int concurrency,
      @ForAll @IntRange(min = 1, max = 60) int batchRows,
      @ForAll @IntRange(min = 1, max = 400) int cacheSlots,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<GenerateRequest> requests = requests(random, 1 + random.nextInt(20));
    Collections.shuffle(requests, random);
    List<Long> done = new ArrayList<>();
    try (OpenedGenerator generator =
        new OpenedGenerator(model(depth, shape).resolve("model"), 1 + random.nextInt(2))) {
      Answered answered =
          generator.generate(
              requests,
              concurrency,
              batchRows,
              cacheSlots,
              (requestsDone, submitted, computed) -> done.add(requestsDone));
      // A request needs at most its 64 positions and the drafts after them.
      int most = Math.max(cacheSlots, 64 + 3);
      assertThat(generator.cacheSizes()).allMatch(slots -> slots <= most);
      long submitted = 0;
      for (int i = 0; i < requests.size(); i++) {
        GenerateResult result = answered.results().get(i);
        same(result, generator.alone(requests.get(i)));
        submitted += requests.get(i).prompt().length + result.tokens().length - 1;
      }
      assertThat(answered.stats().tokensSubmitted()).isEqualTo(submitted);
    }
    assertThat(done).isSorted().doesNotHaveDuplicates().last().isEqualTo((long) requests.size());
  }

  private static void same(GenerateResult actual, GenerateResult expected) {
    assertThat(actual)
        .usingRecursiveComparison()
        .withStrictTypeChecking()
        .as(actual.id())
        .isEqualTo(expected);
  }
}
