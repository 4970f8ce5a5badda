package io.assay.tests.benchmark;

/**
 * What the engine alone needs for the texts of a run.
 *
 * @param open seconds to open the model
 * @param encode seconds to read the texts and make tokens of them
 * @param score seconds in the engine
 * @param tokens fed, without sharing
 * @param bits of all log-likelihoods, combined by exclusive or
 */
record BareResult(double open, double encode, double score, long tokens, long bits) {
  double all() {
    return open + encode + score;
  }
}
