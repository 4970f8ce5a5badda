package io.assay.job.balance;

import io.assay.eval.request.EvalRequest;
import io.assay.job.InputException;
import io.assay.job.lines.LineDocuments.Document;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/**
 * Documents that are calibrated on, and others that it is judged by. Which is which, and their
 * order, follow from the documents' token ids alone: the order of the lines plays no part, and
 * copies of a document are never on both sides.
 *
 * @param calibration what biases are fitted to
 * @param heldOut what they are judged by
 */
record TrafficSplit(List<Document> calibration, List<Document> heldOut) {
  /** Fewer cannot vary, so there would be no interval. */
  private static final int FEWEST = 2;

  /**
   * Splits documents.
   *
   * @param fraction of the distinct documents that is held out
   * @throws InputException if one side would have fewer than two distinct documents
   */
  static TrafficSplit of(List<Document> documents, double fraction) {
    TreeMap<String, List<Document>> distinct = new TreeMap<>();
    for (Document document : documents) {
      distinct.computeIfAbsent(digest(document), key -> new ArrayList<>()).add(document);
    }
    int held = (int) Math.round(fraction * distinct.size());
    if (held < FEWEST || distinct.size() - held < FEWEST) {
      throw new InputException(
          "--held-out %s of the %d distinct lines that can be scored leaves %d to judge by and %d to calibrate on; give at least %d of both"
              .formatted(fraction, distinct.size(), held, distinct.size() - held, FEWEST));
    }
    List<Document> heldOut = new ArrayList<>();
    List<Document> calibration = new ArrayList<>();
    int index = 0;
    for (List<Document> copies : distinct.values()) {
      (index < held ? heldOut : calibration).addAll(copies);
      index++;
    }
    return new TrafficSplit(List.copyOf(calibration), List.copyOf(heldOut));
  }

  private static String digest(Document document) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (EvalRequest request : document.requests()) {
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
