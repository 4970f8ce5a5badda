package io.assay.tests.streamed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.assay.engine.Engine;
import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.ErrorCode;
import io.assay.engine.WeightMode;
import io.assay.engine.WorkListener;
import io.assay.engine.checkpoint.Checkpoint;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.score.ScoreRequest;
import io.assay.tests.generated.CheckpointGenerator;
import io.assay.tests.generated.CheckpointSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What streaming promises besides equal results: little memory, and the checks at first use. */
class StreamedWeightsTest {
  private static final Path TOKENIZER =
      Path.of(System.getProperty("assay.root", ".."), "tests/golden/v3-basic/checkpoint");
  private static final EngineOptions STREAMED =
      EngineOptions.defaults().withThreads(2).withWeights(WeightMode.STREAMED);

  /** Of which a thread that looks all the time sees at least one. */
  private static final int MOST_PASSES = 100;

  @TempDir private Path temporary;
  private Path model;

  @BeforeEach
  void name() {
    model = temporary.resolve("model");
  }

  private static List<ScoreRequest> requests(int count, int length) {
    Random random = new Random(3);
    return IntStream.range(0, count)
        .mapToObj(i -> new ScoreRequest("r" + i, random.ints(length, 0, 500).toArray(), 1))
        .toList();
  }

  /** Overwrites the first weight of a BF16 tensor. */
  private void spoil(String tensor) throws IOException {
    Path file = model.resolve("model.safetensors");
    long offset;
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      offset = Files.size(file) - checkpoint.bytes() + checkpoint.info(tensor).begin();
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {(byte) 0xC0, 0x7F}), offset);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.embed_tokens.weight",
        "model.layers.0.mlp.up_proj.weight",
        "model.layers.2.mlp.experts.11.down_proj.weight",
        "model.layers.3.self_attn.kv_a_layernorm.weight",
        "lm_head.weight",
      })
  void weightsThatAreNoNumbersAreFoundWhenTheyAreFirstRead(String tensor) throws IOException {
    CheckpointGenerator.write(CheckpointSpec.v3(), model, TOKENIZER);
    spoil(tensor);
    assertThatThrownBy(() -> Engine.open(model, STREAMED.withWeights(WeightMode.RESIDENT)))
        .hasMessageContaining(tensor);
    try (Engine engine = Engine.open(model, STREAMED)) {
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> engine.score(requests(3, 9), WorkListener.NONE))
            .hasMessageContaining(tensor)
            .isInstanceOfSatisfying(
                EngineException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.TENSOR_NOT_FINITE));
      }
    }
  }

  @Test
  void aModuleNobodyUsesIsNeverRead() throws IOException {
    CheckpointGenerator.write(CheckpointSpec.v3(), model, TOKENIZER);
    spoil("model.layers.4.eh_proj.weight");
    try (Engine engine = Engine.open(model, STREAMED)) {
      assertThat(engine.score(requests(3, 9), WorkListener.NONE).results()).hasSize(3);
      assertThatThrownBy(() -> engine.generate(List.of(drafted()), WorkListener.NONE))
          .hasMessageContaining("model.layers.4.eh_proj.weight");
    }
  }

  private static GenerateRequest drafted() {
    return new GenerateRequest(
        "g", new int[] {0, 7, 9}, 5, List.of(), 0, 1, 1, /* speculative= */ true, true);
  }

  @Test
  void autoIsResidentWhereWeightsFit() {
    CheckpointGenerator.write(CheckpointSpec.v3(), model, TOKENIZER);
    try (Engine engine = Engine.open(model, STREAMED.withWeights(WeightMode.AUTO))) {
      assertThat(engine.weights()).isEqualTo(WeightMode.RESIDENT);
      assertThat(engine.score(requests(2, 9), WorkListener.NONE).stats().weightBytes()).isZero();
    }
    assertThat(WeightMode.AUTO.resolve(11, 10)).isEqualTo(WeightMode.STREAMED);
    assertThat(WeightMode.RESIDENT.resolve(11, 10)).isEqualTo(WeightMode.RESIDENT);
  }

  @Test
  void mappedMemoryIsBoundedByTwoLayers() throws IOException {
    assumeThat(Path.of("/proc/self/smaps")).as("memory maps are Linux's").exists();
    CheckpointSpec spec =
        CheckpointSpec.v3()
            .with("hidden_size", 256)
            .with("moe_intermediate_size", 256)
            .with("num_hidden_layers", 12);
    CheckpointGenerator.write(spec, model, TOKENIZER);
    long layer;
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      layer =
          checkpoint.names().stream()
              .filter(n -> n.startsWith("model.layers.5."))
              .mapToLong(n -> checkpoint.info(n).bytes())
              .sum();
      assertThat(checkpoint.bytes()).isGreaterThan(11 * layer);
    }
    // The embedding, and what the system maps around a touched page: 64 KiB on either side.
    long slack = 2L * 528 * 256 + (1 << 18);
    try (Engine engine = Engine.open(model, STREAMED)) {
      assertThat(mapped()).isLessThan(slack);
      AtomicLong most = new AtomicLong();
      Thread watch = Thread.ofPlatform().daemon().start(() -> watch(most));
      int passes = 0;
      do {
        long bytes = engine.score(requests(40, 120), WorkListener.NONE).stats().weightBytes();
        assertThat(bytes).isGreaterThan(11 * layer);
        // Again if the watching thread came too seldom to see anything of it.
      } while (most.get() < layer && ++passes < MOST_PASSES);
      watch.interrupt();
      join(watch);
      assertThat(most.get()).isBetween(layer, 2 * layer + slack);
    }
  }

  private void watch(AtomicLong most) {
    while (!Thread.currentThread().isInterrupted()) {
      // The system adds up pages while layers come and go, and may count some of one that went
      // with some of one that came; hardly three times in a row.
      long seen = Math.min(mapped(), Math.min(mapped(), mapped()));
      most.accumulateAndGet(seen, Math::max);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bytes of the weights' file that are mapped into this process. */
  private long mapped() {
    String name = model.resolve("model.safetensors").toString();
    long kilobytes = 0;
    boolean ours = false;
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
        if (line.matches("^[0-9a-f]+-[0-9a-f]+ .*")) {
          ours = line.endsWith(name);
        } else if (ours && line.startsWith("Rss:")) {
          kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return kilobytes << 10;
  }
}
