package io.assay.engine.model;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.backend.RowRouting;
import io.assay.engine.trace.ForwardTrace;
import io.assay.engine.trace.RoutingObserver;
import io.assay.engine.trie.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs one sequence through everything a model has and keeps what it sees. */
public final class Tracer {
  private Tracer() {}

  /**
   * @param modules prediction modules, depth 1 first
   * @param tokens at least one
   */
  public static ForwardTrace trace(
      Transformer transformer, List<MtpModule> modules, int[] tokens, AttentionForm form) {
    Backend backend = transformer.backend();
    Map<String, float[]> hidden = new HashMap<>();
    Map<Integer, ForwardTrace.Routing> routing = new TreeMap<>();
    RoutingObserver keep = new Keeper(routing);
    Backend.Cache latents = backend.cache(tokens.length);
    Backend.Rows x =
        transformer.forward(
            Batch.ofSequence(tokens), layer -> latents, form, null, keep, hidden::put);
    Backend.Rows normed = backend.finalNorm(x, null);
    hidden.put("final_norm", backend.read(normed));
    float[] logits = transformer.logits(normed);

    List<ForwardTrace.Mtp> mtp = new ArrayList<>();
    Backend.Rows previous = transformer.moduleInput(x);
    for (MtpModule module : modules) {
      int depth = module.depth();
      int rows = tokens.length - depth;
      if (rows <= 0) {
        break;
      }
      int[] first = new int[rows];
      Arrays.setAll(first, i -> i);
      MtpModule.Output out =
          module.forward(
              Batch.ofSequence(Arrays.copyOfRange(tokens, depth, tokens.length)),
              backend.select(previous, first),
              latents,
              form,
              keep);
      mtp.add(
          new ForwardTrace.Mtp(
              depth,
              transformer.logits(out.normed()),
              backend.read(out.block()),
              backend.read(out.normed()),
              routing.remove(transformer.config().numLayers() + depth - 1)));
      previous = out.normed();
    }
    return new ForwardTrace(logits, hidden, routing, mtp);
  }

  /** Keeps everything a router says. */
  private record Keeper(Map<Integer, ForwardTrace.Routing> to, Map<Integer, RowRouting> heard)
      implements RoutingObserver {
    Keeper(Map<Integer, ForwardTrace.Routing> to) {
      this(to, new TreeMap<>());
    }

    @Override
    public void routed(int layer, RowRouting routing) {
      heard.put(layer, routing);
    }

    @Override
    public void finished() {
      heard.forEach(
          (layer, r) ->
              to.put(
                  layer,
                  new ForwardTrace.Routing(
                      r.ids().clone(), r.weights().clone(), r.scores().clone())));
      heard.clear();
    }

    @Override
    public boolean scores() {
      return true;
    }
  }
}
