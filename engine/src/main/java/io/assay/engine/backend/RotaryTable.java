package io.assay.engine.backend;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.config.ModelConfig.Yarn;

/**
 * Cosines and sines of the rotary embedding, and the factor of the attention scores, as the
 * published code computes them: frequencies and angles in fp32, YaRN (arXiv 2309.00071) by
 * frequency.
 */
public final class RotaryTable {
  private final int pairs;
  private final float[] frequencies;
  private final float magnitude;
  private final float scoreScale;
  private float[] cos = new float[0];
  private float[] sin = new float[0];

  public RotaryTable(ModelConfig config) {
    int dim = config.attention().qkRopeHeadDim();
    this.pairs = dim / 2;
    Yarn yarn = config.rope().yarn();
    this.frequencies = frequencies(dim, config.rope().theta(), yarn);
    this.magnitude = yarn == null ? 1f : (float) magnitude(yarn);
    double scale = StrictMath.pow(config.attention().qkHeadDim(), -0.5);
    if (yarn != null && yarn.mscaleAllDim() != 0) {
      double m = m(yarn.mscaleAllDim(), yarn.factor());
      scale = scale * m * m;
    }
    this.scoreScale = (float) scale;
  }

  /** m(x) = 0.1 x ln(factor) + 1: how much longer contexts flatten attention. */
  private static double m(double x, double factor) {
    return factor <= 1 ? 1.0 : 0.1 * x * StrictMath.log(factor) + 1.0;
  }

  private static double magnitude(Yarn yarn) {
    if (yarn.mscale() != 0 && yarn.mscaleAllDim() != 0) {
      return m(yarn.mscale(), yarn.factor()) / m(yarn.mscaleAllDim(), yarn.factor());
    }
    return m(1.0, yarn.factor());
  }

  private static float[] frequencies(int dim, double theta, Yarn yarn) {
    float[] plain = new float[dim / 2];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = (float) (1.0 / StrictMath.pow(theta, 2.0 * i / dim));
    }
    if (yarn == null) {
      return plain;
    }
    double low = Math.max(Math.floor(correction(yarn.betaFast(), dim, theta, yarn)), 0);
    double high = Math.min(Math.ceil(correction(yarn.betaSlow(), dim, theta, yarn)), dim - 1);
    if (low == high) {
      high += 0.001;
    }
    float[] scaled = new float[plain.length];
    for (int i = 0; i < plain.length; i++) {
      float ramp = (float) Math.clamp((i - low) / (high - low), 0.0, 1.0);
      scaled[i] = plain[i] * (1f - ramp) + (float) (plain[i] / yarn.factor()) * ramp;
    }
    return scaled;
  }

  /** The (fractional) dimension that turns this many times over the original length. */
  private static double correction(double rotations, int dim, double theta, Yarn yarn) {
    return dim
        * StrictMath.log(yarn.originalPositions() / (rotations * 2 * Math.PI))
        / (2 * StrictMath.log(theta));
  }

  /** Factor of query-key products: (nope + rope)^-0.5, times YaRN's m(mscale_all_dim)^2. */
  public float scoreScale() {
    return scoreScale;
  }

  /** Rotated pairs of a head. */
  public int pairs() {
    return pairs;
  }

  /** Makes {@link #cos} and {@link #sin} cover positions below this. */
  public synchronized void cover(int positions) {
    int have = cos.length / pairs;
    if (have >= positions) {
      return;
    }
    int to = Math.max(positions, have * 2);
    float[] moreCos = java.util.Arrays.copyOf(cos, Math.multiplyExact(to, pairs));
    float[] moreSin = java.util.Arrays.copyOf(sin, to * pairs);
    for (int p = have; p < to; p++) {
      for (int i = 0; i < pairs; i++) {
        float angle = p * frequencies[i];
        moreCos[p * pairs + i] = (float) StrictMath.cos(angle) * magnitude;
        moreSin[p * pairs + i] = (float) StrictMath.sin(angle) * magnitude;
      }
    }
    cos = moreCos;
    sin = moreSin;
  }

  /** {@code [position, pair]}. */
  public float[] cos() {
    return cos;
  }

  /** {@code [position, pair]}. */
  public float[] sin() {
    return sin;
  }
}
