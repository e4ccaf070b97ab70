package dev.schuss.optim;

import dev.schuss.math.Vectors;

/** Squared norms per layer, in double and in an order that does not depend on threads. */
final class L2 {
  private L2() {}

  /** ||x||^2 of each layer. */
  static double[] squares(Step s, float[] x) {
    return s.sumPerLayer(p -> ofSpan(x, p));
  }

  /** ||x||^2 of a span, in eight sums that do not wait for each other. */
  static double ofSpan(float[] x, Step.Span p) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int i = p.from();
    for (; i < p.to() - 7; i += 8) {
      s0 += (double) x[i] * x[i];
      s1 += (double) x[i + 1] * x[i + 1];
      s2 += (double) x[i + 2] * x[i + 2];
      s3 += (double) x[i + 3] * x[i + 3];
      s4 += (double) x[i + 4] * x[i + 4];
      s5 += (double) x[i + 5] * x[i + 5];
      s6 += (double) x[i + 6] * x[i + 6];
      s7 += (double) x[i + 7] * x[i + 7];
    }
    for (; i < p.to(); i++) {
      s0 += (double) x[i] * x[i];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }

  /** g <- g + weightDecay w, and its ||g||^2 of each layer. */
  static double[] squaresWithDecay(Step s) {
    float[] g = s.g();
    return s.sumPerLayer(
        p -> {
          if (p.weightDecay() != 0) {
            Vectors.axpy((float) p.weightDecay(), s.w(), g, p.from(), p.to());
          }
          return ofSpan(g, p);
        });
  }
}
