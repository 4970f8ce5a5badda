package io.assay.job.lock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;

/**
 * Who holds a lock.
 *
 * @param token of this one holding; no two are the same
 * @param owner what it is called where it runs, such as the id of a Spark application
 * @param host name of its machine, for people
 * @param machine tells machines and their process numbers apart, null if that cannot be known
 * @param pid its process
 * @param processStart when the process began, in a measure of its machine that no clock change
 *     moves; 0 if that cannot be known
 * @param since when it began by its own clock, for people: nothing is decided by it
 */
record Holder(
    String token,
    String owner,
    String host,
    String machine,
    long pid,
    long processStart,
    String since) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A new holding by this process. */
  static Holder here(String owner) {
    LocalProcess process = LocalProcess.current();
    return new Holder(
        UUID.randomUUID().toString(),
        owner,
        process.host(),
        process.machine(),
        process.pid(),
        process.start(),
        Instant.now().toString());
  }

  byte[] bytes() throws IOException {
    return JSON.writeValueAsBytes(this);
  }

  /** Null for what its writer did not complete. */
  static Holder of(byte[] bytes) throws IOException {
    try {
      Holder holder = JSON.readValue(bytes, Holder.class);
      return holder == null || holder.token() == null ? null : holder;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** Whether it was a process of this machine that has ended; false also where nobody can tell. */
  boolean hasEnded() {
    return machine != null
        && processStart != 0
        && machine.equals(LocalProcess.current().machine())
        && !LocalProcess.runs(pid, processStart);
  }

  /** Names it in a sentence. */
  String description() {
    return "process " + pid + " on " + host + " (" + owner + "), since " + since;
  }
}
