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
  private final AttentionGraph at;
  private final AttentionSteps steps;
  private final RotaryTable rotary;
  private final Capacity capacity;
  private final int slotWidth;
  private Batch indexed;
  private List<PathIndex> blocks;

  /**
   * @param require has the weights of a layer on the device
   */
  DeviceAttention(
      ModelConfig config,
      KernelRunner runner,
      IntConsumer require,
      DeviceWeights weights,
      RotaryTable rotary,
      Capacity capacity) {
    this.runner = runner;
    this.require = require;
    this.rotary = rotary;
    this.capacity = capacity;
    this.slotWidth = config.attention().kvLoraRank() + config.attention().qkRopeHeadDim();
    this.at = new AttentionGraph(config, weights, capacity);
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
      HostRows x,
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
        send(x, batch, block);
        at.graph.idle();
        steps.cacheLatents(w, block, cache);
        runner.run(at.graph);
      }
    }
    float[] added = new float[x.data().length];
    for (PathIndex block : blocks) {
      send(x, batch, block);
      at.graph.idle();
      if (blocks.size() == 1) {
        steps.cacheLatents(w, block, cache);
      } else {
        steps.norm(w, block);
      }
      steps.queries(w, block.rows());
      switch (form) {
        case EXPANDED -> steps.expanded(w, block, cache);
        case ABSORBED -> steps.absorbed(w, block, cache);
      }
      steps.output(w, block.rows());
      runner.run(at.graph);
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
}
