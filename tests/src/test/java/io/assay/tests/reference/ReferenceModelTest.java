package io.assay.tests.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.tests.reference.ReferenceModel.MtpPass;
import io.assay.tests.reference.ReferenceModel.Pass;
import io.assay.tests.reference.ReferenceModel.Step;
import io.assay.tests.reference.ReferenceRouter.Decision;
import io.assay.tests.reference.ReferenceTensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle itself, against what transformers and DeepSeek's code said about the golden cases. */
class ReferenceModelTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("assay.root", ".."), "tests", "golden");
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(strings = {"v3-basic", "v3-yarn", "v3-fp8", "v2-lite", "v2-group"})
  void agreesWithForwardPasses(String name) throws IOException {
    Path expected = GOLDEN.resolve(name).resolve("expected");
    ReferenceModel model = ReferenceModel.open(GOLDEN.resolve(name).resolve("checkpoint"));
    ReferenceTensors logits = ReferenceTensors.read(expected.resolve("logits.safetensors"));
    ReferenceTensors router = ReferenceTensors.read(expected.resolve("router.safetensors"));
    ReferenceTensors hidden = ReferenceTensors.read(expected.resolve("hidden.safetensors"));
    Map<String, Pass> passes = new HashMap<>();
    Map<String, int[]> sequences = sequences(expected);
    sequences.forEach((key, ids) -> passes.put(key, model.forward(ids)));
    for (Map.Entry<String, Pass> entry : passes.entrySet()) {
      near(entry.getValue().logits(), logits.raw(entry.getKey()), 1e-4);
      for (Map.Entry<Integer, List<Decision>> layer : entry.getValue().routing().entrySet()) {
        String p = entry.getKey() + ".layers." + layer.getKey() + ".";
        routed(layer.getValue(), router, p, 3e-5);
        near(rows(layer.getValue(), Decision::scores), router.raw(p + "scores"), 1e-5);
      }
    }
    Pass traced = passes.get(hidden.metadata().get("sequence"));
    hidden.all().forEach((key, tensor) -> near(traced.hidden().get(key), tensor, 3e-5));
    Path mtpFile = expected.resolve("mtp.safetensors");
    if (Files.exists(mtpFile)) {
      ReferenceTensors mtp = ReferenceTensors.read(mtpFile);
      assertThat(mtp.contains("len33.depth1.logits")).isTrue();
      for (String key : sequences.keySet()) {
        if (mtp.contains(key + ".depth1.logits")) {
          mtp(model, sequences.get(key), passes.get(key), mtp, key);
        }
      }
    }
  }

  private static void mtp(
      ReferenceModel model, int[] ids, Pass pass, ReferenceTensors mtp, String key) {
    int depth = 0;
    for (MtpPass m : model.mtp(pass.hidden().get("final_norm"), ids)) {
      String p = key + ".depth" + ++depth + ".";
      // Written by a float64 reference and rounded to float.
      near(m.logits(), mtp.raw(p + "logits"), 1e-6);
      routed(m.routing(), mtp, p, 1e-6);
      if (mtp.contains(p + "pre_norm")) {
        near(m.preNorm(), mtp.raw(p + "pre_norm"), 1e-6);
        near(m.postNorm(), mtp.raw(p + "post_norm"), 1e-6);
      }
    }
    assertThat(depth).isEqualTo(model.mtpDepth());
  }

  @ParameterizedTest
  @ValueSource(strings = {"v3-basic", "v3-yarn", "v3-fp8", "v2-lite", "v2-group"})
  void agreesWithLogLikelihoodsToNineDigits(String name) throws IOException {
    Path expected = GOLDEN.resolve(name).resolve("expected");
    ReferenceModel model = ReferenceModel.open(GOLDEN.resolve(name).resolve("checkpoint"));
    for (JsonNode pair :
        JSON.readTree(expected.resolve("loglikelihood.json").toFile()).get("pairs")) {
      int[] context = ints(pair.get("context"));
      int[] continuation = ints(pair.get("continuation"));
      double[][] logits = model.forward(join(context, continuation)).logits();
      double sum = 0;
      boolean greedy = true;
      for (int i = 0; i < continuation.length; i++) {
        double[] row = logits[context.length + i - 1];
        sum += ReferenceMath.logProbability(row, continuation[i]);
        greedy &= ReferenceMath.argmax(row) == continuation[i];
      }
      assertThat(sum).isCloseTo(pair.get("sum").asDouble(), within(1e-9));
      assertThat(greedy).isEqualTo(pair.get("is_greedy").asBoolean());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v3-basic", "v3-yarn", "v3-fp8"})
  void takesTheSameSpeculativeSteps(String name) throws IOException {
    Path expected = GOLDEN.resolve(name).resolve("expected");
    ReferenceModel model = ReferenceModel.open(GOLDEN.resolve(name).resolve("checkpoint"));
    for (JsonNode item : JSON.readTree(expected.resolve("speculative.json").toFile())) {
      int[] prompt = ints(item.get("prompt"));
      List<Step> steps = new ArrayList<>();
      List<Integer> emitted = new ArrayList<>(List.of(item.get("first_token").asInt()));
      for (JsonNode s : item.get("steps")) {
        Step step =
            new Step(
                s.get("prefix_len").asInt(),
                Arrays.stream(ints(s.get("drafts"))).boxed().toList(),
                s.get("accepted").asInt(),
                Arrays.stream(ints(s.get("emitted"))).boxed().toList());
        steps.add(step);
        emitted.addAll(step.emitted());
      }
      int[] greedy = emitted.stream().mapToInt(Integer::intValue).toArray();
      double[][] logits = model.forward(join(prompt, greedy)).logits();
      for (int i = 0; i < greedy.length; i++) {
        assertThat(ReferenceMath.argmax(logits[prompt.length + i - 1])).isEqualTo(greedy[i]);
      }
      assertThat(model.speculate(prompt, greedy, 32).steps()).isEqualTo(steps);
    }
  }

  private static void routed(
      List<Decision> actual, ReferenceTensors expected, String prefix, double tolerance) {
    double[] ids =
        actual.stream().flatMapToInt(d -> Arrays.stream(d.ids())).asDoubleStream().toArray();
    assertThat(ids).isEqualTo(expected.raw(prefix + "topk_ids").values());
    near(rows(actual, Decision::weights), expected.raw(prefix + "topk_weights"), tolerance);
  }

  private static double[][] rows(List<Decision> decisions, Function<Decision, double[]> part) {
    return decisions.stream().map(part).toArray(double[][]::new);
  }

  private static void near(double[][] actual, Tensor expected, double tolerance) {
    double[] flat = Arrays.stream(actual).flatMapToDouble(Arrays::stream).toArray();
    assertThat(flat).hasSameSizeAs(expected.values());
    double largest = 0;
    for (int i = 0; i < flat.length; i++) {
      largest = Math.max(largest, Math.abs(flat[i] - expected.values()[i]));
    }
    assertThat(largest).isLessThanOrEqualTo(tolerance);
  }

  private static Map<String, int[]> sequences(Path expected) throws IOException {
    Map<String, int[]> out = new HashMap<>();
    for (JsonNode s : JSON.readTree(expected.resolve("inputs.json").toFile()).get("sequences")) {
      out.put(s.get("name").asText(), ints(s.get("ids")));
    }
    return out;
  }

  private static int[] ints(JsonNode node) {
    return JSON.convertValue(node, int[].class);
  }

  private static int[] join(int[] a, int[] b) {
    int[] out = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return out;
  }
}
