package io.assay.tests.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A Linux control group that gives a process no more than so much memory, page cache included:
 * version 2, or the memory controller of version 1.
 */
final class MemoryLimit implements AutoCloseable {
  private static final Path V1 = Path.of("/sys/fs/cgroup/memory");
  private static final Path V2 = Path.of("/sys/fs/cgroup");

  /** Names of a version's files. */
  private enum Version {
    ONE("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.max_usage_in_bytes"),
    TWO("memory.max", "memory.swap.max", "memory.peak");

    private final String limit;
    private final String swap;
    private final String peak;

    Version(String limit, String swap, String peak) {
      this.limit = limit;
      this.swap = swap;
      this.peak = peak;
    }
  }

  private final Path group;
  private final Version version;

  private MemoryLimit(Path group, Version version) {
    this.group = group;
    this.version = version;
  }

  /**
   * A new group below this process's own or beside it, wherever one may be made.
   *
   * @throws IOException saying why, if there is no such place
   */
  static MemoryLimit of(long bytes) throws IOException {
    List<String> problems = new ArrayList<>();
    String name = "assay-bench-" + ProcessHandle.current().pid();
    for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
      String[] parts = line.split(":", 3);
      boolean two = parts[1].isEmpty();
      if (!two && !List.of(parts[1].split(",")).contains("memory")) {
        continue;
      }
      Version version = two ? Version.TWO : Version.ONE;
      Path own = (two ? V2 : V1).resolve(parts[2].substring(1)).normalize();
      for (Path parent : List.of(own, own.getParent())) {
        try {
          return create(parent.resolve(name), version, bytes);
        } catch (IOException e) {
          problems.add(e.toString());
        }
      }
    }
    throw new IOException(
        problems.isEmpty() ? "this process is in no memory group" : String.join("; ", problems));
  }

  private static MemoryLimit create(Path group, Version version, long bytes) throws IOException {
    Files.createDirectory(group);
    try {
      Files.writeString(group.resolve(version.limit), Long.toString(bytes));
      try {
        // No way out into swap: memory and swap together in version 1, swap alone in version 2.
        String swap = version == Version.TWO ? "0" : Long.toString(bytes);
        Files.writeString(group.resolve(version.swap), swap);
      } catch (IOException e) {
        // Kernels without swap accounting have no such file.
      }
      return new MemoryLimit(group, version);
    } catch (IOException e) {
      Files.delete(group);
      throw e;
    }
  }

  /** The command, started inside the group. */
  List<String> around(List<String> command) {
    List<String> around = new ArrayList<>();
    around.addAll(
        List.of("sh", "-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"", group.toString()));
    around.addAll(command);
    return around;
  }

  /** Most bytes the group ever held, page cache included; empty where the kernel does not say. */
  OptionalLong peak() {
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(group.resolve(version.peak)).strip()));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  String description() {
    return version == Version.TWO ? "cgroup v2" : "cgroup v1";
  }

  @Override
  public void close() throws IOException {
    Files.delete(group);
  }
}
