package io.assay.engine.backend.tornado;

import io.assay.engine.backend.tornado.kernel.Attention;
import io.assay.engine.backend.tornado.kernel.Products;
import io.assay.engine.backend.tornado.kernel.Rows;
import io.assay.engine.config.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The graph of latent attention in both forms: arrays and tasks, wired once for all layers. */
final class AttentionGraph {
  /** The tasks for layers whose matrices lie in one part. */
  record Tasks(
      KernelTask norm,
      KernelTask latentDown,
      KernelTask latentNorm,
      KernelTask latentRotate,
      KernelTask queryDown,
      KernelTask queryNorm,
      KernelTask queryUp,
      KernelTask queryRotate,
      KernelTask keysUp,
      KernelTask expanded,
      KernelTask fold,
      KernelTask absorbed,
      KernelTask unfold,
      KernelTask output) {}

  private static final int WORDS =
      2 * Products.WORDS * 3
          + 3 * Rows.NORM_WORDS
          + 2 * Rows.ROTATE_WORDS
          + 2 * Attention.WORDS
          + Products.FOLD_WORDS;
  private static final int OTHER_WORDS = 2 * Rows.COPY_WORDS;

  final KernelGraph graph;
  final List<Tasks> parts = new ArrayList<>();
  final KernelTask add;
  final KernelTask copy;

  /** For each row cosines and sines. */
  final FloatArray angles;

  /** {@link PathIndex#words}. */
  final IntArray index;

  /** {@code [rows, hidden]}, what attention adds to x. */
  final FloatArray out;

  /**
   * @param states all rows of activations
   */
  AttentionGraph(ModelConfig config, DeviceWeights weights, Capacity capacity, FloatArray states) {
    ModelConfig.Attention a = config.attention();
    int rows = capacity.rows();
    int slot = a.kvLoraRank() + a.qkRopeHeadDim();
    graph = new KernelGraph("attention", WORDS * weights.parts().size() + OTHER_WORDS);
    IntArray words = graph.words();
    angles = new FloatArray(rows * a.qkRopeHeadDim());
    index = new IntArray(capacity.index());
    out = new FloatArray(rows * config.hiddenSize());
    FloatArray normed = new FloatArray(rows * config.hiddenSize());
    FloatArray kv = new FloatArray(rows * slot);
    FloatArray latents = new FloatArray(capacity.latentFloats());
    FloatArray down = new FloatArray(Math.max(1, rows * a.qLoraRank()));
    FloatArray downNormed = new FloatArray(Math.max(1, rows * a.qLoraRank()));
    FloatArray q = new FloatArray(rows * a.heads() * a.qkHeadDim());
    FloatArray qRotated = new FloatArray(rows * a.heads() * a.qkRopeHeadDim());
    FloatArray up = new FloatArray(capacity.upFloats());
    FloatArray folded = new FloatArray(rows * a.heads() * a.kvLoraRank());
    FloatArray context = new FloatArray(rows * a.heads() * a.kvLoraRank());
    FloatArray mixed = new FloatArray(rows * a.heads() * a.vHeadDim());
    graph.share(List.of(states));
    graph.send(angles, index);
    weights.declare(graph);
    graph.keep(normed, kv, latents, down, downNormed, q, qRotated, up, folded, context, mixed, out);
    graph.fetchOnDemand(out);

    FloatArray v = weights.vectors();
    FloatArray querySource = a.qLoraRank() > 0 ? downNormed : normed;
    for (int p = 0; p < weights.parts().size(); p++) {
      DeviceWeights.Part w = weights.parts().get(p);
      parts.add(
          new Tasks(
              norm("norm" + p, states, v, normed),
              multiply("latentDown" + p, normed, v, w, kv),
              norm("latentNorm" + p, kv, v, latents),
              rotate("latentRotate" + p, kv, latents),
              multiply("queryDown" + p, normed, v, w, down),
              norm("queryNorm" + p, down, v, downNormed),
              multiply("queryUp" + p, querySource, v, w, q),
              rotate("queryRotate" + p, q, qRotated),
              multiply("keysUp" + p, latents, v, w, up),
              attend("expanded" + p, q, qRotated, up, latents, v, mixed),
              graph.add(
                  KernelTask.of(
                      "fold" + p,
                      Products::foldHeads,
                      graph.allot(Products.FOLD_WORDS),
                      words,
                      q,
                      v,
                      w.floats(),
                      w.shorts(),
                      w.bytes(),
                      folded)),
              attend("absorbed" + p, folded, qRotated, latents, latents, v, context),
              multiply("unfold" + p, context, v, w, mixed),
              multiply("output" + p, mixed, v, w, out)));
    }
    int at = graph.allot(Rows.COPY_WORDS);
    add = graph.add(KernelTask.of("add", Rows::addFloats, at, words, out, states));
    at = graph.allot(Rows.COPY_WORDS);
    copy = graph.add(KernelTask.of("copy", Rows::copyFloats, at, words, latents));
  }

  private KernelTask norm(String name, FloatArray from, FloatArray v, FloatArray to) {
    int at = graph.allot(Rows.NORM_WORDS);
    return graph.add(
        KernelTask.of(name, Rows::normalizeRows, at, graph.words(), from, index, v, to));
  }

  private KernelTask rotate(String name, FloatArray from, FloatArray to) {
    int at = graph.allot(Rows.ROTATE_WORDS);
    return graph.add(
        KernelTask.of(name, Rows::rotatePairs, at, graph.words(), from, index, angles, to));
  }

  private KernelTask multiply(
      String name, FloatArray from, FloatArray v, DeviceWeights.Part w, FloatArray to) {
    return Multiply.task(graph, name, from, index, v, w, to);
  }

  private KernelTask attend(
      String name,
      FloatArray queryA,
      FloatArray queryB,
      FloatArray keyA,
      FloatArray latents,
      FloatArray v,
      FloatArray to) {
    int at = graph.allot(Attention.WORDS);
    return graph.add(
        KernelTask.of(
            name,
            Attention::attendPaths,
            at,
            graph.words(),
            queryA,
            queryB,
            keyA,
            latents,
            index,
            v,
            to));
  }
}
