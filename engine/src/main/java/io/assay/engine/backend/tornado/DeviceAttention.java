package io.assay.engine.backend.tornado;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.BranchObserver;
import io.assay.engine.backend.RotaryTable;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.trie.Batch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Runs the attention graph over a batch, a block of rows at a time. What is cached of a row is its
 * latent after the norm and its key's rotary part after rotation; it stays on the device.
 */
final class DeviceAttention {
  private final KernelRunner runner;
  private final IntConsumer require;
  private final RowStore store;
  private final AttentionGraph at;
  private final AttentionSteps steps;
  private final RotaryTable rotary;
  private final Capacity capacity;
  private final int slotWidth;
  private Batch indexed;
  private List<PathIndex> blocks;

  /**
   * @param require has the weights of a layer on the device
   * @param store where rows lie
   */
  DeviceAttention(
      ModelConfig config,
      KernelRunner runner,
      IntConsumer require,
      DeviceWeights weights,
      RowStore store,
      RotaryTable rotary,
      Capacity capacity) {
    this.runner = runner;
    this.require = require;
    this.store = store;
    this.rotary = rotary;
    this.capacity = capacity;
    this.slotWidth = config.attention().kvLoraRank() + config.attention().qkRopeHeadDim();
    this.at = new AttentionGraph(config, weights, capacity, store.states());
    this.steps = new AttentionSteps(config, runner, at, rotary, capacity.upFloats());
  }

  KernelGraph graph() {
    return at.graph;
  }

  /** Slots that all caches have together. */
  int slots() {
    return capacity.latentFloats() / slotWidth;
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
      DeviceRows x,
      Batch batch,
      DeviceCache cache,
      AttentionForm form,
      BranchObserver branch) {
    PlacedLayer.Attention w = layer.attention();
    require.accept(layer.index());
    rotary.cover(batch.maxPosition() + 1);
    if (batch != indexed) {
      blocks = PathIndex.of(batch, capacity.rows(), capacity.index());
      indexed = batch;
    }
    // Rows may attend to rows of other blocks: first all latents, unless there is but one block.
    if (blocks.size() > 1) {
      for (PathIndex block : blocks) {
        int from = store.enter(x, block.from(), block.rows(), 0);
        send(batch, block);
        at.graph.idle();
        steps.cacheLatents(w, block, from, cache);
        runner.run(at.graph);
      }
    }
    float[] added = branch == null ? null : new float[Math.multiplyExact(x.rows(), x.width())];
    for (PathIndex block : blocks) {
      int from = store.enter(x, block.from(), block.rows(), 0);
      send(batch, block);
      at.graph.idle();
      if (blocks.size() == 1) {
        steps.cacheLatents(w, block, from, cache);
      } else {
        steps.norm(w, block, from);
      }
      steps.queries(w, block.rows());
      switch (form) {
        case EXPANDED -> steps.expanded(w, block, cache);
        case ABSORBED -> steps.absorbed(w, block, cache);
      }
      steps.output(w, block.rows(), from);
      if (branch == null) {
        runner.run(at.graph);
      } else {
        runner.run(at.graph, at.out);
        RowStore.receive(at.out, added, block.from() * x.width(), block.rows() * x.width());
      }
      store.leave(x, block.from(), block.rows(), 0);
    }
    if (branch != null) {
      branch.branch(added);
    }
  }

  private void send(Batch batch, PathIndex block) {
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
}
