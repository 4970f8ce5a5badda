package io.assay.engine.backend.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The rows of each network, so that {@link Experts} computes a network once: pairs in ascending
 * order, cut into tiles. Control words are those of {@link Routing}.
 */
public final class Grouping {
  private Grouping() {}

  /**
   * Counts the wanted pairs of each network; one work item a network.
   *
   * @param plan receives the counts in its first words, one a network
   */
  public static void countPairs(
      KernelContext context, int at, IntArray words, IntArray index, IntArray ids, IntArray plan) {
    int e = context.globalIdx;
    if (e >= words.get(at + Routing.NETWORKS)) {
      return;
    }
    int slots = words.get(at + Routing.SLOTS);
    int pairs = words.get(at + Routing.ROWS) * slots;
    int wanted = words.get(at + Routing.WANTED);
    int count = 0;
    for (int p = 0; p < pairs; p++) {
      if (ids.get(p) == e && index.get(wanted + p / slots) == 1) {
        count++;
      }
    }
    plan.set(e, count);
  }

  /**
   * Where each network's pairs and tiles begin; a single work item.
   *
   * @param plan counts; receives after them networks + 1 begins of pairs, then of tiles
   */
  public static void beginPairs(KernelContext context, int at, IntArray words, IntArray plan) {
    if (context.globalIdx > 0) {
      return;
    }
    int networks = words.get(at + Routing.NETWORKS);
    int pairs = 0;
    int tiles = 0;
    for (int e = 0; e < networks; e++) {
      int count = plan.get(e);
      plan.set(networks + e, pairs);
      plan.set(2 * networks + 1 + e, tiles);
      pairs += count;
      tiles += (count + Products.TILE - 1) / Products.TILE;
    }
    plan.set(2 * networks, pairs);
    plan.set(3 * networks + 1, tiles);
  }

  /** Lists the wanted pairs of each network in ascending order; one work item a network. */
  public static void listPairs(
      KernelContext context,
      int at,
      IntArray words,
      IntArray index,
      IntArray ids,
      IntArray plan,
      IntArray pairs) {
    int e = context.globalIdx;
    int networks = words.get(at + Routing.NETWORKS);
    if (e >= networks) {
      return;
    }
    int slots = words.get(at + Routing.SLOTS);
    int all = words.get(at + Routing.ROWS) * slots;
    int wanted = words.get(at + Routing.WANTED);
    int to = plan.get(networks + e);
    for (int p = 0; p < all; p++) {
      if (ids.get(p) == e && index.get(wanted + p / slots) == 1) {
        pairs.set(to, p);
        to++;
      }
    }
  }
}
