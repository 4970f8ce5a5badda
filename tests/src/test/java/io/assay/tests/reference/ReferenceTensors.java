package io.assay.tests.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads small safetensors files of trusted origin whole, and widens every element to double. */
public final class ReferenceTensors {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A tensor, row-major. */
  public record Tensor(int[] shape, double[] values) {}

  private final Map<String, Tensor> tensors;
  private final Map<String, String> metadata;

  private ReferenceTensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
    this.tensors = tensors;
    this.metadata = metadata;
  }

  /** Reads one file. */
  public static ReferenceTensors read(Path file) {
    Map<String, Tensor> tensors = new TreeMap<>();
    Map<String, String> metadata = new HashMap<>();
    readInto(file, tensors, metadata);
    return new ReferenceTensors(tensors, metadata);
  }

  /** Reads {@code model.safetensors} of a folder, or the shards its index names. */
  public static ReferenceTensors readFolder(Path folder) {
    Path index = folder.resolve("model.safetensors.index.json");
    if (!Files.exists(index)) {
      return read(folder.resolve("model.safetensors"));
    }
    Map<String, Tensor> tensors = new TreeMap<>();
    Map<String, String> metadata = new HashMap<>();
    try {
      TreeSet<String> shards = new TreeSet<>();
      JSON.readTree(index.toFile()).get("weight_map").forEach(shard -> shards.add(shard.asText()));
      for (String shard : shards) {
        readInto(folder.resolve(shard), tensors, metadata);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ReferenceTensors(tensors, metadata);
  }

  public Map<String, Tensor> all() {
    return tensors;
  }

  public Map<String, String> metadata() {
    return metadata;
  }

  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /** The tensor as stored, without block scales. */
  public Tensor raw(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return tensor;
  }

  /** The tensor times its {@code _scale_inv} where it has one, each product rounded to float. */
  public Tensor dequantised(String name, int block) {
    Tensor weight = raw(name);
    Tensor scale = tensors.get(name + "_scale_inv");
    if (scale == null) {
      return weight;
    }
    int columns = weight.shape[1];
    double[] values = new double[weight.values.length];
    for (int i = 0; i < values.length; i++) {
      int r = i / columns / block;
      int c = i % columns / block;
      values[i] = (float) weight.values[i] * (float) scale.values[r * scale.shape[1] + c];
    }
    return new Tensor(weight.shape, values);
  }

  private static void readInto(
      Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      int length = Math.toIntExact(bytes.getLong(0));
      JsonNode header = JSON.readTree(new String(bytes.array(), 8, length, StandardCharsets.UTF_8));
      for (Map.Entry<String, JsonNode> entry : header.properties()) {
        JsonNode node = entry.getValue();
        if (entry.getKey().equals("__metadata__")) {
          node.properties().forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
          continue;
        }
        int[] shape = JSON.convertValue(node.get("shape"), int[].class);
        int elements = 1;
        for (int d : shape) {
          elements *= d;
        }
        int start = 8 + length + node.get("data_offsets").get(0).asInt();
        tensors.put(
            entry.getKey(),
            new Tensor(shape, widen(bytes, start, node.get("dtype").asText(), elements)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] widen(ByteBuffer bytes, int start, String dtype, int elements) {
    double[] out = new double[elements];
    for (int i = 0; i < elements; i++) {
      out[i] =
          switch (dtype) {
            case "F32" -> bytes.getFloat(start + 4 * i);
            case "I32" -> bytes.getInt(start + 4 * i);
            case "BF16" -> Float.intBitsToFloat(bytes.getShort(start + 2 * i) << 16);
            case "F16" -> Float.float16ToFloat(bytes.getShort(start + 2 * i));
            case "F8_E4M3" -> e4m3(bytes.get(start + i) & 0xFF);
            default -> throw new IllegalArgumentException("dtype " + dtype);
          };
    }
    return out;
  }

  /** Value of an e4m3fn byte: 4 exponent bits with bias 7, 3 mantissa bits, no infinities. */
  public static double e4m3(int bits) {
    int exponent = bits >> 3 & 15;
    int mantissa = bits & 7;
    if (exponent == 15 && mantissa == 7) {
      return Double.NaN;
    }
    double magnitude =
        exponent == 0 ? mantissa / 512.0 : (1 + mantissa / 8.0) * Math.pow(2, exponent - 7);
    return bits >= 128 ? -magnitude : magnitude;
  }
}
