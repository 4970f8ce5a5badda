package io.assay.engine.backend.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * All networks of a layer that rows were sent to, in two launches: gate and up, then down. A work
 * group computes one output of a <em>tile</em>, up to {@link Products#TILE} rows of one network, in
 * the order of additions of {@link Products}.
 *
 * <p>Weights may lie in several parts, arrays of at most 2 GB. A launch serves one part; networks
 * of other parts are left to theirs.
 */
public final class Experts {
  // Control words of both projections.
  /** 0 if the part holds nothing of the layer. */
  public static final int ACTIVE = 0;

  public static final int NETWORKS = 1;

  /** Floats of a pair's intermediate values: the widest network's. */
  public static final int INNER = 2;

  public static final int HIDDEN = 3;

  /** Slots of a row. */
  public static final int SLOTS = 4;

  public static final int PART = 5;

  public static final int WORDS = 6;

  // Words of a network in the table of networks.
  public static final int NETWORK_PART = 0;
  public static final int NETWORK_INNER = 1;
  public static final int GATE = 2;
  public static final int UP = GATE + StoredWeights.WORDS;
  public static final int DOWN = UP + StoredWeights.WORDS;
  public static final int NETWORK_WORDS = DOWN + StoredWeights.WORDS;

  // Control words of sumContributions.
  public static final int SUM_ROWS = 0;
  public static final int SUM_HIDDEN = 1;
  public static final int SUM_SLOTS = 2;
  public static final int SUM_WANTED = 3;
  public static final int SUM_WORDS = 4;

  private Experts() {}

  /** {@code inner[pair] = silu(gate x) * up x}. */
  public static void gateAndUpProjection(
      KernelContext context,
      int at,
      IntArray words,
      IntArray networks,
      IntArray plan,
      IntArray pairs,
      FloatArray x,
      FloatArray v,
      FloatArray f,
      ShortArray s,
      ByteArray b,
      FloatArray inner) {
    float[] sums = context.allocateFloatLocalArray(2 * Products.LANES * Products.TILE);
    int lane = context.localIdx;
    int group = context.groupIdx;
    int count = words.get(at + NETWORKS);
    int stride = TornadoMath.max(1, words.get(at + INNER));
    int j = group % stride;
    int tile = group / stride;
    int e = network(tile, count, plan);
    int network = e * NETWORK_WORDS;
    int first = plan.get(count + e) + (tile - plan.get(2 * count + 1 + e)) * Products.TILE;
    int end = plan.get(count + e + 1);
    int slots = TornadoMath.max(1, words.get(at + SLOTS));
    int hidden = words.get(at + HIDDEN);
    // Groups without a tile, and those of other parts, come to the barrier too.
    int inputs = 0;
    if (words.get(at + ACTIVE) == 1
        && tile < plan.get(3 * count + 1)
        && networks.get(network + NETWORK_PART) == words.get(at + PART)
        && j < networks.get(network + NETWORK_INNER)) {
      inputs = hidden;
    }
    int x0 = pair(first, end, pairs) / slots * hidden;
    int x1 = pair(first + 1, end, pairs) / slots * hidden;
    int x2 = pair(first + 2, end, pairs) / slots * hidden;
    int x3 = pair(first + 3, end, pairs) / slots * hidden;

    int gate = network + GATE;
    int gateType = networks.get(gate + StoredWeights.TYPE);
    int gateRow = networks.get(gate + StoredWeights.OFFSET) + j * hidden;
    int gateBlock = networks.get(gate + StoredWeights.BLOCK_COLUMNS);
    int gateScales =
        StoredWeights.scaleRow(
            networks.get(gate + StoredWeights.SCALES),
            j,
            networks.get(gate + StoredWeights.BLOCK_ROWS),
            networks.get(gate + StoredWeights.BLOCKS_IN_A_ROW));
    int up = network + UP;
    int upType = networks.get(up + StoredWeights.TYPE);
    int upRow = networks.get(up + StoredWeights.OFFSET) + j * hidden;
    int upBlock = networks.get(up + StoredWeights.BLOCK_COLUMNS);
    int upScales =
        StoredWeights.scaleRow(
            networks.get(up + StoredWeights.SCALES),
            j,
            networks.get(up + StoredWeights.BLOCK_ROWS),
            networks.get(up + StoredWeights.BLOCKS_IN_A_ROW));
    float g0 = 0f;
    float g1 = 0f;
    float g2 = 0f;
    float g3 = 0f;
    float u0 = 0f;
    float u1 = 0f;
    float u2 = 0f;
    float u3 = 0f;
    for (int k = lane; k < inputs; k += Products.LANES) {
      float wg =
          StoredWeights.widen(gateType, gateRow + k, v, f, s, b)
              * StoredWeights.scale(gateScales, k, gateBlock, v);
      float wu =
          StoredWeights.widen(upType, upRow + k, v, f, s, b)
              * StoredWeights.scale(upScales, k, upBlock, v);
      float a0 = x.get(x0 + k);
      float a1 = x.get(x1 + k);
      float a2 = x.get(x2 + k);
      float a3 = x.get(x3 + k);
      g0 += wg * a0;
      g1 += wg * a1;
      g2 += wg * a2;
      g3 += wg * a3;
      u0 += wu * a0;
      u1 += wu * a1;
      u2 += wu * a2;
      u3 += wu * a3;
    }
    sums[lane] = g0;
    sums[Products.LANES + lane] = g1;
    sums[2 * Products.LANES + lane] = g2;
    sums[3 * Products.LANES + lane] = g3;
    sums[4 * Products.LANES + lane] = u0;
    sums[5 * Products.LANES + lane] = u1;
    sums[6 * Products.LANES + lane] = u2;
    sums[7 * Products.LANES + lane] = u3;
    context.localBarrier();
    if (inputs > 0 && lane < Products.TILE && first + lane < end) {
      float g = 0f;
      float u = 0f;
      for (int i = 0; i < Products.LANES; i++) {
        g += sums[lane * Products.LANES + i];
        u += sums[(Products.TILE + lane) * Products.LANES + i];
      }
      inner.set(pairs.get(first + lane) * stride + j, g / (1f + TornadoMath.exp(-g)) * u);
    }
  }

  /** {@code contributions[pair] = down inner[pair]}. */
  public static void downProjection(
      KernelContext context,
      int at,
      IntArray words,
      IntArray networks,
      IntArray plan,
      IntArray pairs,
      FloatArray inner,
      FloatArray v,
      FloatArray f,
      ShortArray s,
      ByteArray b,
      FloatArray contributions) {
    float[] sums = context.allocateFloatLocalArray(Products.LANES * Products.TILE);
    int lane = context.localIdx;
    int group = context.groupIdx;
    int count = words.get(at + NETWORKS);
    int hidden = TornadoMath.max(1, words.get(at + HIDDEN));
    int j = group % hidden;
    int tile = group / hidden;
    int e = network(tile, count, plan);
    int network = e * NETWORK_WORDS;
    boolean mine =
        words.get(at + ACTIVE) == 1
            && tile < plan.get(3 * count + 1)
            && networks.get(network + NETWORK_PART) == words.get(at + PART);
    int first = plan.get(count + e) + (tile - plan.get(2 * count + 1 + e)) * Products.TILE;
    int end = plan.get(count + e + 1);
    int stride = words.get(at + INNER);
    int x0 = pair(first, end, pairs) * stride;
    int x1 = pair(first + 1, end, pairs) * stride;
    int x2 = pair(first + 2, end, pairs) * stride;
    int x3 = pair(first + 3, end, pairs) * stride;

    int m = network + DOWN;
    int type = networks.get(m + StoredWeights.TYPE);
    int columns = networks.get(m + StoredWeights.COLUMNS);
    int row = networks.get(m + StoredWeights.OFFSET) + j * columns;
    int block = networks.get(m + StoredWeights.BLOCK_COLUMNS);
    int scales =
        StoredWeights.scaleRow(
            networks.get(m + StoredWeights.SCALES),
            j,
            networks.get(m + StoredWeights.BLOCK_ROWS),
            networks.get(m + StoredWeights.BLOCKS_IN_A_ROW));
    float a0 = 0f;
    float a1 = 0f;
    float a2 = 0f;
    float a3 = 0f;
    int inputs = 0;
    if (mine) {
      inputs = columns;
    }
    for (int k = lane; k < inputs; k += Products.LANES) {
      float weight =
          StoredWeights.widen(type, row + k, v, f, s, b) * StoredWeights.scale(scales, k, block, v);
      a0 += weight * inner.get(x0 + k);
      a1 += weight * inner.get(x1 + k);
      a2 += weight * inner.get(x2 + k);
      a3 += weight * inner.get(x3 + k);
    }
    sums[lane] = a0;
    sums[Products.LANES + lane] = a1;
    sums[2 * Products.LANES + lane] = a2;
    sums[3 * Products.LANES + lane] = a3;
    context.localBarrier();
    if (inputs > 0 && lane < Products.TILE && first + lane < end) {
      float sum = 0f;
      for (int i = 0; i < Products.LANES; i++) {
        sum += sums[lane * Products.LANES + i];
      }
      contributions.set(pairs.get(first + lane) * hidden + j, sum);
    }
  }

  /** The network a tile belongs to: the last that begins at or before it and is not empty. */
  private static int network(int tile, int count, IntArray plan) {
    int begins = 2 * count + 1;
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (plan.get(begins + middle) <= tile) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /**
   * A pair of the list; past the network's end its last. A launch with nothing to do finds words of
   * another layer, to which the plan does not belong, and still reads within the list.
   */
  private static int pair(int i, int end, IntArray pairs) {
    int at = i;
    if (i >= end) {
      at = end - 1;
    }
    return pairs.get(TornadoMath.max(0, at));
  }

  /**
   * {@code out[row] = sum over slots of gate * contribution}, in the order of slots, which is
   * ascending by expert with the network of all rows last; one work item an element.
   */
  public static void sumContributions(
      KernelContext context,
      int at,
      IntArray words,
      IntArray index,
      FloatArray gates,
      FloatArray contributions,
      FloatArray out) {
    int id = context.globalIdx;
    int hidden = words.get(at + SUM_HIDDEN);
    if (id >= words.get(at + SUM_ROWS) * hidden) {
      return;
    }
    int row = id / hidden;
    int c = id % hidden;
    float sum = 0f;
    if (index.get(words.get(at + SUM_WANTED) + row) == 1) {
      int slots = words.get(at + SUM_SLOTS);
      for (int k = 0; k < slots; k++) {
        int pair = row * slots + k;
        sum += gates.get(pair) * contributions.get(pair * hidden + c);
      }
    }
    out.set(id, sum);
  }
}
