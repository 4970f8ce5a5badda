package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.BranchObserver;
import io.assay.engine.backend.RotaryTable;
import io.assay.engine.backend.tornado.kernel.Products;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.trie.Batch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Runs the attention graph over a batch, a block of rows at a time. What is cached of a row is its
 * latent after the norm and its key's rotary part after rotation; it stays on the device.
 */
final class DeviceAttention {
  private final ModelConfig config;
  private final ModelConfig.Attention a;
  private final KernelRunner runner;
  private final DeviceWeights weights;
  private final AttentionGraph at;
  private final RotaryTable rotary;
  private final Capacity capacity;
  private final int slotWidth;
  private Batch indexed;
  private List<PathIndex> blocks;

  DeviceAttention(
      ModelConfig config,
      KernelRunner runner,
      DeviceWeights weights,
      RotaryTable rotary,
      Capacity capacity) {
    this.config = config;
    this.a = config.attention();
    this.runner = runner;
    this.weights = weights;
    this.rotary = rotary;
    this.capacity = capacity;
    this.slotWidth = a.kvLoraRank() + a.qkRopeHeadDim();
    this.at = new AttentionGraph(config, weights, capacity);
  }

  KernelGraph graph() {
    return at.graph;
  }

  /** Slots that all caches have together. */
  int slots() {
    return capacity.latentFloats() / slotWidth;
  }

  /**
   * Bytes that caches should take altogether: what there is, less a quarter for caches that are
   * about to be replaced and for gaps between others.
   */
  long cacheBytes() {
    return Float.BYTES * (capacity.latentFloats() - capacity.latentFloats() / 4L);
  }

  /** Copies latents between caches. */
  void copy(DeviceCache from, int fromSlot, DeviceCache to, int toSlot, int slots) {
    int source = from.slot() + fromSlot;
    int target = to.slot() + toSlot;
    int step = source == target ? 0 : Math.min(slots, Math.abs(source - target));
    // Pieces that do not reach into each other, in the order that reads before it writes.
    for (int done = 0; done < slots && step > 0; done += step) {
      int count = Math.min(step, slots - done);
      int shift = source > target ? done : slots - done - count;
      at.graph.idle();
      long floats = (long) count * slotWidth;
      at.copy.items(
          floats, (int) floats, (source + shift) * slotWidth, (target + shift) * slotWidth);
      runner.run(at.graph);
    }
  }

  /** {@code x += attention(norm(x))}; fills the batch's slots of the cache. */
  void apply(
      PlacedLayer layer,
      HostRows x,
      Batch batch,
      DeviceCache cache,
      AttentionForm form,
      BranchObserver branch) {
    PlacedLayer.Attention w = layer.attention();
    weights.fill(w.layout());
    rotary.cover(batch.maxPosition() + 1);
    if (batch != indexed) {
      blocks = PathIndex.of(batch, capacity.rows(), capacity.index());
      indexed = batch;
    }
    // Rows may attend to rows of other blocks: first all latents, unless there is but one block.
    if (blocks.size() > 1) {
      for (PathIndex block : blocks) {
        send(x, batch, block);
        at.graph.idle();
        cacheLatents(w, block, cache);
        runner.run(at.graph);
      }
    }
    float[] added = new float[x.data().length];
    for (PathIndex block : blocks) {
      send(x, batch, block);
      at.graph.idle();
      if (blocks.size() == 1) {
        cacheLatents(w, block, cache);
      } else {
        norm(w, block);
      }
      attend(w, block, cache, form);
      HostRows.receive(at.out, added, block.from() * x.width(), block.rows() * x.width());
    }
    if (branch != null) {
      branch.branch(added);
    }
    for (int i = 0; i < added.length; i++) {
      x.data()[i] += added[i];
    }
  }

  private void send(HostRows x, Batch batch, PathIndex block) {
    x.send(block.from(), block.rows(), at.x);
    int pairs = rotary.pairs();
    float[] angles = new float[block.rows() * 2 * pairs];
    for (int r = 0; r < block.rows(); r++) {
      int t = batch.positions()[block.from() + r] * pairs;
      System.arraycopy(rotary.cos(), t, angles, r * 2 * pairs, pairs);
      System.arraycopy(rotary.sin(), t, angles, r * 2 * pairs + pairs, pairs);
    }
    MemorySegment.copy(
        angles, 0, at.angles.getSegment(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, angles.length);
    MemorySegment.copy(
        block.words(),
        0,
        at.index.getSegment(),
        ValueLayout.JAVA_INT_UNALIGNED,
        0,
        block.words().length);
  }

  private AttentionGraph.Tasks tasks(PlacedLayer.Attention w) {
    return at.parts.get(w.part());
  }

  private void norm(PlacedLayer.Attention w, PathIndex block) {
    int hidden = config.hiddenSize();
    int rows = block.rows();
    tasks(w)
        .norm()
        .groups(
            rows, rows, hidden, 0, hidden, 0, hidden, -1, w.inputNorm(), w.constants().epsilon());
  }

  private void cacheLatents(PlacedLayer.Attention w, PathIndex block, DeviceCache cache) {
    norm(w, block);
    AttentionGraph.Tasks t = tasks(w);
    int rows = block.rows();
    int latent = a.kvLoraRank();
    int origin = cache.slot() * slotWidth;
    Multiply.all(at.graph, t.latentDown(), rows, w.latentDown(), w.latentDownBias());
    t.latentNorm()
        .groups(
            rows,
            rows,
            latent,
            0,
            slotWidth,
            origin,
            slotWidth,
            block.slots(),
            w.latentNorm(),
            w.constants().latentEpsilon());
    rotate(
        t.latentRotate(), rows, 1, latent, slotWidth, 0, origin + latent, slotWidth, block.slots());
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

  /** Starts with the tasks that are set, ends with {@code out} on the host. */
  private void attend(
      PlacedLayer.Attention w, PathIndex block, DeviceCache cache, AttentionForm form) {
    AttentionGraph.Tasks t = tasks(w);
    int rows = block.rows();
    if (w.queryDown() != null) {
      int width = a.qLoraRank();
      Multiply.all(at.graph, t.queryDown(), rows, w.queryDown(), w.queryDownBias());
      t.queryNorm()
          .groups(
              rows,
              rows,
              width,
              0,
              width,
              0,
              width,
              -1,
              w.queryNorm(),
              w.constants().latentEpsilon());
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
    switch (form) {
      case EXPANDED -> expanded(w, t, block, cache);
      case ABSORBED -> absorbed(w, t, block, cache);
    }
    Multiply.all(at.graph, t.output(), rows, w.output(), w.outputBias());
    runner.run(at.graph);
  }

  /** As many heads at a time as there is room for their keys and values. */
  private void expanded(
      PlacedLayer.Attention w, AttentionGraph.Tasks t, PathIndex block, DeviceCache cache) {
    int upWidth = a.qkNopeHeadDim() + a.vHeadDim();
    int group = Math.clamp(capacity.upFloats() / ((long) block.keys() * upWidth), 1, a.heads());
    if ((long) block.keys() * upWidth > capacity.upFloats()) {
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

  private void absorbed(
      PlacedLayer.Attention w, AttentionGraph.Tasks t, PathIndex block, DeviceCache cache) {
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
