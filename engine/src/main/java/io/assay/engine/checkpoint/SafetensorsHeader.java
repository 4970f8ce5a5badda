package io.assay.engine.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.config.StrictJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file, checked against the size of the data behind it: every
 * range lies in the file and fits its shape and type, ranges follow each other without overlap or
 * hole (format description of huggingface/safetensors, "the byte buffer needs to be entirely
 * indexed").
 */
final class SafetensorsHeader {
  private static final String METADATA = "__metadata__";

  /** Bits per element of every type of the format; others may come and cannot be size-checked. */
  private static final Map<String, Integer> BITS =
      Map.ofEntries(
          Map.entry("BOOL", 8),
          Map.entry("U8", 8),
          Map.entry("I8", 8),
          Map.entry("F8_E4M3", 8),
          Map.entry("F8_E5M2", 8),
          Map.entry("F8_E8M0", 8),
          Map.entry("F4", 4),
          Map.entry("F6_E2M3", 6),
          Map.entry("F6_E3M2", 6),
          Map.entry("U16", 16),
          Map.entry("I16", 16),
          Map.entry("F16", 16),
          Map.entry("BF16", 16),
          Map.entry("U32", 32),
          Map.entry("I32", 32),
          Map.entry("F32", 32),
          Map.entry("U64", 64),
          Map.entry("I64", 64),
          Map.entry("F64", 64),
          Map.entry("C64", 64));

  private final String file;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private SafetensorsHeader(String file) {
    this.file = file;
  }

  /**
   * Parses and checks a header.
   *
   * @param file name for messages
   * @param json the header's bytes
   * @param dataBytes size of everything behind the header
   */
  static SafetensorsHeader parse(String file, byte[] json, long dataBytes) {
    SafetensorsHeader header = new SafetensorsHeader(file);
    if (json.length == 0 || json[0] != '{') {
      throw header.corrupt("its header does not begin with '{'");
    }
    try (JsonParser parser = StrictJson.parser(json)) {
      header.read(parser);
    } catch (IOException e) {
      throw StrictJson.notJson("The header of " + file, ErrorCode.CHECKPOINT_CORRUPT, e);
    }
    header.checkRanges(dataBytes);
    return header;
  }

  /** The tensors in the order of the header. */
  Map<String, TensorInfo> tensors() {
    return tensors;
  }

  /** Free text by key, from {@code __metadata__}. */
  Map<String, String> metadata() {
    return metadata;
  }

  private void read(JsonParser parser) throws IOException {
    parser.nextToken();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw corrupt("its header entry '" + brief(name) + "' is not an object");
      }
      if (name.equals(METADATA)) {
        readMetadata(parser);
      } else {
        tensors.put(name, readTensor(parser, name));
      }
    }
    if (parser.nextToken() != null) {
      throw corrupt("its header has text behind the JSON object");
    }
  }

  private void readMetadata(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw corrupt("its __metadata__ may only hold strings");
      }
      metadata.put(key, parser.getText());
    }
  }

  private TensorInfo readTensor(JsonParser parser, String name) throws IOException {
    String dtype = null;
    long[] shape = null;
    long[] offsets = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      JsonToken token = parser.nextToken();
      switch (key) {
        case "dtype" -> {
          if (token != JsonToken.VALUE_STRING) {
            throw corrupt(name, "a dtype that is not a string");
          }
          dtype = parser.getText();
        }
        case "shape" -> shape = readSizes(parser, name, key);
        case "data_offsets" -> offsets = readSizes(parser, name, key);
        default -> parser.skipChildren();
      }
    }
    if (dtype == null || shape == null || offsets == null) {
      throw corrupt(name, "no dtype, shape or data_offsets");
    }
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw corrupt(
          name,
          "data_offsets %s, not [begin, end] with begin <= end"
              .formatted(Arrays.toString(offsets)));
    }
    TensorInfo info = new TensorInfo(name, dtype, shape, offsets[0], offsets[1]);
    checkSize(info);
    return info;
  }

  /** An array of integers in 0 .. 2^63 - 1. */
  private long[] readSizes(JsonParser parser, String name, String key) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw corrupt(name, key + " that is not an array");
    }
    List<Long> sizes = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
          || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          || parser.getLongValue() < 0) {
        throw corrupt(
            name,
            "the value '%s' in its %s, not an integer from 0 to 2^63 - 1"
                .formatted(brief(String.valueOf(parser.getText())), key));
      }
      sizes.add(parser.getLongValue());
    }
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  private void checkSize(TensorInfo info) {
    Integer bits = BITS.get(info.dtype());
    if (bits == null) {
      return;
    }
    long need;
    try {
      need = bits;
      for (long dimension : info.shape()) {
        need = Math.multiplyExact(need, dimension);
      }
    } catch (ArithmeticException e) {
      throw corrupt(
          info.name(), "shape %s, too large to count".formatted(Arrays.toString(info.shape())), e);
    }
    if (need % 8 != 0 || need / 8 != info.bytes()) {
      throw corrupt(
          info.name(),
          "data_offsets [%d, %d] of %,d bytes, but %s %s takes %,d"
              .formatted(
                  info.begin(),
                  info.end(),
                  info.bytes(),
                  info.dtype(),
                  Arrays.toString(info.shape()),
                  need / 8));
    }
  }

  private void checkRanges(long dataBytes) {
    List<TensorInfo> sorted = new ArrayList<>(tensors.values());
    sorted.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
    long end = 0;
    String previous = "the header";
    for (TensorInfo info : sorted) {
      if (info.end() > dataBytes) {
        throw corrupt(
            info.name(),
            "data up to byte %,d, but only %,d bytes follow the header; the file is truncated, copy it again"
                .formatted(info.end(), dataBytes));
      }
      if (info.begin() < end) {
        throw corrupt(
            info.name(),
            "data_offsets [%d, %d] that overlap '%s', which ends at %d"
                .formatted(info.begin(), info.end(), brief(previous), end));
      }
      if (info.begin() > end) {
        throw corrupt(
            info.name(),
            "data that begin at byte %,d, leaving a hole behind '%s', which ends at %,d"
                .formatted(info.begin(), brief(previous), end));
      }
      end = info.end();
      previous = info.name();
    }
    if (end != dataBytes) {
      throw corrupt(
          "%,d bytes follow the header, but its tensors end at %,d".formatted(dataBytes, end));
    }
  }

  private EngineException corrupt(String name, String found) {
    return corrupt("tensor '" + brief(name) + "' has " + found);
  }

  private EngineException corrupt(String name, String found, Throwable cause) {
    return new EngineException(
        ErrorCode.CHECKPOINT_CORRUPT,
        file + " is not a valid safetensors file: tensor '" + brief(name) + "' has " + found,
        cause);
  }

  private EngineException corrupt(String found) {
    return new EngineException(
        ErrorCode.CHECKPOINT_CORRUPT, file + " is not a valid safetensors file: " + found);
  }

  /** Names come from the file: long or unprintable ones must not fill the console. */
  private static String brief(String text) {
    String shown = text.length() <= 120 ? text : text.substring(0, 120) + "...";
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
