package io.assay.tests.streamed;

import io.assay.engine.Engine;
import io.assay.engine.Engine.Answers;
import io.assay.engine.EngineOptions;
import io.assay.engine.WeightMode;
import io.assay.engine.WorkListener;
import io.assay.engine.WorkStats;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.tests.generated.CheckpointGenerator;
import io.assay.tests.generated.CheckpointSpec;
import io.assay.tests.generated.CheckpointSpec.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Scores a generated checkpoint that is larger than the memory the process is given.
 *
 * <pre>
 * java ... StreamedBenchmark generate FOLDER GIGABYTES [BF16|FP8]
 * java -Xmx512m ... StreamedBenchmark score FOLDER REQUESTS TOKENS [streamed|resident|auto]
 * </pre>
 *
 * <p>{@code score} prints a JSON line for each of two calls: seconds, tokens, weights read, and the
 * largest anonymous and file memory of the process while it ran (Linux).
 */
public final class StreamedBenchmark {
  /**
   * The first call compiles the kernels and checks the weights, the next shows what reading costs.
   */
  private static final int CALLS = 2;

  private static final int LAYERS = 16;
  private static final int HIDDEN = 1024;
  private static final int EXPERT = 512;
  private static final Path TOKENIZER =
      Path.of(System.getProperty("assay.root", "."), "tests/golden/v3-basic/checkpoint");

  private StreamedBenchmark() {}

  public static void main(String[] args) {
    if (args.length >= 3 && args[0].equals("generate")) {
      generate(Path.of(args[1]), Double.parseDouble(args[2]), args.length > 3 ? args[3] : "BF16");
    } else if (args.length >= 4 && args[0].equals("score")) {
      String weights = args.length > 4 ? args[4] : "streamed";
      score(Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]), weights);
    } else {
      throw new IllegalArgumentException(
          "usage: generate FOLDER GIGABYTES [BF16|FP8] | score FOLDER REQUESTS TOKENS [WEIGHTS]");
    }
  }

  /** Sixteen layers with as many experts as the size asks for; shards of about 4 GB. */
  static void generate(Path folder, double gigabytes, String stored) {
    Storage storage = Storage.valueOf(stored);
    double expertBytes = 3.0 * HIDDEN * EXPERT * (storage == Storage.FP8 ? 1 : 2);
    int experts = (int) Math.max(8, Math.round(gigabytes * 1e9 / LAYERS / expertBytes / 8) * 8);
    CheckpointSpec spec =
        CheckpointSpec.v3()
            .stored(storage)
            .inShards((int) Math.max(1, Math.round(gigabytes / 4)))
            .with("vocab_size", 16384)
            .with("hidden_size", HIDDEN)
            .with("num_hidden_layers", LAYERS)
            .with("num_attention_heads", 8)
            .with("num_key_value_heads", 8)
            .with("q_lora_rank", 384)
            .with("kv_lora_rank", 256)
            .with("qk_nope_head_dim", 64)
            .with("qk_rope_head_dim", 32)
            .with("v_head_dim", 64)
            .with("intermediate_size", 4096)
            .with("moe_intermediate_size", EXPERT)
            .with("n_routed_experts", experts)
            .with("num_experts_per_tok", 4)
            .with("n_group", 4)
            .with("num_nextn_predict_layers", 0)
            .with("max_position_embeddings", 4096);
    long started = System.nanoTime();
    CheckpointGenerator.write(spec, folder, TOKENIZER);
    print(
        "{\"experts\": %d, \"bytes\": %d, \"seconds\": %.1f}",
        experts, bytes(folder), since(started));
  }

  static void score(Path folder, int count, int length, String weights) {
    MemoryWatch watch = new MemoryWatch();
    long started = System.nanoTime();
    EngineOptions options =
        EngineOptions.defaults()
            .withWeights(WeightMode.valueOf(weights.toUpperCase(Locale.ROOT)))
            .withThreads(Integer.getInteger("assay.threads", 0));
    try (Engine engine = Engine.open(folder, options)) {
      double opened = since(started);
      MemoryWatch.Sizes afterOpening = watch.peak();
      Random random = new Random(5);
      int vocabulary = engine.config().vocabSize();
      List<ScoreRequest> requests = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int[] tokens = random.ints(length + 1, 0, vocabulary).toArray();
        requests.add(new ScoreRequest("r" + i, tokens, 1));
      }
      for (int call = 1; call <= CALLS; call++) {
        Answers<ScoreResult> answers = engine.score(requests, WorkListener.NONE);
        double sum = answers.results().stream().mapToDouble(ScoreResult::sumLogprob).sum();
        WorkStats stats = answers.stats();
        MemoryWatch.Sizes peak = watch.peak();
        print(
            "{\"weights\": \"%s\", \"call\": %d, \"checkpoint_bytes\": %d, \"heap_bytes\": %d,"
                + " \"open_seconds\": %.2f, \"opened_file_bytes\": %d, \"tokens\": %d,"
                + " \"score_seconds\": %.2f, \"weight_bytes\": %d, \"bytes_per_token\": %d,"
                + " \"peak_anonymous_bytes\": %d, \"peak_file_bytes\": %d, \"sum_logprob\": %s}",
            engine.weights(),
            call,
            bytes(folder),
            Runtime.getRuntime().maxMemory(),
            opened,
            afterOpening.file(),
            stats.tokensComputed(),
            stats.seconds(),
            stats.weightBytes(),
            stats.weightBytes() / Math.max(1, stats.tokensComputed()),
            peak.anonymous(),
            peak.file(),
            Double.toString(sum));
      }
    } finally {
      watch.close();
    }
  }

  private static long bytes(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      long bytes = 0;
      for (Path file : files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) * 1e-9;
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
