package io.assay.engine.verify;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.checkpoint.Checkpoint;
import io.assay.engine.checkpoint.DType;
import io.assay.engine.checkpoint.FloatFormats;
import io.assay.engine.checkpoint.TensorView;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/** An expected safetensors file; tensors are asked for with the shape they have to have. */
final class GoldenTensors implements AutoCloseable {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final Checkpoint tensors;

  private GoldenTensors(Path file, Checkpoint tensors) {
    this.file = file;
    this.tensors = tensors;
  }

  static GoldenTensors open(Path file) {
    try {
      return new GoldenTensors(file, Checkpoint.openFile(file));
    } catch (EngineException e) {
      throw new EngineException(ErrorCode.GOLDEN_INVALID, e.getMessage(), e);
    }
  }

  Set<String> names() {
    return tensors.names();
  }

  boolean contains(String name) {
    return tensors.contains(name);
  }

  /** A value of the file's metadata. */
  String metadata(String key) {
    String value = tensors.metadata().get(key);
    if (value == null) {
      throw invalid("its metadata lacks \"" + key + "\"");
    }
    return value;
  }

  /** A matrix, row-major. */
  float[] floats(String name, long... shape) {
    return FloatFormats.toFloats(tensor(name, DType.F32, shape));
  }

  /** A matrix of ids, row-major. */
  int[] ints(String name, long... shape) {
    return tensor(name, DType.I32, shape).data().toArray(INT);
  }

  private TensorView tensor(String name, DType dtype, long... shape) {
    if (!tensors.contains(name)) {
      throw invalid("it lacks the tensor " + name);
    }
    TensorView view;
    try {
      view = tensors.tensor(name);
    } catch (EngineException e) {
      throw new EngineException(ErrorCode.GOLDEN_INVALID, e.getMessage(), e);
    }
    if (view.dtype() != dtype || !Arrays.equals(view.shape(), shape)) {
      throw invalid(
          "tensor "
              + name
              + " is "
              + view.dtype()
              + " "
              + Arrays.toString(view.shape())
              + ", the model and the inputs ask for "
              + dtype
              + " "
              + Arrays.toString(shape));
    }
    return view;
  }

  EngineException invalid(String what) {
    return new EngineException(ErrorCode.GOLDEN_INVALID, file + ": " + what);
  }

  @Override
  public void close() {
    tensors.close();
  }
}
