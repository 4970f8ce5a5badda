package io.assay.engine.checkpoint;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * One mapped safetensors file: 8 bytes of header length (little-endian), the JSON header, the data.
 *
 * @param file the file
 * @param data everything behind the header
 * @param tensors what the header lists, in its order
 * @param metadata free text by key
 */
record SafetensorsFile(
    Path file, MemorySegment data, Map<String, TensorInfo> tensors, Map<String, String> metadata) {
  private static final int LENGTH_BYTES = 8;

  /** The bound of the format's own library; a DeepSeek-V3 in one file would need 15 MB. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Maps a file for as long as the arena lives and checks its header against its size. */
  static SafetensorsFile map(Path file, Arena arena) {
    MemorySegment all = mapAll(file, arena);
    long size = all.byteSize();
    if (size < LENGTH_BYTES) {
      throw corrupt(file, "it has %d bytes, fewer than the 8 of a header length".formatted(size));
    }
    long headerBytes = all.get(LENGTH, 0);
    if (headerBytes < 0 || headerBytes > size - LENGTH_BYTES) {
      throw corrupt(
          file,
          "it says its header has %s bytes, but only %,d follow; the file is truncated or no safetensors file"
              .formatted(Long.toUnsignedString(headerBytes), size - LENGTH_BYTES));
    }
    if (headerBytes > MAX_HEADER_BYTES) {
      throw corrupt(
          file,
          "its header of %,d bytes exceeds the %,d the format allows"
              .formatted(headerBytes, MAX_HEADER_BYTES));
    }
    byte[] header = all.asSlice(LENGTH_BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
    MemorySegment data = all.asSlice(LENGTH_BYTES + headerBytes);
    SafetensorsHeader parsed = SafetensorsHeader.parse(file.toString(), header, data.byteSize());
    return new SafetensorsFile(file, data, parsed.tensors(), parsed.metadata());
  }

  private static MemorySegment mapAll(Path file, Arena arena) {
    // Opening a pipe or a device would block or have no size.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new EngineException(ErrorCode.MODEL_NOT_FOUND, file + " is not a regular file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (NoSuchFileException e) {
      throw new EngineException(
          ErrorCode.MODEL_NOT_FOUND, file + " does not exist; check the model folder", e);
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.MODEL_NOT_FOUND, file + " cannot be mapped: " + e.getMessage(), e);
    }
  }

  /** The bytes of one of {@link #tensors}. */
  MemorySegment bytes(TensorInfo info) {
    return data.asSlice(info.begin(), info.bytes());
  }

  private static EngineException corrupt(Path file, String found) {
    return new EngineException(
        ErrorCode.CHECKPOINT_CORRUPT, file + " is not a valid safetensors file: " + found);
  }
}
