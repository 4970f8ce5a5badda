package io.assay.job.balance;

import io.assay.job.InputException;
import io.assay.job.lines.LineDocuments.Document;
import java.util.ArrayList;
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
      distinct.computeIfAbsent(document.digest(), key -> new ArrayList<>()).add(document);
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
}
