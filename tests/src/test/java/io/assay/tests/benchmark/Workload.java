package io.assay.tests.benchmark;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.assay.tests.generated.Tokens;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The work all end-to-end benchmarks do: random tokens, since nothing but their number decides the
 * time. Its JSON is what other programs read.
 *
 * @param texts to be scored whole
 * @param prompts to be continued
 * @param newTokens of a continuation, besides the first
 * @param items multiple-choice items that share a few-shot header
 */
record Workload(
    int[][] texts, int[][] prompts, @JsonProperty("new_tokens") int newTokens, List<Item> items) {
  /**
   * @param stem few-shot header and question
   * @param choices continuations of it
   */
  record Item(int[] stem, int[][] choices) {
    int[] sequence(int choice) {
      return join(stem, choices[choice]);
    }
  }

  /**
   * How long everything is, in tokens.
   *
   * @param batch number of texts, and of prompts
   * @param header what all items begin with
   * @param items number of them
   */
  record Size(
      int batch,
      int text,
      int prompt,
      int newTokens,
      int header,
      int question,
      int choice,
      int choices,
      int items) {
    /** Five-shot questions with four choices, texts of 512 tokens. */
    static final Size STANDARD = new Size(8, 512, 128, 32, 400, 60, 8, 4, 10);

    /** As little as has all parts. */
    static final Size SMALL = new Size(2, 24, 8, 4, 16, 8, 4, 2, 2);
  }

  static Workload of(Size size, int vocabulary) {
    int[] header = Tokens.random(size.header(), vocabulary, 1);
    List<Item> items =
        IntStream.range(0, size.items())
            .mapToObj(
                i -> {
                  int[] question = inner(size.question(), vocabulary, 1000 + i);
                  int[][] choices = new int[size.choices()][];
                  Arrays.setAll(choices, c -> inner(size.choice(), vocabulary, 2000 + 100 * i + c));
                  return new Item(join(header, question), choices);
                })
            .toList();
    return new Workload(
        many(size.batch(), size.text(), vocabulary, 3000),
        many(size.batch(), size.prompt(), vocabulary, 4000),
        size.newTokens(),
        items);
  }

  private static int[][] many(int count, int length, int vocabulary, int seed) {
    int[][] sequences = new int[count][];
    Arrays.setAll(sequences, i -> Tokens.random(length, vocabulary, seed + i));
    return sequences;
  }

  /** Tokens without one that begins a text. */
  private static int[] inner(int length, int vocabulary, int seed) {
    int[] tokens = Tokens.random(length + 1, vocabulary, seed);
    return Arrays.copyOfRange(tokens, 1, tokens.length);
  }

  private static int[] join(int[] a, int[] b) {
    return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
  }
}
