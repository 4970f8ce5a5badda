package io.assay.tests.cluster;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;

/**
 * How often and with which numbers faults are tried: {@code -Dassay.faults.rounds=N} tries each N
 * times, {@code -Dassay.faults.seed=S} at other moments and on other executors.
 */
final class Faults {
  private static final long SEED = Long.getLong("assay.faults.seed", 20_260_101L);
  private static final int ROUNDS = Integer.getInteger("assay.faults.rounds", 1);

  private Faults() {}

  /** Whether rounds are asked for. */
  static boolean asked() {
    return Integer.getInteger("assay.faults.rounds") != null;
  }

  /** Leaves out what takes minutes, unless rounds are asked for. */
  static void requireAsked() {
    Assumptions.assumeTrue(
        asked(),
        "an executor and a driver are always killed; further faults on clusters of processes, and"
            + " remote models, take minutes: they are tried with -Dassay.faults.rounds=1 or more");
  }

  /** Numbers of the rounds, from 0. */
  static IntStream rounds() {
    return IntStream.range(0, ROUNDS);
  }

  /** Random numbers of a round of one kind of fault. */
  static SplittableRandom random(String fault, int round) {
    return new SplittableRandom(SEED + 31L * fault.hashCode() + round);
  }

  /** For the messages of tests: what repeats a round. */
  static String describe(String fault, int round) {
    return fault + ", round " + round + " of -Dassay.faults.seed=" + SEED;
  }
}
