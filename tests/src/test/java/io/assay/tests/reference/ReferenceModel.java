package io.assay.tests.reference;

import io.assay.tests.reference.ReferenceRouter.Decision;
import io.assay.tests.reference.ReferenceTensors.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The DeepSeek V2/V3 architecture in float64: keys and values up-projected for every row, no cache,
 * one row after the other. Slow and plain on purpose.
 */
public final class ReferenceModel {
  private static final double LATENT_EPS = 1e-6;

  /**
   * A forward pass over T tokens.
   *
   * @param logits {@code [T][vocab]}
   * @param hidden {@code [T][hidden]} by the names of the golden files
   * @param routing by routed layer, one decision a row
   */
  public record Pass(
      double[][] logits, Map<String, double[][]> hidden, Map<Integer, List<Decision>> routing) {
    /** Smallest routing margin of the pass. */
    public double margin() {
      return routing.values().stream()
          .flatMap(List::stream)
          .mapToDouble(Decision::margin)
          .min()
          .orElse(Double.POSITIVE_INFINITY);
    }
  }

  /** One MTP depth over rows {@code 0..rows}; see the golden README. */
  public record MtpPass(
      double[][] preNorm, double[][] postNorm, double[][] logits, List<Decision> routing) {}

  /** One step of speculative decoding. */
  public record Step(int prefixLength, List<Integer> drafts, int accepted, List<Integer> emitted) {}

  /**
   * The steps of one continuation.
   *
   * @param gap smallest distance between a draft's logit and the next best
   * @param margin smallest routing margin of the modules
   */
  public record Speculation(List<Step> steps, double gap, double margin) {}

  private final ReferenceConfig config;
  private final ReferenceTensors tensors;
  private final Map<String, double[]> transposed = new HashMap<>();

  private ReferenceModel(ReferenceConfig config, ReferenceTensors tensors) {
    this.config = config;
    this.tensors = tensors;
  }

  /** Reads a checkpoint folder. */
  public static ReferenceModel open(Path folder) {
    return new ReferenceModel(ReferenceConfig.read(folder), ReferenceTensors.readFolder(folder));
  }

  public int vocab() {
    return config.vocab();
  }

  public int mtpDepth() {
    return config.mtpDepth();
  }

  /** Whether the token ends a text. */
  public boolean ends(int token) {
    return config.eos().contains(token);
  }

  /** The main model over a sequence. */
  public Pass forward(int[] tokens) {
    Map<String, double[][]> hidden = new TreeMap<>();
    Map<Integer, List<Decision>> routing = new TreeMap<>();
    double[][] x = new double[tokens.length][];
    for (int i = 0; i < x.length; i++) {
      x[i] = embedding(tokens[i]);
    }
    hidden.put("embed", ReferenceMath.copy(x));
    for (int layer = 0; layer < config.layers(); layer++) {
      block(layer, x, hidden, routing);
    }
    double[][] normed = norm(x, "model.norm.weight", config.eps());
    hidden.put("before_norm", x);
    hidden.put("final_norm", normed);
    return new Pass(head(normed), hidden, routing);
  }

  /**
   * Every MTP depth whose rows exist.
   *
   * @param mainHidden {@code [rows][hidden]} of the main model after its final norm
   * @param tokens depth k row i reads {@code tokens[i + k]}; rows that have no such token are left
   *     out
   */
  public List<MtpPass> mtp(double[][] mainHidden, int[] tokens) {
    List<MtpPass> passes = new ArrayList<>();
    double[][] previous = mainHidden;
    for (int depth = 1; depth <= config.mtpDepth(); depth++) {
      int rows = Math.min(previous.length, tokens.length - depth);
      if (rows <= 0) {
        break;
      }
      MtpPass pass = mtpDepth(depth, previous, tokens, rows);
      passes.add(pass);
      previous = pass.postNorm;
    }
    return passes;
  }

  private MtpPass mtpDepth(int depth, double[][] previous, int[] tokens, int rows) {
    int layer = config.layers() + depth - 1;
    String p = "model.layers." + layer + ".";
    double[][] joined = new double[rows][];
    for (int i = 0; i < rows; i++) {
      double[] e = norm(embedding(tokens[i + depth]), p + "enorm.weight", config.eps());
      double[] h = norm(previous[i], p + "hnorm.weight", config.eps());
      joined[i] = Arrays.copyOf(e, 2 * config.hidden());
      System.arraycopy(h, 0, joined[i], config.hidden(), config.hidden());
    }
    double[][] x = linear(joined, p + "eh_proj.weight");
    Map<Integer, List<Decision>> routing = new HashMap<>();
    block(layer, x, new HashMap<>(), routing);
    double[][] post = norm(x, p + "shared_head.norm.weight", config.eps());
    return new MtpPass(x, post, head(post), routing.get(layer));
  }

  /**
   * The steps greedy speculative decoding takes when the final text is {@code prompt} and its
   * greedy continuation {@code greedy}, which holds at least {@code limit + mtpDepth} tokens not
   * cut at end tokens. At every step all depths are recomputed over all known rows.
   */
  public Speculation speculate(int[] prompt, int[] greedy, int limit) {
    int[] all = Arrays.copyOf(prompt, prompt.length + greedy.length);
    System.arraycopy(greedy, 0, all, prompt.length, greedy.length);
    double[][] main = forward(all).hidden.get("final_norm");
    List<Step> steps = new ArrayList<>();
    double[] closest = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    int known = prompt.length + 1;
    int end = prompt.length + limit;
    for (int i = 0; i < limit; i++) {
      if (ends(greedy[i])) {
        end = prompt.length + i + 1;
        break;
      }
    }
    while (known < end) {
      List<Integer> drafts = draft(main, all, known, closest);
      int accepted = 0;
      while (accepted < drafts.size() && drafts.get(accepted) == all[known + accepted]) {
        accepted++;
      }
      List<Integer> emitted = Arrays.stream(all, known, known + accepted + 1).boxed().toList();
      steps.add(new Step(known, drafts, accepted, emitted));
      known += accepted + 1;
    }
    return new Speculation(steps, closest[0], closest[1]);
  }

  /** One token from each depth, given {@code known} tokens of which the last has no hidden row. */
  private List<Integer> draft(double[][] main, int[] all, int known, double[] closest) {
    int rows = known - 1;
    int[] tokens = Arrays.copyOf(all, known + config.mtpDepth());
    double[][] previous = Arrays.copyOf(main, rows);
    List<Integer> drafts = new ArrayList<>();
    for (int depth = 1; depth <= config.mtpDepth(); depth++) {
      MtpPass pass = mtpDepth(depth, previous, tokens, rows);
      int draft = ReferenceMath.argmax(pass.logits[rows - 1]);
      closest[0] = Math.min(closest[0], ReferenceMath.gap(pass.logits[rows - 1]));
      for (Decision d : pass.routing) {
        closest[1] = Math.min(closest[1], d.margin());
      }
      drafts.add(draft);
      tokens[known + depth - 1] = draft;
      previous = pass.postNorm;
    }
    return drafts;
  }

  /** The greedy continuation, end tokens not heeded, by recomputing everything for every token. */
  public int[] greedy(int[] prompt, int count) {
    int[] tokens = prompt;
    for (int i = 0; i < count; i++) {
      double[][] logits = forward(tokens).logits;
      tokens = Arrays.copyOf(tokens, tokens.length + 1);
      tokens[tokens.length - 1] = ReferenceMath.argmax(logits[tokens.length - 2]);
    }
    return Arrays.copyOfRange(tokens, prompt.length, tokens.length);
  }

  private void block(
      int layer,
      double[][] x,
      Map<String, double[][]> hidden,
      Map<Integer, List<Decision>> routing) {
    String p = "model.layers." + layer + ".";
    double[][] attention =
        attention(p + "self_attn.", norm(x, p + "input_layernorm.weight", config.eps()));
    hidden.put("layers." + layer + ".attn_out", attention);
    ReferenceMath.add(x, attention);
    double[][] normed = norm(x, p + "post_attention_layernorm.weight", config.eps());
    double[][] mlp =
        config.routed(layer)
            ? experts(layer, p + "mlp.", normed, routing)
            : feedForward(p + "mlp.", normed);
    hidden.put("layers." + layer + ".mlp_out", mlp);
    ReferenceMath.add(x, mlp);
    hidden.put("layers." + layer + ".out", ReferenceMath.copy(x));
  }

  private double[][] attention(String p, double[][] x) {
    ReferenceConfig c = config;
    int width = c.nopeDim() + c.ropeDim();
    double[][] q =
        c.qLoraRank() > 0
            ? linear(
                norm(linear(x, p + "q_a_proj.weight"), p + "q_a_layernorm.weight", LATENT_EPS),
                p + "q_b_proj.weight")
            : linear(x, p + "q_proj.weight");
    double[][] down = linear(x, p + "kv_a_proj_with_mqa.weight");
    double[][] latent = new double[x.length][];
    double[][] keyRope = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      latent[t] = Arrays.copyOf(down[t], c.kvLoraRank());
      keyRope[t] = Arrays.copyOfRange(down[t], c.kvLoraRank(), down[t].length);
      rotate(keyRope[t], 0, t);
      for (int h = 0; h < c.heads(); h++) {
        rotate(q[t], h * width + c.nopeDim(), t);
      }
    }
    double[][] kv =
        linear(norm(latent, p + "kv_a_layernorm.weight", LATENT_EPS), p + "kv_b_proj.weight");
    double[][] mixed = new double[x.length][c.heads() * c.valueDim()];
    for (int h = 0; h < c.heads(); h++) {
      int keyAt = h * (c.nopeDim() + c.valueDim());
      for (int t = 0; t < x.length; t++) {
        double[] weights = new double[t + 1];
        for (int s = 0; s <= t; s++) {
          double dot = 0;
          for (int d = 0; d < c.nopeDim(); d++) {
            dot += q[t][h * width + d] * kv[s][keyAt + d];
          }
          for (int d = 0; d < c.ropeDim(); d++) {
            dot += q[t][h * width + c.nopeDim() + d] * keyRope[s][d];
          }
          weights[s] = dot * c.softmaxScale();
        }
        ReferenceMath.softmax(weights);
        for (int s = 0; s <= t; s++) {
          for (int d = 0; d < c.valueDim(); d++) {
            mixed[t][h * c.valueDim() + d] += weights[s] * kv[s][keyAt + c.nopeDim() + d];
          }
        }
      }
    }
    return linear(mixed, p + "o_proj.weight");
  }

  private void rotate(double[] v, int at, int position) {
    for (int i = 0; i < config.ropeDim() / 2; i++) {
      double angle = position * config.frequency(i);
      double cos = Math.cos(angle) * config.rotaryScale();
      double sin = Math.sin(angle) * config.rotaryScale();
      double a = v[at + 2 * i];
      double b = v[at + 2 * i + 1];
      v[at + 2 * i] = a * cos - b * sin;
      v[at + 2 * i + 1] = a * sin + b * cos;
    }
  }

  private double[][] experts(
      int layer, String p, double[][] x, Map<Integer, List<Decision>> routing) {
    double[][] logits = linear(x, p + "gate.weight");
    double[] bias =
        config.method().equals("noaux_tc")
            ? tensors.raw(p + "gate.e_score_correction_bias").values()
            : new double[config.experts()];
    double[][] out = new double[x.length][config.hidden()];
    List<Decision> decisions = new ArrayList<>();
    for (int t = 0; t < x.length; t++) {
      Decision d = ReferenceRouter.route(config, logits[t], bias);
      decisions.add(d);
      for (int k = 0; k < d.ids().length; k++) {
        double[] y = feedForward(p + "experts." + d.ids()[k] + ".", new double[][] {x[t]})[0];
        for (int i = 0; i < y.length; i++) {
          out[t][i] += d.weights()[k] * y[i];
        }
      }
    }
    if (config.sharedExperts() > 0) {
      ReferenceMath.add(out, feedForward(p + "shared_experts.", x));
    }
    routing.put(layer, decisions);
    return out;
  }

  private double[][] feedForward(String p, double[][] x) {
    double[][] gate = linear(x, p + "gate_proj.weight");
    double[][] up = linear(x, p + "up_proj.weight");
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < gate[t].length; i++) {
        gate[t][i] = gate[t][i] / (1 + Math.exp(-gate[t][i])) * up[t][i];
      }
    }
    return linear(gate, p + "down_proj.weight");
  }

  private double[] embedding(int token) {
    double[] table = tensors.raw("model.embed_tokens.weight").values();
    return Arrays.copyOfRange(table, token * config.hidden(), (token + 1) * config.hidden());
  }

  private double[][] head(double[][] x) {
    return linear(x, config.tied() ? "model.embed_tokens.weight" : "lm_head.weight");
  }

  private double[][] norm(double[][] x, String name, double eps) {
    return Arrays.stream(x).map(row -> norm(row, name, eps)).toArray(double[][]::new);
  }

  private double[] norm(double[] x, String name, double eps) {
    double[] weight = tensors.raw(name).values();
    double squares = 0;
    for (double v : x) {
      squares += v * v;
    }
    double scale = 1 / Math.sqrt(squares / x.length + eps);
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = x[i] * scale * weight[i];
    }
    return out;
  }

  /**
   * {@code x W^T}, and the bias if the checkpoint has one. Weights are kept transposed, so that the
   * inner loop runs over outputs.
   */
  private double[][] linear(double[][] x, String name) {
    double[] w = transposed.computeIfAbsent(name, this::transpose);
    int in = x[0].length;
    int out = w.length / in;
    String biasName = name.replaceFirst("weight$", "bias");
    double[] bias = tensors.contains(biasName) ? tensors.raw(biasName).values() : new double[out];
    double[][] y = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      y[t] = bias.clone();
      double[] row = y[t];
      for (int i = 0; i < in; i++) {
        double v = x[t][i];
        int at = i * out;
        for (int o = 0; o < out; o++) {
          row[o] += v * w[at + o];
        }
      }
    }
    return y;
  }

  private double[] transpose(String name) {
    Tensor weight = tensors.dequantised(name, config.block());
    int rows = weight.shape()[0];
    int columns = weight.shape()[1];
    double[] out = new double[rows * columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        out[c * rows + r] = weight.values()[r * columns + c];
      }
    }
    return out;
  }
}
