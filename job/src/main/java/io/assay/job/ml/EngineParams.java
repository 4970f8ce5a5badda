package io.assay.job.ml;

import io.assay.engine.Precision;
import io.assay.engine.WeightMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWritable;
import scala.Function1;

/**
 * Which engine a transformer asks, and the column it adds.
 *
 * @param <T> the transformer itself
 */
public abstract class EngineParams<T extends EngineParams<T>> extends Transformer
    implements DefaultParamsWritable {
  private static final List<String> BACKENDS = List.of("auto", "cpu", "tornado");
  private static final int MAX_THREADS = 1024;

  private final String uid;
  private final Param<String> modelPath;
  private final Param<String> overlay;
  private final Param<String> backend;
  private final IntParam device;
  private final Param<String> precision;
  private final IntParam maxLength;
  private final Param<String> weights;
  private final IntParam threads;
  private final Param<String> outputCol;

  EngineParams(String uid, String output) {
    this.uid = uid;
    modelPath = text("modelPath", "model folder, at the same place on every node");
    overlay = text("overlay", "file or folder whose tensors replace the model's of the same names");
    backend = oneOf("backend", "what computes", BACKENDS);
    device =
        new IntParam(
            uid,
            "device",
            "accelerator of the backend tornado in local mode, -1 for its first; elsewhere Spark"
                + " says",
            ParamValidators.gtEq(-1));
    precision = oneOf("precision", "rounding of activations", names(Precision.values()));
    maxLength =
        new IntParam(
            uid,
            "maxLength",
            "longest sequence in tokens, 0: the model's",
            ParamValidators.gtEq(0));
    weights = oneOf("weights", "where weights are while computing", names(WeightMode.values()));
    threads =
        new IntParam(
            uid,
            "threads",
            "worker threads of an executor's engine, 0: one for each of its processors",
            ParamValidators.inRange(0, MAX_THREADS));
    outputCol = text("outputCol", "column that is added, a struct");
    setDefault(backend, "auto");
    setDefault(device, -1);
    setDefault(precision, "fp32");
    setDefault(maxLength, 0);
    setDefault(weights, "auto");
    setDefault(threads, 0);
    setDefault(outputCol, output);
  }

  /** A parameter that holds a name, so nothing empty. */
  final Param<String> text(String name, String doc) {
    return new Param<>(uid, name, doc, Valid.of(value -> !value.isEmpty()));
  }

  private Param<String> oneOf(String name, String doc, List<String> values) {
    Function1<String, Object> valid = ParamValidators.inArray(values);
    return new Param<>(uid, name, doc + ": " + String.join(", ", values), valid);
  }

  private static List<String> names(Enum<?>[] values) {
    return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }

  @Override
  public final T copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  @Override
  public final String uid() {
    return uid;
  }

  /** Sets a parameter. */
  final <V> T with(Param<V> param, V value) {
    set(param, value);
    @SuppressWarnings("unchecked") // what T is
    T self = (T) this;
    return self;
  }

  public final Param<String> modelPath() {
    return modelPath;
  }

  public final T setModelPath(String value) {
    return with(modelPath, value);
  }

  public final String getModelPath() {
    return getOrDefault(modelPath);
  }

  public final Param<String> overlay() {
    return overlay;
  }

  public final T setOverlay(String value) {
    return with(overlay, value);
  }

  public final String getOverlay() {
    return getOrDefault(overlay);
  }

  public final Param<String> backend() {
    return backend;
  }

  public final T setBackend(String value) {
    return with(backend, value);
  }

  public final String getBackend() {
    return getOrDefault(backend);
  }

  public final IntParam device() {
    return device;
  }

  public final T setDevice(int value) {
    return with(device, value);
  }

  public final int getDevice() {
    return (int) getOrDefault(device);
  }

  public final Param<String> precision() {
    return precision;
  }

  public final T setPrecision(String value) {
    return with(precision, value);
  }

  public final String getPrecision() {
    return getOrDefault(precision);
  }

  public final IntParam maxLength() {
    return maxLength;
  }

  public final T setMaxLength(int value) {
    return with(maxLength, value);
  }

  public final int getMaxLength() {
    return (int) getOrDefault(maxLength);
  }

  public final Param<String> weights() {
    return weights;
  }

  public final T setWeights(String value) {
    return with(weights, value);
  }

  public final String getWeights() {
    return getOrDefault(weights);
  }

  public final IntParam threads() {
    return threads;
  }

  public final T setThreads(int value) {
    return with(threads, value);
  }

  public final int getThreads() {
    return (int) getOrDefault(threads);
  }

  public final Param<String> outputCol() {
    return outputCol;
  }

  public final T setOutputCol(String value) {
    return with(outputCol, value);
  }

  public final String getOutputCol() {
    return getOrDefault(outputCol);
  }
}
