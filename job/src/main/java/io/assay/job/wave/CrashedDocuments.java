package io.assay.job.wave;

import io.assay.job.store.Marks;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which documents end the engine's process, told from the marks that processes left which asked
 * them one by one. Once may be chance - somebody else ended the process - twice is not.
 */
final class CrashedDocuments {
  private static final Pattern DOCUMENT = Pattern.compile("document-(\\d+)-(\\d+)");
  private static final Pattern UNIT = Pattern.compile("unit-(\\d+)-(\\d+)");
  private static final int CERTAIN = 2;

  private CrashedDocuments() {}

  /** Name of a document's mark. */
  static String mark(int slice, int document) {
    return "document-" + slice + "-" + document;
  }

  /** Places of such documents within their slices, by the slices' indices. */
  static Map<Integer, Set<Integer>> certain(Marks marks) {
    Map<String, Integer> times = new HashMap<>();
    marks.standing().forEach(name -> times.merge(name, 1, Integer::sum));
    Map<Integer, Set<Integer>> certain = new HashMap<>();
    times.forEach(
        (name, count) -> {
          Matcher document = DOCUMENT.matcher(name);
          if (count >= CERTAIN && document.matches()) {
            certain
                .computeIfAbsent(Integer.valueOf(document.group(1)), slice -> new HashSet<>())
                .add(Integer.valueOf(document.group(2)));
          }
        });
    return certain;
  }

  /** Slices that were being asked when a process ended. */
  static Set<Integer> suspects(Marks marks) {
    Set<Integer> suspects = new HashSet<>();
    for (String name : marks.standing()) {
      Matcher unit = UNIT.matcher(name);
      Matcher document = DOCUMENT.matcher(name);
      if (unit.matches()) {
        for (int i = Integer.parseInt(unit.group(1)); i <= Integer.parseInt(unit.group(2)); i++) {
          suspects.add(i);
        }
      } else if (document.matches()) {
        suspects.add(Integer.valueOf(document.group(1)));
      }
    }
    return suspects;
  }
}
