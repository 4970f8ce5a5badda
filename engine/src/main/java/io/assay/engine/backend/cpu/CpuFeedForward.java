package io.assay.engine.backend.cpu;

import io.assay.engine.backend.BranchObserver;
import io.assay.engine.backend.RouterSelection;
import io.assay.engine.backend.RowRouting;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.config.ModelConfig.Routing;
import io.assay.engine.config.ModelConfig.Scoring;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Dense and expert feed-forward networks. Rows are grouped by expert, so that each expert's
 * matrices are widened once a batch; a row's contributions are summed in ascending expert index,
 * the shared expert last.
 */
final class CpuFeedForward {
  private static final int ROUTER_ROWS = 32;

  /**
   * One network and the rows it serves.
   *
   * @param rows indices into x
   * @param weights factor of each row's contribution
   * @param start offset of the group's intermediate values
   */
  private record Group(CpuLayer.Network network, int[] rows, float[] weights, int start) {}

  /** A stretch of a group's intermediate columns, and the group's rows. */
  private record Piece(Group group, Operand input, int column, int width) {}

  private final MatrixProducts products;
  private final WorkerPool pool;
  private final ModelConfig config;
  private final Scratch input = new Scratch();
  private final Scratch intermediate = new Scratch();
  private final Scratch shared = new Scratch();
  private final Scratch output = new Scratch();

  CpuFeedForward(MatrixProducts products, ModelConfig config) {
    this.products = products;
    this.pool = products.pool();
    this.config = config;
  }

  /** {@code x += feedForward(norm(x))} for the chosen rows; routing of all rows. */
  RowRouting apply(CpuLayer layer, CpuRows x, int[] chosen, BranchObserver branch) {
    int[] at = x.offsets();
    float[] normed = input.rows(x.data().length);
    RmsNorm.apply(
        products,
        x.data(),
        at,
        layer.weights().postAttentionNorm(),
        config.rmsNormEps(),
        normed,
        at);
    int[] rows = chosen;
    if (rows == null) {
      rows = new int[x.rows()];
      Arrays.setAll(rows, i -> i);
    }
    RowRouting routing = null;
    List<Group> groups;
    if (layer.router() == null) {
      groups = List.of(everyRow(layer.networks().getFirst(), rows, 0));
    } else {
      routing = route(layer, normed, x.rows());
      groups = byExpert(layer, routing, rows);
    }
    if (rows.length == 0) {
      return routing;
    }
    // An observer sees zeros in the rows that are not computed.
    float[] out = branch == null ? output.rows(x.data().length) : new float[x.data().length];
    run(groups, products.operand(normed, at, x.width(), input), rows, out);
    if (branch != null) {
      branch.branch(out);
    }
    x.add(out, rows, pool);
    return routing;
  }

  private RowRouting route(CpuLayer layer, float[] normed, int rows) {
    Routing routing = config.ffn().routing();
    int n = routing.experts();
    int k = routing.perToken();
    float[] scores = products.multiplyExactly(normed, rows, layer.router());
    int[] ids = new int[rows * k];
    float[] weights = new float[rows * k];
    boolean[] byBias = new boolean[rows * k];
    pool.run(
        (rows + ROUTER_ROWS - 1) / ROUTER_ROWS,
        (piece, worker) -> {
          RouterSelection selection =
              new RouterSelection(routing, layer.weights().experts().correctionBias());
          float[] lanes = new float[Kernel.LANES];
          for (int r = piece * ROUTER_ROWS; r < Math.min(rows, (piece + 1) * ROUTER_ROWS); r++) {
            if (routing.scoring() == Scoring.SIGMOID) {
              for (int e = r * n; e < (r + 1) * n; e++) {
                scores[e] = Elementary.sigmoid(scores[e]);
              }
            } else {
              softmax(scores, r * n, n, lanes);
            }
            selection.select(scores, r * n, ids, weights, r * k);
            selection.compare(scores, r * n, ids, r * k, byBias);
          }
        });
    return new RowRouting.Held(k, ids, weights, byBias, scores);
  }

  private static void softmax(float[] x, int o, int n, float[] lanes) {
    float max = Elementary.max(x, o, n);
    Elementary.expScaled(x, o, n, 1f, max);
    float sum = Elementary.sum(x, o, n, lanes);
    for (int i = o; i < o + n; i++) {
      x[i] /= sum;
    }
  }

  private static Group everyRow(CpuLayer.Network network, int[] rows, int start) {
    float[] ones = new float[rows.length];
    Arrays.fill(ones, 1f);
    return new Group(network, rows, ones, start);
  }

  /** Groups in ascending expert index, the shared expert last; rows ascend within a group. */
  private static List<Group> byExpert(CpuLayer layer, RowRouting routing, int[] rows) {
    int k = routing.perToken();
    int[] counts = new int[layer.networks().size()];
    for (int r : rows) {
      for (int i = r * k; i < (r + 1) * k; i++) {
        counts[routing.ids()[i]]++;
      }
    }
    int[][] members = new int[counts.length][];
    float[][] weights = new float[counts.length][];
    for (int e = 0; e < counts.length; e++) {
      members[e] = new int[counts[e]];
      weights[e] = new float[counts[e]];
    }
    int[] filled = new int[counts.length];
    for (int r : rows) {
      for (int i = r * k; i < (r + 1) * k; i++) {
        int e = routing.ids()[i];
        members[e][filled[e]] = r;
        weights[e][filled[e]++] = routing.weights()[i];
      }
    }
    List<Group> groups = new ArrayList<>();
    int start = 0;
    for (int e = 0; e < counts.length; e++) {
      if (counts[e] > 0) {
        CpuLayer.Network network = layer.networks().get(e);
        groups.add(new Group(network, members[e], weights[e], start));
        start = Math.addExact(start, Math.multiplyExact(counts[e], network.intermediate()));
      }
    }
    if (layer.shared() != null) {
      groups.add(everyRow(layer.shared(), rows, start));
    }
    return groups;
  }

  /** Sum over groups of weight * down(silu(gate x) * up x) into the given rows of out. */
  private void run(List<Group> groups, Operand normed, int[] rows, float[] out) {
    int hidden = config.hiddenSize();
    Group last = groups.getLast();
    int size = Math.multiplyExact(last.rows().length, last.network().intermediate());
    float[] inner = intermediate.rows(Math.addExact(last.start(), size));
    List<Piece> pieces = new ArrayList<>();
    // The longest pieces first, those of the shared expert, so that no worker waits for one.
    for (Group g : groups.reversed()) {
      Operand input = normed.rows(g.rows());
      int panel = MatrixProducts.panelRows(hidden);
      for (int c = 0; c < g.network().intermediate(); c += panel) {
        int width = Math.min(panel, g.network().intermediate() - c);
        pieces.add(new Piece(g, input, c, width));
      }
    }
    pool.run(pieces.size(), (p, worker) -> gateAndUp(pieces.get(p), inner, worker));

    List<Operand> inputs = inputs(groups, inner);
    int widest = groups.stream().mapToInt(g -> g.network().intermediate()).max().orElse(1);
    int stripe = Math.min(MatrixProducts.panelRows(widest), stripe(hidden));
    pool.run(
        (hidden + stripe - 1) / stripe,
        (p, worker) -> {
          int c = p * stripe;
          int width = Math.min(stripe, hidden - c);
          for (int r : rows) {
            Arrays.fill(out, r * hidden + c, r * hidden + c + width, 0f);
          }
          for (int g = 0; g < inputs.size(); g++) {
            down(groups.get(g), inputs.get(g), out, c, width, worker);
          }
        });
  }

  /**
   * The intermediate rows of each group, ready for products. The experts' rows, all of one width,
   * are made ready in one go: a group of a few rows is not worth calling the workers. The shared
   * expert's may be wider.
   */
  private List<Operand> inputs(List<Group> groups, float[] inner) {
    int width = groups.getFirst().network().intermediate();
    Group last = groups.getLast();
    boolean alike = last.network().intermediate() == width;
    int together = alike ? groups.size() : groups.size() - 1;
    int count = 0;
    for (Group g : groups.subList(0, together)) {
      count += g.rows().length;
    }
    Operand all =
        products.operand(inner, MatrixProducts.offsets(count, 0, width), width, intermediate);
    List<Operand> inputs = new ArrayList<>();
    int first = 0;
    for (Group g : groups.subList(0, together)) {
      inputs.add(all.rows(first, g.rows().length));
      first += g.rows().length;
    }
    if (!alike) {
      int wide = last.network().intermediate();
      int[] at = MatrixProducts.offsets(last.rows().length, last.start(), wide);
      inputs.add(products.operand(inner, at, wide, shared));
    }
    return inputs;
  }

  /** Output columns of a piece: small enough that every worker gets some. */
  private int stripe(int hidden) {
    int even = hidden / (pool.workers() * 2);
    return Math.max(8, even / 8 * 8);
  }

  private void gateAndUp(Piece piece, float[] inner, int worker) {
    Group g = piece.group();
    int m = g.rows().length;
    int width = piece.width();
    int column = piece.column();
    int intermediate = g.network().intermediate();
    Scratch scratch = products.scratch(worker);
    float[] up = scratch.rows(m * width);
    RowProducts product = products.rows();
    product.multiply(piece.input(), 0, m, g.network().up(), column, width, up, 0, width, scratch);
    int to = g.start() + column;
    product.multiply(
        piece.input(), 0, m, g.network().gate(), column, width, inner, to, intermediate, scratch);
    for (int i = 0; i < m; i++) {
      Elementary.siluTimes(inner, to + i * intermediate, up, i * width, width);
    }
  }

  private void down(Group g, Operand input, float[] out, int column, int width, int worker) {
    int hidden = config.hiddenSize();
    int m = g.rows().length;
    Scratch scratch = products.scratch(worker);
    float[] contribution = scratch.rows(m * width);
    products
        .rows()
        .multiply(input, 0, m, g.network().down(), column, width, contribution, 0, width, scratch);
    for (int i = 0; i < m; i++) {
      int to = g.rows()[i] * hidden + column;
      float weight = g.weights()[i];
      for (int c = 0; c < width; c++) {
        out[to + c] = Math.fma(weight, contribution[i * width + c], out[to + c]);
      }
    }
  }
}
