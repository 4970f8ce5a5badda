package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.backend.RotaryTable;
import io.assay.engine.backend.tornado.kernel.Products;
import io.assay.engine.config.ModelConfig;

/**
 * The steps of latent attention over a block of rows: sets the control words of their tasks. {@link
 * DeviceAttention} says which steps, and when the graph is executed.
 */
final class AttentionSteps {
  private final ModelConfig config;
  private final ModelConfig.Attention a;
  private final KernelRunner runner;
  private final AttentionGraph at;
  private final RotaryTable rotary;
  private final int upFloats;
  private final int slotWidth;

  /**
   * @param upFloats keys and values projected up at a time
   */
  AttentionSteps(
      ModelConfig config,
      KernelRunner runner,
      AttentionGraph at,
      RotaryTable rotary,
      int upFloats) {
    this.config = config;
    this.a = config.attention();
    this.runner = runner;
    this.at = at;
    this.rotary = rotary;
    this.upFloats = upFloats;
    this.slotWidth = a.kvLoraRank() + a.qkRopeHeadDim();
  }

  private AttentionGraph.Tasks tasks(PlacedLayer.Attention w) {
    return at.parts.get(w.part());
  }

  /**
   * The rows after the norm.
   *
   * @param x where they lie among all rows, in elements; here and below
   */
  void norm(PlacedLayer.Attention w, PathIndex block, int x) {
    int hidden = config.hiddenSize();
    int rows = block.rows();
    int epsilon = w.constants().epsilon();
    normalize(tasks(w).norm(), rows, hidden, x, hidden, 0, hidden, -1, w.inputNorm(), epsilon);
  }

  /** The rows after the norm, and their latents in the cache. */
  void cacheLatents(PlacedLayer.Attention w, PathIndex block, int x, DeviceCache cache) {
    norm(w, block, x);
    AttentionGraph.Tasks t = tasks(w);
    int rows = block.rows();
    int latent = a.kvLoraRank();
    int origin = cache.slot() * slotWidth;
    Multiply.all(at.graph, t.latentDown(), rows, w.latentDown(), w.latentDownBias());
    int slots = block.slots();
    int epsilon = w.constants().latentEpsilon();
    normalize(
        t.latentNorm(),
        rows,
        latent,
        0,
        slotWidth,
        origin,
        slotWidth,
        slots,
        w.latentNorm(),
        epsilon);
    rotate(t.latentRotate(), rows, 1, latent, slotWidth, 0, origin + latent, slotWidth, slots);
  }

  private static void normalize(
      KernelTask task,
      int rows,
      int width,
      int x,
      int xStride,
      int y,
      int yStride,
      int yList,
      int weight,
      int epsilon) {
    task.groups(rows, rows, width, x, xStride, y, yStride, yList, weight, epsilon, -1);
  }

  private void rotate(
      KernelTask task,
      int rows,
      int heads,
      int x,
      int xStride,
      int xHead,
      int y,
      int yStride,
      int list) {
    int pairs = rotary.pairs();
    task.items(
        (long) rows * heads * pairs,
        rows,
        heads,
        pairs,
        config.rope().interleaved() ? 1 : 0,
        x,
        xStride,
        xHead,
        y,
        yStride,
        list);
  }

  /** Queries, their rotary part rotated. */
  void queries(PlacedLayer.Attention w, int rows) {
    AttentionGraph.Tasks t = tasks(w);
    if (w.queryDown() != null) {
      int width = a.qLoraRank();
      Multiply.all(at.graph, t.queryDown(), rows, w.queryDown(), w.queryDownBias());
      int epsilon = w.constants().latentEpsilon();
      normalize(t.queryNorm(), rows, width, 0, width, 0, width, -1, w.queryNorm(), epsilon);
    }
    Multiply.all(at.graph, t.queryUp(), rows, w.queryUp(), -1);
    int width = a.qkHeadDim();
    int rope = a.qkRopeHeadDim();
    rotate(
        t.queryRotate(),
        rows,
        a.heads(),
        a.qkNopeHeadDim(),
        a.heads() * width,
        width,
        0,
        a.heads() * rope,
        -1);
  }

  /** What is added to the rows, and the sum. */
  void output(PlacedLayer.Attention w, int rows, int x) {
    int values = rows * config.hiddenSize();
    Multiply.all(at.graph, tasks(w).output(), rows, w.output(), w.outputBias());
    at.add.items(values, values, 0, x);
  }

  /**
   * Attention over keys and values of as many heads at a time as there is room for; executes the
   * graph after all but the last of them.
   */
  void expanded(PlacedLayer.Attention w, PathIndex block, DeviceCache cache) {
    AttentionGraph.Tasks t = tasks(w);
    int upWidth = a.qkNopeHeadDim() + a.vHeadDim();
    int group = Math.clamp(upFloats / ((long) block.keys() * upWidth), 1, a.heads());
    if ((long) block.keys() * upWidth > upFloats) {
      throw tooManyKeys(block, upWidth);
    }
    for (int h = 0; h < a.heads(); h += group) {
      int heads = Math.min(group, a.heads() - h);
      Multiply.listed(
          at.graph,
          t.keysUp(),
          block.keys(),
          block.keySlots(),
          cache.slot() * slotWidth,
          slotWidth,
          w.latentUp(),
          h * upWidth,
          heads * upWidth);
      int width = a.qkHeadDim();
      int rope = a.qkRopeHeadDim();
      int v = a.vHeadDim();
      t.expanded()
          .groups(
              (long) block.rows() * heads,
              block.rows(),
              heads,
              a.qkNopeHeadDim(),
              a.heads() * width,
              width,
              h * width,
              rope,
              a.heads() * rope,
              h * rope,
              heads * upWidth,
              upWidth,
              1,
              slotWidth,
              cache.slot() * slotWidth + a.kvLoraRank(),
              a.qkNopeHeadDim(),
              v,
              a.heads() * v,
              h * v,
              block.paths(),
              block.positions(),
              block.keySlots(),
              w.constants().scoreScale(),
              0);
      if (h + heads < a.heads()) {
        runner.run(at.graph);
        at.graph.idle();
      }
    }
  }

  private static EngineException tooManyKeys(PathIndex block, int upWidth) {
    return new EngineException(
        ErrorCode.OUT_OF_MEMORY,
        "%,d keys of %d values for one head do not fit the device's working memory; use a shorter maximum length or --backend cpu"
            .formatted(block.keys(), upWidth));
  }

  /** Attention over the latents themselves. */
  void absorbed(PlacedLayer.Attention w, PathIndex block, DeviceCache cache) {
    AttentionGraph.Tasks t = tasks(w);
    int rows = block.rows();
    int heads = a.heads();
    int latent = a.kvLoraRank();
    int upWidth = a.qkNopeHeadDim() + a.vHeadDim();
    int rope = a.qkRopeHeadDim();
    int origin = cache.slot() * slotWidth;
    t.fold()
        .items(
            (long) rows * heads * latent, rows, heads, a.qkNopeHeadDim(), a.qkHeadDim(), upWidth);
    w.latentUp().describe(at.graph.words(), t.fold().at(Products.FOLD_MATRIX));
    t.absorbed()
        .groups(
            (long) rows * heads,
            rows,
            heads,
            latent,
            heads * latent,
            latent,
            0,
            rope,
            heads * rope,
            0,
            slotWidth,
            0,
            0,
            slotWidth,
            origin + latent,
            0,
            latent,
            heads * latent,
            0,
            block.paths(),
            block.positions(),
            block.keySlots(),
            w.constants().scoreScale(),
            origin);
    Multiply.heads(
        at.graph, t.unfold(), rows, heads, w.latentUp(), a.vHeadDim(), upWidth, a.qkNopeHeadDim());
  }
}
