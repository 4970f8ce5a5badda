package io.assay.engine.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Map;

/**
 * Writes a safetensors file of any size: tensors follow each other in the given order and are
 * produced as they are written. Equal tensors give equal bytes.
 */
public final class SafetensorsWriter {
  private static final JsonFactory JSON = new JsonFactory();

  /** The format's library begins the data at a multiple of this; others map them there. */
  private static final int ALIGNMENT = 8;

  /** Bytes handed on at a time; buffers end at 2 GiB. */
  private static final long COPIED = 1L << 26;

  private SafetensorsWriter() {}

  /** Writes a tensor's elements, row-major and little-endian. */
  @FunctionalInterface
  public interface Data {
    void write(WritableByteChannel out) throws IOException;
  }

  /**
   * A tensor to write.
   *
   * @param name name in the checkpoint
   * @param dtype element type
   * @param shape dimensions, outermost first
   * @param data exactly the elements of the shape
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Tensor(String name, DType dtype, long[] shape, Data data) {

    /** A vector of type F32. */
    public static Tensor ofFloats(String name, float... values) {
      return new Tensor(
          name,
          DType.F32,
          new long[] {values.length},
          out -> {
            ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            drain(bytes, out);
          });
    }

    /** A copy of a tensor that is open, and stays so until this is written. */
    public static Tensor of(TensorView view) {
      return new Tensor(view.name(), view.dtype(), view.shape(), out -> copy(view.data(), out));
    }

    private static void copy(MemorySegment data, WritableByteChannel out) throws IOException {
      for (long at = 0; at < data.byteSize(); at += COPIED) {
        drain(data.asSlice(at, Math.min(COPIED, data.byteSize() - at)).asByteBuffer(), out);
      }
    }

    /** Size of the data. */
    public long bytes() {
      long bytes = dtype.bytes();
      for (long dimension : shape) {
        bytes = Math.multiplyExact(bytes, dimension);
      }
      return bytes;
    }
  }

  /**
   * Writes the whole file and leaves the channel open.
   *
   * @param metadata free text by key, in its order; left out when empty
   * @throws IOException if it cannot be written
   * @throws IllegalStateException if a tensor's data have another size than its shape
   */
  public static void write(
      WritableByteChannel out, Map<String, String> metadata, List<Tensor> tensors)
      throws IOException {
    byte[] header = header(metadata, tensors);
    int padded = Math.ceilDiv(header.length, ALIGNMENT) * ALIGNMENT;
    ByteBuffer head =
        ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    head.put(header);
    while (head.hasRemaining()) {
      head.put((byte) ' ');
    }
    drain(head.flip(), out);
    for (Tensor tensor : tensors) {
      Counting counted = new Counting(out);
      tensor.data().write(counted);
      if (counted.written != tensor.bytes()) {
        throw new IllegalStateException(
            "the data of tensor '%s' have %d bytes, its shape takes %d"
                .formatted(tensor.name(), counted.written, tensor.bytes()));
      }
    }
  }

  private static byte[] header(Map<String, String> metadata, List<Tensor> tensors)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart("__metadata__");
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      long offset = 0;
      for (Tensor tensor : tensors) {
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", tensor.dtype().name());
        json.writeFieldName("shape");
        json.writeArray(tensor.shape(), 0, tensor.shape().length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {offset, offset + tensor.bytes()}, 0, 2);
        json.writeEndObject();
        offset += tensor.bytes();
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void drain(ByteBuffer bytes, WritableByteChannel out) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** Counts what passes; a channel that is only lent is not closed. */
  private static final class Counting implements WritableByteChannel {
    private final WritableByteChannel out;
    private long written;

    private Counting(WritableByteChannel out) {
      this.out = out;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int count = out.write(bytes);
      written += count;
      return count;
    }

    @Override
    public boolean isOpen() {
      return out.isOpen();
    }

    @Override
    public void close() {}
  }
}
