package io.assay.engine.generate;

import java.util.List;

/**
 * Asks for a continuation of a prompt.
 *
 * @param id returned with the result
 * @param prompt token ids, at least one
 * @param maxNewTokens most tokens to emit, the end token included
 * @param stop texts at which the continuation ends; see {@link Stops}
 * @param temperature 0 is greedy
 * @param topP nucleus in (0, 1]; ignored when greedy
 * @param seed of the request's own random stream; ignored when greedy
 * @param speculative whether the model's MTP modules draft tokens; the result is the same
 * @param ignoreEos go on after an end token
 * @param reasoning split {@code <think>...</think>} from the text before stop texts see it; see
 *     {@link Reasoning}
 * @param experts whether the expert ids of every fed token are returned, not only their counts
 * @param entropies whether draft steps have the main model's entropies
 */
public record GenerateRequest(
    String id,
    int[] prompt,
    int maxNewTokens,
    List<String> stop,
    double temperature,
    double topP,
    long seed,
    boolean speculative,
    boolean ignoreEos,
    boolean reasoning,
    boolean experts,
    boolean entropies) {

  /** A request whose text is taken as it is, thinking included. */
  public GenerateRequest(
      String id,
      int[] prompt,
      int maxNewTokens,
      List<String> stop,
      double temperature,
      double topP,
      long seed,
      boolean speculative,
      boolean ignoreEos) {
    this(
        id,
        prompt,
        maxNewTokens,
        stop,
        temperature,
        topP,
        seed,
        speculative,
        ignoreEos,
        /* reasoning= */ false);
  }

  /** A request of whose routing only counts are wanted. */
  public GenerateRequest(
      String id,
      int[] prompt,
      int maxNewTokens,
      List<String> stop,
      double temperature,
      double topP,
      long seed,
      boolean speculative,
      boolean ignoreEos,
      boolean reasoning) {
    this(
        id,
        prompt,
        maxNewTokens,
        stop,
        temperature,
        topP,
        seed,
        speculative,
        ignoreEos,
        reasoning,
        /* experts= */ false);
  }

  /** A request whose draft steps have no entropies. */
  public GenerateRequest(
      String id,
      int[] prompt,
      int maxNewTokens,
      List<String> stop,
      double temperature,
      double topP,
      long seed,
      boolean speculative,
      boolean ignoreEos,
      boolean reasoning,
      boolean experts) {
    this(
        id,
        prompt,
        maxNewTokens,
        stop,
        temperature,
        topP,
        seed,
        speculative,
        ignoreEos,
        reasoning,
        experts,
        /* entropies= */ false);
  }

  public static GenerateRequest greedy(String id, int[] prompt, int maxNewTokens) {
    return new GenerateRequest(id, prompt, maxNewTokens, List.of(), 0, 1, 0, false, false);
  }
}
