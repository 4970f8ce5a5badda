package io.assay.tests.generated;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.tests.reference.ReferenceMath;
import io.assay.tests.reference.ReferenceModel.MtpPass;
import io.assay.tests.reference.ReferenceModel.Pass;
import io.assay.tests.reference.ReferenceModel.Step;
import io.assay.tests.reference.ReferenceRouter.Decision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Writes what the reference says about a generated model as a golden folder. */
final class GoldenWriter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRACED = "s3";

  private final GeneratedCase made;
  private final Path expected;

  private GoldenWriter(GeneratedCase made, Path expected) {
    this.made = made;
    this.expected = expected;
  }

  /** Moves the checkpoint to {@code folder/checkpoint} and writes {@code folder/expected}. */
  static void write(GeneratedCase made, Path folder) throws IOException {
    Path expected = Files.createDirectories(folder.resolve("expected"));
    Files.move(made.folder(), folder.resolve("checkpoint"));
    GoldenWriter writer = new GoldenWriter(made, expected);
    writer.inputs();
    writer.passes();
    writer.loglikelihoods();
    writer.continuations();
  }

  private void inputs() throws IOException {
    List<Object> sequences = new ArrayList<>();
    for (int i = 0; i < made.sequences().size(); i++) {
      sequences.add(Map.of("name", "s" + i, "ids", made.sequences().get(i)));
    }
    json("inputs.json", Map.of("sequences", sequences));
  }

  private void passes() throws IOException {
    Map<String, Object> logits = new LinkedHashMap<>();
    Map<String, Object> router = new LinkedHashMap<>();
    Map<String, Object> hidden = new LinkedHashMap<>();
    Map<String, Object> mtp = new LinkedHashMap<>();
    for (int i = 0; i < made.passes().size(); i++) {
      String name = "s" + i;
      Pass pass = made.passes().get(i);
      logits.put(name, pass.logits());
      pass.routing()
          .forEach(
              (layer, rows) -> {
                String prefix = name + ".layers." + layer + ".";
                routing(router, prefix, rows);
                router.put(prefix + "scores", rows(rows, Decision::scores));
              });
      if (name.equals(TRACED)) {
        hidden.putAll(pass.hidden());
        hidden.remove("before_norm");
        mtp.put(name + ".previous_hidden", pass.hidden().get("final_norm"));
      }
      int depth = 0;
      for (MtpPass module : made.mtp().get(i)) {
        String prefix = name + ".depth" + ++depth + ".";
        mtp.put(prefix + "logits", module.logits());
        routing(mtp, prefix, module.routing());
        if (name.equals(TRACED)) {
          mtp.put(prefix + "pre_norm", module.preNorm());
          mtp.put(prefix + "post_norm", module.postNorm());
        }
      }
    }
    tensors("logits.safetensors", logits, Map.of());
    tensors("router.safetensors", router, Map.of());
    tensors("hidden.safetensors", hidden, Map.of("sequence", TRACED));
    tensors("mtp.safetensors", mtp, Map.of());
  }

  private static void routing(Map<String, Object> to, String prefix, List<Decision> rows) {
    to.put(prefix + "topk_ids", rows.stream().map(Decision::ids).toArray(int[][]::new));
    to.put(prefix + "topk_weights", rows(rows, Decision::weights));
  }

  private static double[][] rows(List<Decision> decisions, Function<Decision, double[]> part) {
    return decisions.stream().map(part).toArray(double[][]::new);
  }

  private void loglikelihoods() throws IOException {
    List<Object> sequences = new ArrayList<>();
    List<Object> pairs = new ArrayList<>();
    for (int i = 0; i < made.sequences().size(); i++) {
      int[] ids = made.sequences().get(i);
      Map<String, Object> whole = scored(i, 1);
      whole.put("name", "s" + i);
      whole.put("greedy", whole.remove("is_greedy"));
      sequences.add(whole);
      for (int cut = 2; cut < ids.length; cut += 5) {
        Map<String, Object> pair = scored(i, cut);
        pair.put("context", Arrays.copyOf(ids, cut));
        pair.put("continuation", Arrays.copyOfRange(ids, cut, ids.length));
        pairs.add(pair);
      }
    }
    json("loglikelihood.json", Map.of("sequences", sequences, "pairs", pairs));
  }

  private Map<String, Object> scored(int sequence, int from) {
    int[] ids = made.sequences().get(sequence);
    double[][] logits = made.passes().get(sequence).logits();
    List<Double> tokens = new ArrayList<>();
    boolean greedy = true;
    for (int t = from; t < ids.length; t++) {
      tokens.add(ReferenceMath.logProbability(logits[t - 1], ids[t]));
      greedy &= ReferenceMath.argmax(logits[t - 1]) == ids[t];
    }
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("sum", tokens.stream().mapToDouble(Double::doubleValue).sum());
    item.put("token_logprobs", tokens);
    item.put("is_greedy", greedy);
    return item;
  }

  private void continuations() throws IOException {
    int[] emitted = made.emitted();
    json(
        "greedy.json",
        List.of(
            Map.of(
                "prompt", made.prompt(),
                "continuation", emitted,
                "max_new_tokens", made.limit(),
                "stopped_at_eos", made.model().ends(emitted[emitted.length - 1]))));
    List<Object> steps = new ArrayList<>();
    int drafted = 0;
    int accepted = 0;
    for (Step step : made.speculation().steps()) {
      int index = step.prefixLength() - 1 - made.prompt().length;
      steps.add(
          Map.of(
              "prefix_len", step.prefixLength(),
              "last_token", made.greedy()[index],
              "drafts", step.drafts(),
              "accepted", step.accepted(),
              "emitted", step.emitted()));
      drafted += step.drafts().size();
      accepted += step.accepted();
    }
    json(
        "speculative.json",
        List.of(
            Map.of(
                "prompt", made.prompt(),
                "first_token", emitted[0],
                "continuation", emitted,
                "steps", steps,
                "drafted", drafted,
                "accepted", accepted)));
  }

  private void json(String file, Object value) throws IOException {
    JSON.writeValue(expected.resolve(file).toFile(), value);
  }

  /** Matrices as F32 ({@code double[][]}) or I32 ({@code int[][]}). */
  private void tensors(String file, Map<String, Object> tensors, Map<String, String> metadata)
      throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", metadata);
    int offset = 0;
    for (Map.Entry<String, Object> entry : tensors.entrySet()) {
      boolean ids = entry.getValue() instanceof int[][];
      int rows = ids ? ((int[][]) entry.getValue()).length : ((double[][]) entry.getValue()).length;
      int columns =
          ids ? ((int[][]) entry.getValue())[0].length : ((double[][]) entry.getValue())[0].length;
      int end = offset + 4 * rows * columns;
      header.put(
          entry.getKey(),
          Map.of(
              "dtype", ids ? "I32" : "F32",
              "shape", new int[] {rows, columns},
              "data_offsets", new int[] {offset, end}));
      offset = end;
    }
    byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + offset).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    for (Object tensor : tensors.values()) {
      if (tensor instanceof int[][] ids) {
        Arrays.stream(ids).flatMapToInt(Arrays::stream).forEach(bytes::putInt);
      } else {
        Arrays.stream((double[][]) tensor)
            .flatMapToDouble(Arrays::stream)
            .forEach(v -> bytes.putFloat((float) v));
      }
    }
    Files.write(expected.resolve(file), bytes.array());
  }
}
