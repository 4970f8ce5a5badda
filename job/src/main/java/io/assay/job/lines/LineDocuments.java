package io.assay.job.lines;

import io.assay.engine.EnginePlan;
import io.assay.eval.request.EvalRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The lines of assay score as documents of one model, for commands that measure a whole input.
 *
 * @param scored lines that can be scored, in their order
 * @param rejected the others
 */
public record LineDocuments(List<Document> scored, List<Rejected> rejected) {
  /**
   * A line that can be scored.
   *
   * @param id the line's, its number when it has none
   * @param domain the line's, empty when it has none
   * @param requests several for the windows of a long text
   */
  public record Document(String id, String domain, List<EvalRequest> requests) {
    /** Tokens that are scored. */
    public long tokens() {
      return requests.stream().mapToLong(request -> request.tokens().length - request.from()).sum();
    }

    /** Hexadecimal SHA-256 of what is asked, ids and names apart: equal for copies. */
    public String digest() {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (EvalRequest request : requests) {
          ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (request.tokens().length + 2));
          bytes.putInt(request.tokens().length).putInt(request.from());
          bytes.asIntBuffer().put(request.tokens());
          digest.update(bytes.rewind());
        }
        return HexFormat.of().formatHex(digest.digest());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }

  /**
   * A line that cannot.
   *
   * @param id the line's, its number when it has none
   * @param error code and reason, as {@code score} writes them
   */
  public record Rejected(String id, String error) {}

  /** Reads to the end; all token ids are kept in memory. */
  public static LineDocuments read(InputStream in, EnginePlan engine) throws IOException {
    LineRequests requests = new LineRequests(engine);
    LineParser parser = new LineParser(engine.config().vocabSize());
    List<Document> scored = new ArrayList<>();
    List<Rejected> rejected = new ArrayList<>();
    LineBatches.each(
        new LineReader(in),
        parser::score,
        lines -> {
          for (InputLine line : lines) {
            Asked asked = requests.of(line);
            if (asked.error() == null) {
              scored.add(new Document(line.id().asText(), line.domain(), asked.requests()));
            } else {
              rejected.add(new Rejected(line.id().asText(), asked.error()));
            }
          }
        });
    return new LineDocuments(List.copyOf(scored), List.copyOf(rejected));
  }
}
