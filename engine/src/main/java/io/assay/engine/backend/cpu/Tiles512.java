package io.assay.engine.backend.cpu;

import static io.assay.engine.backend.cpu.Kernel.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Blocks of dot products whose partial sums all stay in registers: rows of x times rows of w, over
 * the whole blocks of sixteen columns. Sums are left in memory, row by row, sixteen lanes each.
 *
 * <p>Loads are the scarce resource, since arrays are not aligned to cache lines: six rows by four
 * need ten loads for twenty-four multiply-adds. A method holds one tile and nothing else, because
 * the compiler keeps vectors in registers only in methods of limited size.
 */
final class Tiles512 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_512;

  private Tiles512() {}

  static void tile6x4(
      float[] x, int[] xOffsets, int q, float[] w, int w0, int ws, int k, float[] sums) {
    int x0 = xOffsets[q];
    int x1 = xOffsets[q + 1];
    int x2 = xOffsets[q + 2];
    int x3 = xOffsets[q + 3];
    int x4 = xOffsets[q + 4];
    int x5 = xOffsets[q + 5];
    int w1 = w0 + ws;
    int w2 = w1 + ws;
    int w3 = w2 + ws;
    FloatVector s00 = FloatVector.zero(S);
    FloatVector s01 = s00;
    FloatVector s02 = s00;
    FloatVector s03 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s12 = s00;
    FloatVector s13 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s22 = s00;
    FloatVector s23 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    FloatVector s32 = s00;
    FloatVector s33 = s00;
    FloatVector s40 = s00;
    FloatVector s41 = s00;
    FloatVector s42 = s00;
    FloatVector s43 = s00;
    FloatVector s50 = s00;
    FloatVector s51 = s00;
    FloatVector s52 = s00;
    FloatVector s53 = s00;
    for (int c = 0; c + LANES <= k; c += LANES) {
      FloatVector b0 = FloatVector.fromArray(S, w, w0 + c);
      FloatVector b1 = FloatVector.fromArray(S, w, w1 + c);
      FloatVector b2 = FloatVector.fromArray(S, w, w2 + c);
      FloatVector b3 = FloatVector.fromArray(S, w, w3 + c);
      FloatVector a = FloatVector.fromArray(S, x, x0 + c);
      s00 = a.fma(b0, s00);
      s01 = a.fma(b1, s01);
      s02 = a.fma(b2, s02);
      s03 = a.fma(b3, s03);
      a = FloatVector.fromArray(S, x, x1 + c);
      s10 = a.fma(b0, s10);
      s11 = a.fma(b1, s11);
      s12 = a.fma(b2, s12);
      s13 = a.fma(b3, s13);
      a = FloatVector.fromArray(S, x, x2 + c);
      s20 = a.fma(b0, s20);
      s21 = a.fma(b1, s21);
      s22 = a.fma(b2, s22);
      s23 = a.fma(b3, s23);
      a = FloatVector.fromArray(S, x, x3 + c);
      s30 = a.fma(b0, s30);
      s31 = a.fma(b1, s31);
      s32 = a.fma(b2, s32);
      s33 = a.fma(b3, s33);
      a = FloatVector.fromArray(S, x, x4 + c);
      s40 = a.fma(b0, s40);
      s41 = a.fma(b1, s41);
      s42 = a.fma(b2, s42);
      s43 = a.fma(b3, s43);
      a = FloatVector.fromArray(S, x, x5 + c);
      s50 = a.fma(b0, s50);
      s51 = a.fma(b1, s51);
      s52 = a.fma(b2, s52);
      s53 = a.fma(b3, s53);
    }
    s00.intoArray(sums, 0 * LANES);
    s01.intoArray(sums, 1 * LANES);
    s02.intoArray(sums, 2 * LANES);
    s03.intoArray(sums, 3 * LANES);
    s10.intoArray(sums, 4 * LANES);
    s11.intoArray(sums, 5 * LANES);
    s12.intoArray(sums, 6 * LANES);
    s13.intoArray(sums, 7 * LANES);
    s20.intoArray(sums, 8 * LANES);
    s21.intoArray(sums, 9 * LANES);
    s22.intoArray(sums, 10 * LANES);
    s23.intoArray(sums, 11 * LANES);
    s30.intoArray(sums, 12 * LANES);
    s31.intoArray(sums, 13 * LANES);
    s32.intoArray(sums, 14 * LANES);
    s33.intoArray(sums, 15 * LANES);
    s40.intoArray(sums, 16 * LANES);
    s41.intoArray(sums, 17 * LANES);
    s42.intoArray(sums, 18 * LANES);
    s43.intoArray(sums, 19 * LANES);
    s50.intoArray(sums, 20 * LANES);
    s51.intoArray(sums, 21 * LANES);
    s52.intoArray(sums, 22 * LANES);
    s53.intoArray(sums, 23 * LANES);
  }

  static void tile4x4(
      float[] x, int x0, int x1, int x2, int x3, float[] w, int w0, int ws, int k, float[] sums) {
    FloatVector s00 = FloatVector.zero(S);
    FloatVector s01 = s00;
    FloatVector s02 = s00;
    FloatVector s03 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s12 = s00;
    FloatVector s13 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s22 = s00;
    FloatVector s23 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    FloatVector s32 = s00;
    FloatVector s33 = s00;
    int w1 = w0 + ws;
    int w2 = w1 + ws;
    int w3 = w2 + ws;
    for (int c = 0; c + LANES <= k; c += LANES) {
      FloatVector b0 = FloatVector.fromArray(S, w, w0 + c);
      FloatVector b1 = FloatVector.fromArray(S, w, w1 + c);
      FloatVector b2 = FloatVector.fromArray(S, w, w2 + c);
      FloatVector b3 = FloatVector.fromArray(S, w, w3 + c);
      FloatVector a = FloatVector.fromArray(S, x, x0 + c);
      s00 = a.fma(b0, s00);
      s01 = a.fma(b1, s01);
      s02 = a.fma(b2, s02);
      s03 = a.fma(b3, s03);
      a = FloatVector.fromArray(S, x, x1 + c);
      s10 = a.fma(b0, s10);
      s11 = a.fma(b1, s11);
      s12 = a.fma(b2, s12);
      s13 = a.fma(b3, s13);
      a = FloatVector.fromArray(S, x, x2 + c);
      s20 = a.fma(b0, s20);
      s21 = a.fma(b1, s21);
      s22 = a.fma(b2, s22);
      s23 = a.fma(b3, s23);
      a = FloatVector.fromArray(S, x, x3 + c);
      s30 = a.fma(b0, s30);
      s31 = a.fma(b1, s31);
      s32 = a.fma(b2, s32);
      s33 = a.fma(b3, s33);
    }
    s00.intoArray(sums, 0);
    s01.intoArray(sums, LANES);
    s02.intoArray(sums, 2 * LANES);
    s03.intoArray(sums, 3 * LANES);
    s10.intoArray(sums, 4 * LANES);
    s11.intoArray(sums, 5 * LANES);
    s12.intoArray(sums, 6 * LANES);
    s13.intoArray(sums, 7 * LANES);
    s20.intoArray(sums, 8 * LANES);
    s21.intoArray(sums, 9 * LANES);
    s22.intoArray(sums, 10 * LANES);
    s23.intoArray(sums, 11 * LANES);
    s30.intoArray(sums, 12 * LANES);
    s31.intoArray(sums, 13 * LANES);
    s32.intoArray(sums, 14 * LANES);
    s33.intoArray(sums, 15 * LANES);
  }

  static void tile4x1(
      float[] x, int x0, int x1, int x2, int x3, float[] w, int w0, int k, float[] sums) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int c = 0; c + LANES <= k; c += LANES) {
      FloatVector b = FloatVector.fromArray(S, w, w0 + c);
      s0 = FloatVector.fromArray(S, x, x0 + c).fma(b, s0);
      s1 = FloatVector.fromArray(S, x, x1 + c).fma(b, s1);
      s2 = FloatVector.fromArray(S, x, x2 + c).fma(b, s2);
      s3 = FloatVector.fromArray(S, x, x3 + c).fma(b, s3);
    }
    s0.intoArray(sums, 0);
    s1.intoArray(sums, LANES);
    s2.intoArray(sums, 2 * LANES);
    s3.intoArray(sums, 3 * LANES);
  }

  static void tile1x8(float[] x, int x0, float[] w, int w0, int ws, int k, float[] sums) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (int c = 0; c + LANES <= k; c += LANES) {
      FloatVector a = FloatVector.fromArray(S, x, x0 + c);
      int b = w0 + c;
      s0 = FloatVector.fromArray(S, w, b).fma(a, s0);
      s1 = FloatVector.fromArray(S, w, b + ws).fma(a, s1);
      s2 = FloatVector.fromArray(S, w, b + 2 * ws).fma(a, s2);
      s3 = FloatVector.fromArray(S, w, b + 3 * ws).fma(a, s3);
      s4 = FloatVector.fromArray(S, w, b + 4 * ws).fma(a, s4);
      s5 = FloatVector.fromArray(S, w, b + 5 * ws).fma(a, s5);
      s6 = FloatVector.fromArray(S, w, b + 6 * ws).fma(a, s6);
      s7 = FloatVector.fromArray(S, w, b + 7 * ws).fma(a, s7);
    }
    s0.intoArray(sums, 0);
    s1.intoArray(sums, LANES);
    s2.intoArray(sums, 2 * LANES);
    s3.intoArray(sums, 3 * LANES);
    s4.intoArray(sums, 4 * LANES);
    s5.intoArray(sums, 5 * LANES);
    s6.intoArray(sums, 6 * LANES);
    s7.intoArray(sums, 7 * LANES);
  }

  static void tile1x1(float[] x, int x0, float[] w, int w0, int k, float[] sums) {
    FloatVector s = FloatVector.zero(S);
    for (int c = 0; c + LANES <= k; c += LANES) {
      s = FloatVector.fromArray(S, x, x0 + c).fma(FloatVector.fromArray(S, w, w0 + c), s);
    }
    s.intoArray(sums, 0);
  }
}
