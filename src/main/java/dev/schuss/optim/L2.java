package dev.schuss.optim;

import dev.schuss.math.Vectors;

/** Squared norms per layer, added up in an order that does not depend on threads. */
final class L2 {
  private L2() {}

  /** ||x||^2 of each layer. */
  static double[] squares(Step s, float[] x) {
    return s.sumPerLayer(p -> ofSpan(x, p));
  }

  /** ||x||^2 of a span. */
  static double ofSpan(float[] x, Step.Span p) {
    return Vectors.sumOfSquares(x, p.from(), p.to());
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
