package io.assay.eval.statistics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which documents belong together, such as questions about one text: their scores are not
 * independent. Clusters are in the order of their first document.
 */
public final class Clusters {
  /** Documents of each; null where every document is its own: an array each would be too many. */
  private final int[][] members;

  private final int count;

  private Clusters(int[][] members, int count) {
    this.members = members;
    this.count = count;
  }

  /** Every document its own cluster. */
  public static Clusters single(int documents) {
    return new Clusters(null, documents);
  }

  /**
   * Documents of the same name together.
   *
   * @param names one for each document
   */
  public static Clusters named(List<String> names) {
    Map<String, List<Integer>> byName = new LinkedHashMap<>();
    for (int d = 0; d < names.size(); d++) {
      byName.computeIfAbsent(names.get(d), name -> new ArrayList<>()).add(d);
    }
    return new Clusters(
        byName.values().stream()
            .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new),
        byName.size());
  }

  /** Number of clusters. */
  public int count() {
    return count;
  }

  /** Documents of a cluster. */
  int[] documents(int cluster) {
    return members == null ? new int[] {cluster} : members[cluster];
  }

  /** Documents of clusters, one cluster after the other; not to be changed. */
  int[] documents(int[] clusters) {
    if (members == null) {
      return clusters;
    }
    int size = 0;
    for (int cluster : clusters) {
      size += members[cluster].length;
    }
    int[] documents = new int[size];
    int at = 0;
    for (int cluster : clusters) {
      System.arraycopy(members[cluster], 0, documents, at, members[cluster].length);
      at += members[cluster].length;
    }
    return documents;
  }
}
