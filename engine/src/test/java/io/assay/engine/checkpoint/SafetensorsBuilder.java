package io.assay.engine.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes safetensors files for tests, well-formed ones and others. */
public final class SafetensorsBuilder {
  private final List<String> entries = new ArrayList<>();
  private final List<byte[]> data = new ArrayList<>();
  private long size;

  /** A tensor behind the previous one, its size taken from its data. */
  public SafetensorsBuilder tensor(String name, String dtype, String shape, byte[] bytes) {
    entries.add(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
            .formatted(name, dtype, shape, size, size + bytes.length));
    data.add(bytes);
    size += bytes.length;
    return this;
  }

  public SafetensorsBuilder floats(String name, float... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return tensor(name, "F32", "[" + values.length + "]", buffer.array());
  }

  public Path write(Path file) throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) size);
    data.forEach(all::put);
    return write(file, "{" + String.join(",", entries) + "}", all.array());
  }

  /** A file of any header text and any data behind it. */
  static Path write(Path file, String header, byte[] data) throws IOException {
    return write(file, header.getBytes(StandardCharsets.UTF_8), data);
  }

  static Path write(Path file, byte[] header, byte[] data) throws IOException {
    return writeRaw(file, header.length, header, data);
  }

  /** As {@link #write(Path, byte[], byte[])}, with another header length than the true one. */
  static Path writeRaw(Path file, long length, byte[] header, byte[] data) throws IOException {
    ByteBuffer all =
        ByteBuffer.allocate(Long.BYTES + header.length + data.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(length).put(header).put(data);
    return Files.write(file, all.array());
  }
}
