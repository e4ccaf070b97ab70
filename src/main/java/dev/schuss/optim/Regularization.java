package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.math.Vectors;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import java.io.Serializable;

/**
 * A term of the loss that keeps weights small: l2 / 2 * sum w^2, with gradient l2 * w. That is
 * PyTorch's meaning of weight decay; where a text writes lambda * sum W^2, l2 is 2 lambda. Biases
 * (segments named {@code bias} or {@code ….bias}) are left out.
 *
 * @param l2 strength, 0 or more; 0 is off
 */
public record Regularization(@Range(min = 0) double l2) implements Serializable {
  /** No regularization. */
  public static final Regularization DEFAULTS = new Regularization(0);

  public Regularization {
    Ranges.check(Regularization.class, l2);
  }

  /** The value of the term at w, with its gradient added to g. */
  public double addTo(float[] g, float[] w, Layout layout) {
    if (l2 == 0) {
      return 0;
    }
    double squares = 0;
    float strength = (float) l2;
    for (Segment s : layout.segments()) {
      if (isPenalised(s)) {
        squares += Vectors.sumOfSquares(w, s.offset(), s.end());
        for (int i = s.offset(); i < s.end(); i++) {
          g[i] += strength * w[i];
        }
      }
    }
    return l2 / 2 * squares;
  }

  private static boolean isPenalised(Segment s) {
    return s.trainable() && !s.name().equals("bias") && !s.name().endsWith(".bias");
  }
}
