package io.assay.eval.request;

import java.io.Serializable;
import java.util.List;

/**
 * How a continuation is generated.
 *
 * @param maxNewTokens most new tokens
 * @param stop texts at which it ends
 * @param temperature 0 is greedy
 * @param topP nucleus
 */
public record GenerationParameters(
    int maxNewTokens, List<String> stop, double temperature, double topP) implements Serializable {}
