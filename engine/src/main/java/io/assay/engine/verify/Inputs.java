package io.assay.engine.verify;

import io.assay.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * {@code inputs.json}: the named sequences of the other files, and what the tokenizer makes of
 * texts.
 */
final class Inputs {
  private final Map<String, int[]> sequences = new LinkedHashMap<>();
  private final GoldenJson tokenizer;

  private Inputs(GoldenJson tokenizer) {
    this.tokenizer = tokenizer;
  }

  static Inputs read(GoldenCase golden, int vocabulary) {
    Optional<GoldenJson> json = golden.file(GoldenCase.INPUTS).map(GoldenJson::read);
    Inputs inputs = new Inputs(json.flatMap(j -> j.optional("tokenizer")).orElse(null));
    List<GoldenJson> items =
        json.flatMap(j -> j.optional("sequences")).map(GoldenJson::list).orElse(List.of());
    for (GoldenJson item : items) {
      int[] ids = item.get("ids").ids(vocabulary);
      if (ids.length == 0) {
        throw item.invalid("has no ids");
      }
      if (inputs.sequences.put(item.get("name").text(), ids) != null) {
        throw item.invalid("has the name of another sequence");
      }
    }
    return inputs;
  }

  /** Token ids by name, in the file's order. */
  Map<String, int[]> sequences() {
    return sequences;
  }

  /** Refuses a tensor file that is about a sequence there is no such input for. */
  void require(String name, GoldenTensors file) {
    if (!sequences.containsKey(name)) {
      throw file.invalid(
          "it is about a sequence \""
              + name
              + "\" that "
              + GoldenCase.INPUTS
              + " does not have; it has "
              + sequences.keySet());
    }
  }

  /** Encodes and decodes every text. */
  List<Check> checkTokenizer(Tokenizer actual) {
    if (tokenizer == null) {
      return List.of(Check.absent("tokenizer", GoldenCase.INPUTS));
    }
    Comparison encoded = new Comparison("tokenizer ids", GoldenCase.INPUTS, 0);
    Comparison withBos = new Comparison("tokenizer ids with BOS", GoldenCase.INPUTS, 0);
    Comparison decoded = new Comparison("tokenizer decoding", GoldenCase.INPUTS, 0);
    tokenizer
        .optional("vocab_size")
        .ifPresent(
            n -> encoded.equal(actual.size(), n.count(), () -> "number of tokenizer entries"));
    List<GoldenJson> texts = tokenizer.get("texts").list();
    for (int i = 0; i < texts.size(); i++) {
      int index = i;
      GoldenJson item = texts.get(i);
      int[] expected = item.get("ids").ids(Integer.MAX_VALUE);
      int[] found = actual.encode(item.get("text").text());
      encoded.equal(found, expected, () -> "text " + index);
      if (item.has("ids_with_bos")) {
        int[] ids = item.get("ids_with_bos").ids(Integer.MAX_VALUE);
        withBos.equal(bosBefore(found, actual.bosId()), ids, () -> "text " + index);
      }
      if (item.has("decoded")) {
        decoded.equal(
            actual.decode(expected, false), item.get("decoded").text(), () -> "text " + index);
      }
      if (item.has("decoded_skip_special")) {
        decoded.equal(
            actual.decode(expected, true),
            item.get("decoded_skip_special").text(),
            () -> "text " + index + " without special tokens");
      }
    }
    List<Check> checks =
        new ArrayList<>(List.of(encoded.check(), withBos.check(), decoded.check()));
    tokenizer.optional("partial_decoding").ifPresent(p -> checks.add(partialDecoding(p, actual)));
    return checks;
  }

  private static Check partialDecoding(GoldenJson partial, Tokenizer actual) {
    Comparison comparison = new Comparison("partial decoding", GoldenCase.INPUTS, 0);
    int[] ids = partial.get("ids").ids(Integer.MAX_VALUE);
    List<GoldenJson> prefixes = partial.get("decoded_prefixes").list();
    if (prefixes.size() != ids.length) {
      throw partial.invalid("has " + ids.length + " ids and " + prefixes.size() + " prefixes");
    }
    if (partial.has("text")) {
      comparison.equal(actual.encode(partial.get("text").text()), ids, () -> "ids of the text");
    }
    for (int i = 0; i < ids.length; i++) {
      int length = i + 1;
      comparison.equal(
          actual.decode(Arrays.copyOf(ids, length), false),
          prefixes.get(i).text(),
          () -> "the first " + length + " ids");
    }
    return comparison.check();
  }

  private static int[] bosBefore(int[] ids, int bos) {
    return bos < 0 ? ids : IntStream.concat(IntStream.of(bos), IntStream.of(ids)).toArray();
  }
}
