package io.assay.eval.request;

import java.io.Serializable;
import java.util.List;

/**
 * One question to the engine, in token ids; a row of {@code samples} once it is answered.
 *
 * @param requestId stable: hash of model fingerprint, numerics, token ids and parameters, made
 *     unique within the run by task, document, choice and window
 * @param task task name, or {@code corpus:<name>} for corpora
 * @param domain domain of a corpus document; the task's name for tasks
 * @param docId document within the task or corpus
 * @param kind what is asked
 * @param choice index of the choice, 0 if there is only one
 * @param window index of the rolling window, 0 if there is only one
 * @param tokens token ids: whole input with the scored part for log-likelihoods, prompt for
 *     generation
 * @param from first scored index; {@code tokens.length} for generation
 * @param truncatedTokens tokens cut from the front, 0 if none
 * @param emptyContinuation the continuation alone was encoded because the pair's had no tokens
 * @param maxNewTokens generation only
 * @param stop generation only
 * @param temperature generation only
 * @param topP generation only
 * @param seed generation only
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, requests are told apart by their id
public record EvalRequest(
    String requestId,
    String task,
    String domain,
    String docId,
    RequestKind kind,
    int choice,
    int window,
    int[] tokens,
    int from,
    int truncatedTokens,
    boolean emptyContinuation,
    int maxNewTokens,
    List<String> stop,
    double temperature,
    double topP,
    long seed)
    implements Serializable {}
