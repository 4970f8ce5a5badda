package io.assay.tests.cluster;

import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A Java agent that makes the real engine end its process without a word when it is asked for
 * certain tokens, as a defect in native code or a broken device would. Executors get it by {@code
 * -javaagent:<jar>=<token ids>}; the product knows nothing of it.
 */
public final class PoisonAgent {
  /** What a process ends with that aborts. */
  static final int EXIT = 134;

  private static final List<String> TOKENS = List.of("tokens", "prompt");

  private static volatile int[] poison = {};

  private PoisonAgent() {}

  /** Called by the JVM before its main class. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    poison = Arrays.stream(arguments.split("-", -1)).mapToInt(Integer::parseInt).toArray();
    EngineCalls.tell(PoisonAgent.class, instrumentation);
  }

  /** The option that puts the agent into a JVM. */
  static String option(Path jar, int... tokens) {
    return "-javaagent:"
        + jar
        + "="
        + IntStream.of(tokens).mapToObj(String::valueOf).collect(Collectors.joining("-"));
  }

  /** Called by the engine with its requests: ends the process if one has the poisoned tokens. */
  public static void check(List<?> requests) {
    for (Object request : requests) {
      if (contains(tokens(request))) {
        Runtime.getRuntime().halt(EXIT);
      }
    }
  }

  /** Classes of the engine belong to a class loader that this class cannot see. */
  private static int[] tokens(Object request) {
    for (String accessor : TOKENS) {
      try {
        return (int[]) request.getClass().getMethod(accessor).invoke(request);
      } catch (NoSuchMethodException e) {
        // The other kind of request.
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new IllegalStateException(request.getClass() + " has no tokens");
  }

  private static boolean contains(int[] tokens) {
    return IntStream.rangeClosed(0, tokens.length - poison.length)
        .anyMatch(
            from -> Arrays.equals(tokens, from, from + poison.length, poison, 0, poison.length));
  }
}
