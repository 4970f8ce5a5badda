package io.assay.tests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Lets so many calls of executors' engines through and holds the others, so that what happens to a
 * run happens in the middle of its work, however fast or slow its machine is.
 */
final class CallGate {
  private static final int KILL_SECONDS = 300;

  private final Path folder;

  /**
   * An executor that is held in front of a call, in the middle of a task.
   *
   * @param executorId Spark's number of it
   */
  record Caller(long pid, String applicationId, String executorId) {
    private static Caller of(String who) {
      int line = who.indexOf('\n');
      return new Caller(
          Long.parseLong(who.substring(0, line)),
          option(who, "--app-id"),
          option(who, "--executor-id"));
    }

    private static String option(String command, String name) {
      Matcher option = Pattern.compile(name + " (\\S+)").matcher(command);
      if (!option.find()) {
        throw new IllegalStateException(
            "no " + name + " in the command of an executor: " + command);
      }
      return option.group(1);
    }

    /** Kills its process at once. */
    void kill() throws Exception {
      ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
      process.destroyForcibly();
      process.onExit().get(KILL_SECONDS, TimeUnit.SECONDS);
    }
  }

  /**
   * @param folder of the gate's files, made here
   * @param calls that are not held
   */
  CallGate(Path folder, int calls) throws IOException {
    this.folder = Files.createDirectories(folder);
    EngineCalls.jar(jar(), GateAgent.class);
    limit(calls);
  }

  private Path jar() {
    return folder.resolve("gate.jar");
  }

  /** The option that puts the gate into an executor's JVM. */
  String option() {
    return "-javaagent:" + jar() + "=" + folder;
  }

  /**
   * Waits until executors are held.
   *
   * @param executors how many have to be
   * @return those that are, in the order of their calls
   */
  List<Caller> await(SubmittedRun run, int executors) throws IOException, InterruptedException {
    AtomicReference<List<Caller>> held = new AtomicReference<>();
    run.process()
        .await(
            () -> {
              held.set(held());
              return held.get().size() >= executors;
            },
            executors + " executors in front of a held call",
            SubmittedRun.SECONDS);
    return held.get();
  }

  private List<Caller> held() {
    try (Stream<Path> files = Files.list(folder)) {
      Map<Long, Caller> callers = new LinkedHashMap<>();
      List<Path> calls =
          files
              .filter(file -> file.getFileName().toString().startsWith(GateAgent.HELD))
              .sorted(Comparator.comparingInt(CallGate::number))
              .toList();
      for (Path call : calls) {
        Caller caller = Caller.of(Files.readString(call));
        callers.putIfAbsent(caller.pid(), caller);
      }
      return List.copyOf(callers.values());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int number(Path call) {
    return Integer.parseInt(call.getFileName().toString().substring(GateAgent.HELD.length()));
  }

  /** Lets the calls through whose number is less. */
  void limit(int calls) throws IOException {
    GateAgent.replace(folder.resolve(GateAgent.LIMIT), Integer.toString(calls));
  }

  /** Lets all calls through. */
  void open() throws IOException {
    limit(Integer.MAX_VALUE);
  }
}
