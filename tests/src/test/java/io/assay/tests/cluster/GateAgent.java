package io.assay.tests.cluster;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A Java agent that counts the calls of the real engine, over all processes that have it, and holds
 * those whose number is not below a limit until it is raised: {@link CallGate} says how far.
 * Executors get it by {@code -javaagent:<jar>=<folder>}.
 */
public final class GateAgent {
  /** File with the number of calls that may go on. */
  static final String LIMIT = "limit";

  /** A held call: a file with its process's number and, on the next line, its command. */
  static final String HELD = "held-";

  private static final String CALL = "call-";
  private static final long POLL_MILLIS = 20;

  private static volatile Path folder;

  private GateAgent() {}

  /** Called by the JVM before its main class. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    folder = Path.of(arguments);
    EngineCalls.tell(GateAgent.class, instrumentation);
  }

  /** Called by the engine with its requests: returns when the call may go on. */
  public static void check(List<?> requests) {
    try {
      int call = number();
      if (call >= limit()) {
        tell(call);
        while (call >= limit()) {
          Thread.sleep(POLL_MILLIS);
        }
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("a call of " + requests.size() + " was held in vain", e);
    }
  }

  /** The next one, which no other process gets. */
  private static int number() throws IOException {
    for (int call = 0; ; call++) {
      try {
        Files.createFile(folder.resolve(CALL + call));
        return call;
      } catch (FileAlreadyExistsException e) {
        // Somebody else's.
      }
    }
  }

  private static int limit() throws IOException {
    return Integer.parseInt(Files.readString(folder.resolve(LIMIT)));
  }

  private static void tell(int call) throws IOException {
    String who = ProcessHandle.current().pid() + "\n" + System.getProperty("sun.java.command");
    replace(folder.resolve(HELD + call), who);
  }

  /** Writes a file that nobody sees half. */
  static void replace(Path file, String text) throws IOException {
    Path written = Files.writeString(file.resolveSibling("_" + file.getFileName()), text);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
