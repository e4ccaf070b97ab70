package dev.schuss.math;

import java.util.Arrays;

/** A small product, in all four transpositions, beside plain loops. */
final class SelfCheck {
  private static final int M = 3;
  private static final int N = 5;
  private static final int K = 4;

  private SelfCheck() {}

  /**
   * Multiplies small whole numbers, for which every library must give the very same floats.
   *
   * @throws IllegalStateException if it does not
   */
  static void run(Blas blas) {
    for (int form = 0; form < 4; form++) {
      boolean transposeA = (form & 1) != 0;
      boolean transposeB = (form & 2) != 0;
      float[] a = numbers(M * K, 7);
      float[] b = numbers(K * N, 11);
      float[] c = numbers(M * N, 5);
      float[] expected = c.clone();
      for (int i = 0; i < M; i++) {
        for (int j = 0; j < N; j++) {
          float dot = 0;
          for (int l = 0; l < K; l++) {
            dot += a[transposeA ? i * K + l : l * M + i] * b[transposeB ? l * N + j : j * K + l];
          }
          expected[j * M + i] = 2 * dot + 3 * c[j * M + i];
        }
      }
      blas.sgemm(
          transposeA,
          transposeB,
          M,
          N,
          K,
          2,
          a,
          0,
          transposeA ? K : M,
          b,
          0,
          transposeB ? N : K,
          3,
          c,
          0,
          M);
      if (!Arrays.equals(c, expected)) {
        throw new IllegalStateException(
            blas.name() + " computes a wrong product: " + Arrays.toString(c));
      }
    }
  }

  private static float[] numbers(int length, int modulus) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = i * i % modulus - 3;
    }
    return x;
  }
}
