package io.assay.engine.inspect;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.checkpoint.Checkpoint;
import io.assay.engine.checkpoint.TensorInfo;
import io.assay.engine.config.ExpectedTensor;
import io.assay.engine.config.ExpectedTensors;
import io.assay.engine.config.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A checkpoint held against the architecture its config.json describes. Each item is a sentence
 * that names the tensor.
 *
 * @param missing tensors the engine needs and does not find, scales of FP8 weights among them
 * @param wrong tensors of another shape or type
 * @param unexpected tensors the architecture does not have
 * @param unused names of tensors that are known and not needed: buffers of rotary embeddings, and
 *     MTP layers that config.json does not announce
 */
public record TensorAudit(
    List<String> missing, List<String> wrong, List<String> unexpected, List<String> unused) {

  private static final Set<String> WEIGHT_TYPES = Set.of("F32", "BF16", "F16");
  private static final String FP8 = "F8_E4M3";
  private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d{1,6})\\..*");

  /** Compares names, shapes and types; reads no weights. */
  public static TensorAudit of(ModelConfig config, Checkpoint checkpoint) {
    Map<String, ExpectedTensor> expected = ExpectedTensors.of(config);
    TensorAudit audit =
        new TensorAudit(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (ExpectedTensor tensor : expected.values()) {
      audit.check(tensor, checkpoint);
    }
    for (String name : checkpoint.names()) {
      if (!expected.containsKey(name)) {
        audit.classify(name, config, expected);
      }
    }
    return audit.unmodifiable();
  }

  private TensorAudit unmodifiable() {
    return new TensorAudit(
        List.copyOf(missing), List.copyOf(wrong), List.copyOf(unexpected), List.copyOf(unused));
  }

  private void check(ExpectedTensor tensor, Checkpoint checkpoint) {
    if (!checkpoint.contains(tensor.name())) {
      if (!tensor.optional()) {
        missing.add(
            "tensor '%s' of shape %s is missing"
                .formatted(tensor.name(), Arrays.toString(tensor.shape())));
      }
      return;
    }
    TensorInfo info = checkpoint.info(tensor.name());
    if (!Arrays.equals(info.shape(), tensor.shape())) {
      wrong.add(
          "tensor '%s' has shape %s, but config.json asks for %s"
              .formatted(
                  tensor.name(), Arrays.toString(info.shape()), Arrays.toString(tensor.shape())));
    } else if (info.dtype().equals(FP8)) {
      checkScale(tensor, checkpoint);
    } else if (!WEIGHT_TYPES.contains(info.dtype())) {
      wrong.add(
          "tensor '%s' has type %s; supported are F32, BF16, F16 and, with block scales, F8_E4M3"
              .formatted(tensor.name(), info.dtype()));
    }
  }

  private void checkScale(ExpectedTensor tensor, Checkpoint checkpoint) {
    if (!tensor.blockScaled()) {
      wrong.add(
          "tensor '%s' has type F8_E4M3, but config.json has no block scales for it"
              .formatted(tensor.name()));
    } else if (!checkpoint.contains(tensor.scaleName())) {
      missing.add(
          "tensor '%s', the scales of the F8_E4M3 weight '%s', is missing"
              .formatted(tensor.scaleName(), tensor.name()));
    }
  }

  private void classify(String name, ModelConfig config, Map<String, ExpectedTensor> expected) {
    var layer = LAYER.matcher(name);
    boolean laterLayer =
        layer.matches() && Integer.parseInt(layer.group(1)) >= config.totalLayers();
    if (laterLayer || name.endsWith(".rotary_emb.inv_freq")) {
      unused.add(name);
    } else if (name.endsWith(ExpectedTensors.SCALE_SUFFIX)
        && expected.containsKey(
            name.substring(0, name.length() - ExpectedTensors.SCALE_SUFFIX.length()))) {
      unexpected.add(
          "tensor '%s' is unexpected: config.json has no quantization_config".formatted(name));
    } else {
      unexpected.add("tensor '%s' is unexpected: the architecture has none".formatted(name));
    }
  }

  /** Whether the engine can run this checkpoint. */
  public boolean complete() {
    return missing.isEmpty() && wrong.isEmpty() && unexpected.isEmpty();
  }

  /**
   * Throws the first finding and how many there are: {@code TENSOR_MISSING}, {@code TENSOR_SHAPE},
   * or {@code CHECKPOINT_CORRUPT} for a tensor too many.
   *
   * @param source the model folder, for the message
   */
  public void require(String source) {
    raise(source, missing, ErrorCode.TENSOR_MISSING);
    raise(source, wrong, ErrorCode.TENSOR_SHAPE);
    raise(source, unexpected, ErrorCode.CHECKPOINT_CORRUPT);
  }

  private static void raise(String source, List<String> findings, ErrorCode code) {
    if (findings.isEmpty()) {
      return;
    }
    String more =
        findings.size() == 1 ? "" : " (and %,d more like it)".formatted(findings.size() - 1);
    throw new EngineException(
        code,
        "%s: %s%s; config.json and weights must be of one model"
            .formatted(source, findings.getFirst(), more));
  }
}
