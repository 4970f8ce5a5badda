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
  private final int[][] members;

  private Clusters(int[][] members) {
    this.members = members;
  }

  /** Every document its own cluster. */
  public static Clusters single(int documents) {
    int[][] members = new int[documents][];
    for (int d = 0; d < documents; d++) {
      members[d] = new int[] {d};
    }
    return new Clusters(members);
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
            .toArray(int[][]::new));
  }

  /** Number of clusters. */
  public int count() {
    return members.length;
  }

  /** Documents of a cluster. */
  int[] documents(int cluster) {
    return members[cluster];
  }

  /** Documents of clusters, one cluster after the other. */
  int[] documents(int[] clusters) {
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
