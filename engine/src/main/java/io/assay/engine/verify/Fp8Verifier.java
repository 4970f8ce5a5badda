package io.assay.engine.verify;

import io.assay.engine.Engine;
import io.assay.engine.Precision;
import io.assay.engine.checkpoint.BlockScales;
import io.assay.engine.checkpoint.Checkpoint;
import io.assay.engine.checkpoint.FloatFormats;
import io.assay.engine.checkpoint.TensorView;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.config.ModelConfig.Quantization;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code fp8.safetensors}: {@code e4m3_table} float32 [256], {@code dequantised.<tensor>} float32
 * of that tensor's shape; {@code activation_quantised.<sequence>.logits} float32 [T, vocab], which
 * only the fp8 mode computes.
 */
final class Fp8Verifier {
  private static final String TABLE = "e4m3_table";
  private static final String DEQUANTISED = "dequantised.";
  private static final String INFORMATIVE = "activation_quantised.";
  private static final String LOGITS = ".logits";

  private Fp8Verifier() {}

  static List<Check> checks(
      GoldenTensors expected, GoldenCase golden, Inputs inputs, Engine engine) {
    ModelConfig config = engine.config();
    boolean emulated = engine.precision() == Precision.FP8;
    Tolerances tolerances = new Tolerances(engine.precision());
    Comparison logits =
        tolerances.values("logits, FP8 inputs", GoldenCase.FP8, tolerances.logits());
    boolean anyLogits = false;
    Comparison table = new Comparison("e4m3 table", GoldenCase.FP8, 0);
    Comparison matrices = new Comparison("dequantised matrices", GoldenCase.FP8, 0);
    Set<String> informative = new TreeSet<>();
    Set<String> unknown = new TreeSet<>();
    List<Check> checks = new ArrayList<>();
    boolean anyMatrix = false;
    try (Checkpoint checkpoint = Checkpoint.open(golden.checkpoint())) {
      for (String name : expected.names()) {
        if (name.equals(TABLE)) {
          table(expected, table);
        } else if (name.startsWith(DEQUANTISED)) {
          anyMatrix = true;
          String weight = name.substring(DEQUANTISED.length());
          if (!checkpoint.contains(weight)) {
            throw expected.invalid("it has " + name + ", but the checkpoint has no " + weight);
          }
          matrix(expected, name, checkpoint, checkpoint.tensor(weight), config, matrices);
        } else if (emulated && name.startsWith(INFORMATIVE) && name.endsWith(LOGITS)) {
          anyLogits = true;
          String sequence = name.substring(INFORMATIVE.length(), name.length() - LOGITS.length());
          logits(expected, name, sequence, inputs, engine, logits, tolerances.logits());
        } else if (name.startsWith(INFORMATIVE)) {
          informative.add(name);
        } else {
          unknown.add(name);
        }
      }
    }
    if (expected.contains(TABLE)) {
      checks.add(table.check());
    }
    if (anyLogits) {
      checks.add(logits.check());
    }
    if (anyMatrix) {
      checks.add(matrices.check());
    }
    Unknown.informative("FP8", GoldenCase.FP8, informative).ifPresent(checks::add);
    Unknown.check("FP8", GoldenCase.FP8, unknown).ifPresent(checks::add);
    return checks;
  }

  private static void logits(
      GoldenTensors expected,
      String name,
      String sequence,
      Inputs inputs,
      Engine engine,
      Comparison logits,
      double tolerance) {
    inputs.require(sequence, expected);
    int[] tokens = inputs.sequences().get(sequence);
    int vocabulary = engine.config().vocabSize();
    logits.near(
        engine.trace(tokens).logits(),
        expected.floats(name, tokens.length, vocabulary),
        tolerance,
        i -> sequence + " token " + i / vocabulary + " logit " + i % vocabulary);
  }

  private static void table(GoldenTensors expected, Comparison table) {
    float[] wanted = expected.floats(TABLE, 256);
    for (int i = 0; i < wanted.length; i++) {
      int bits = i;
      table.identical(FloatFormats.e4m3((byte) i), wanted[i], () -> "byte " + bits);
    }
  }

  private static void matrix(
      GoldenTensors expected,
      String name,
      Checkpoint checkpoint,
      TensorView weight,
      ModelConfig config,
      Comparison matrices) {
    float[] wanted = expected.floats(name, weight.shape());
    float[] found = dequantise(checkpoint, weight, config);
    int columns = (int) weight.shape()[weight.shape().length - 1];
    for (int i = 0; i < wanted.length; i++) {
      int at = i;
      matrices.identical(
          found[i],
          wanted[i],
          () -> weight.name() + " [" + at / columns + ", " + at % columns + "]");
    }
  }

  private static float[] dequantise(Checkpoint checkpoint, TensorView weight, ModelConfig config) {
    Quantization quantization = config.quantization();
    String scales = weight.name() + "_scale_inv";
    if (quantization == null || !checkpoint.contains(scales)) {
      return FloatFormats.toFloats(weight);
    }
    return BlockScales.apply(
        weight, checkpoint.tensor(scales), quantization.blockRows(), quantization.blockColumns());
  }
}
