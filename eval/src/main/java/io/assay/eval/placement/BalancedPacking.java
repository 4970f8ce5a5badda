package io.assay.eval.placement;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Items shared out over packs of equal size, their loads as even as a greedy pass makes them:
 * heaviest item first, each into the lightest pack that has room. Ties go to the lowest index, of
 * items and of packs.
 */
final class BalancedPacking {
  private record Pack(int index, double load) {}

  private static final Comparator<Pack> LIGHTEST =
      Comparator.comparingDouble(Pack::load).thenComparingInt(Pack::index);

  private BalancedPacking() {}

  /**
   * Packs items.
   *
   * @param loads of each item, finite, not negative
   * @param packs divides the number of items
   * @return items by place: pack k has places k n/packs to (k + 1) n/packs - 1, in the order in
   *     which they were packed
   */
  static int[] pack(double[] loads, int packs) {
    int size = loads.length / packs;
    if (size == 1) {
      // Nothing to balance: every pack takes one item, and they keep their order.
      return IntStream.range(0, packs).toArray();
    }
    PriorityQueue<Pack> open = new PriorityQueue<>(LIGHTEST);
    IntStream.range(0, packs).forEach(pack -> open.add(new Pack(pack, 0)));
    int[] filled = new int[packs];
    int[] places = new int[loads.length];
    int[] heaviestFirst =
        IntStream.range(0, loads.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer item) -> -loads[item]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int item : heaviestFirst) {
      Pack lightest = open.remove();
      int pack = lightest.index();
      places[pack * size + filled[pack]++] = item;
      if (filled[pack] < size) {
        open.add(new Pack(pack, lightest.load() + loads[item]));
      }
    }
    return places;
  }
}
