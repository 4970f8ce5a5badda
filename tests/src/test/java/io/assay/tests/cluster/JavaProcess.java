package io.assay.tests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A JVM of its own, in a folder of its own, its output in files there. */
final class JavaProcess implements AutoCloseable {
  /** A process that is killed is gone within this time, or the machine is beyond help. */
  private static final int KILL_SECONDS = 300;

  private static final long POLL_MILLIS = 100;

  /** Those that would outlive this JVM, should it be ended before it closes them. */
  private static final Set<JavaProcess> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> OPEN.forEach(JavaProcess::close), "end of processes"));
  }

  private final String name;
  private final Path folder;
  private final Process process;

  private JavaProcess(String name, Path folder, Process process) {
    this.name = name;
    this.folder = folder;
    this.process = process;
  }

  /**
   * Starts {@code java} of the JDK that runs the tests.
   *
   * @param folder made if it is missing; the process' current one
   */
  static JavaProcess start(
      String name, Path folder, Map<String, String> environment, List<String> arguments)
      throws IOException {
    return start(name, folder, environment, List.of(), arguments);
  }

  /**
   * The same by another command.
   *
   * @param launcher becomes the command that is its last arguments
   */
  static JavaProcess start(
      String name,
      Path folder,
      Map<String, String> environment,
      List<String> launcher,
      List<String> arguments)
      throws IOException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>(launcher);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectOutput(folder.resolve(name + ".out").toFile());
    builder.redirectError(folder.resolve(name + ".err").toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    JavaProcess started = new JavaProcess(name, folder, process);
    OPEN.add(started);
    return started;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Standard output so far. */
  String out() throws IOException {
    return Files.readString(folder.resolve(name + ".out"), StandardCharsets.UTF_8);
  }

  /** Standard error so far. */
  String err() throws IOException {
    return Files.readString(folder.resolve(name + ".err"), StandardCharsets.UTF_8);
  }

  /** Waits for its end and returns the exit code. */
  int await(int seconds) throws IOException, InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new IllegalStateException(name + " still runs after " + seconds + " s:\n" + err());
    }
    return process.exitValue();
  }

  /** Waits until a line of the standard error says something. */
  void awaitLine(String text, int seconds) throws IOException, InterruptedException {
    await(() -> said(text), name + " to say '" + text + "'", seconds);
  }

  private boolean said(String text) {
    try {
      return err().contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until something is true, as long as the process lives. */
  void await(BooleanSupplier condition, String what, int seconds)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!condition.getAsBoolean()) {
      if (!alive()) {
        throw new IllegalStateException(
            "waited for " + what + ", but " + name + " ended with " + await(1) + ":\n" + err());
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "waited " + seconds + " s in vain for " + what + "; " + name + " says:\n" + err());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Kills the process, and only it, at once: it gets no chance to say good-bye. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor(KILL_SECONDS, TimeUnit.SECONDS);
  }

  /** Kills the process and everything it started. */
  @Override
  public void close() {
    OPEN.remove(this);
    // Asked before: orphans are nobody's descendants.
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle killed : all) {
      try {
        killed.onExit().get(KILL_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException("process " + killed.pid() + " cannot be killed", e);
      }
    }
  }
}
