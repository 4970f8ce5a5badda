package io.assay.job.lock;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process of this machine, told apart from others that had or will have its number.
 *
 * @param host name of the machine
 * @param machine this start of this machine and what its process numbers are relative to (a
 *     container has its own); null where the system does not say
 * @param pid its number
 * @param start clock ticks from the machine's start to its own; 0 where the system does not say
 */
record LocalProcess(String host, String machine, long pid, long start) {
  private static final Path PROC = Path.of("/proc");

  /** Fields of {@code /proc/<pid>/stat} after the name, which may itself hold spaces. */
  private static final int STATE = 0;

  private static final int START_TIME = 19;

  private static final LocalProcess CURRENT = read();

  /** The process this is. */
  static LocalProcess current() {
    return CURRENT;
  }

  private static LocalProcess read() {
    long pid = ProcessHandle.current().pid();
    String[] stat = stat(pid);
    return new LocalProcess(
        hostName(), machineId(), pid, stat == null ? 0 : Long.parseLong(stat[START_TIME]));
  }

  /** Whether the process that had this number and began then is running. */
  static boolean runs(long pid, long start) {
    String[] stat = stat(pid);
    // A process that was killed keeps its number until its parent has heard of it.
    return stat != null
        && Long.parseLong(stat[START_TIME]) == start
        && !stat[STATE].equals("Z")
        && !stat[STATE].equals("X");
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "a host without a name";
    }
  }

  private static String machineId() {
    try {
      return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip()
          + " "
          + Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return null;
    }
  }

  /** Null if there is no such process, or no such file on this system. */
  private static String[] stat(long pid) {
    try {
      String text = Files.readString(PROC.resolve(pid + "/stat"));
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
      return fields.length > START_TIME ? fields : null;
    } catch (IOException e) {
      return null;
    }
  }
}
