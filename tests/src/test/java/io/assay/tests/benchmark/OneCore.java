package io.assay.tests.benchmark;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * A Java agent that keeps an executor on one processor, as the containers of a cluster do:
 * compiling and collecting garbage are not done by a processor that was not asked for.
 */
public final class OneCore {
  private static final String ID = "--executor-id";
  private static final int CANNOT = 1;

  private OneCore() {}

  /**
   * Called by the JVM before its main class: takes the processor that has the executor's number.
   */
  public static void premain(String arguments) throws IOException, InterruptedException {
    Iterator<String> words =
        Arrays.asList(System.getProperty("sun.java.command", "").split(" ", -1)).iterator();
    while (words.hasNext()) {
      if (words.next().equals(ID) && words.hasNext()) {
        int processor = Integer.parseInt(words.next()) % Runtime.getRuntime().availableProcessors();
        pin(ProcessHandle.current().pid(), processor);
      }
    }
  }

  private static void pin(long pid, int processor) throws IOException, InterruptedException {
    // All threads: those of the JVM itself are there already.
    List<String> command =
        List.of("taskset", "--all-tasks", "--cpu-list", "--pid", "" + processor, "" + pid);
    Process taskset =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (taskset.waitFor() != 0) {
      System.err.println("an executor cannot be kept on processor " + processor);
      System.exit(CANNOT);
    }
  }
}
