package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Vectors;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import java.io.Serializable;
import java.util.List;

/**
 * A term of the loss that keeps weights small: {@code l1 sum |w| + l2 / 2 sum w^2}, with gradient
 * {@code l1 sign(w) + l2 w}. The latter is PyTorch's meaning of weight decay; where a text writes
 * lambda sum W^2, l2 is 2 lambda. Biases (segments named {@code bias} or {@code ….bias}) are left
 * out unless a group names them, and so is what is not trained.
 *
 * @param l1 strength of the absolute values, 0 or more; 0 is off
 * @param l2 strength of the squares, 0 or more; 0 is off
 */
public record Regularization(@Range(min = 0) double l1, @Range(min = 0) double l2)
    implements Serializable {
  /** No regularization. */
  public static final Regularization DEFAULTS = new Regularization(0, 0);

  public Regularization {
    Hyper.check(Regularization.class, l1, l2);
  }

  /** Squares alone. */
  public Regularization(double l2) {
    this(0, l2);
  }

  /** The value of the term at w, with its gradient added to g. */
  public double addTo(float[] g, float[] w, Layout layout) {
    return addTo(g, w, layout, List.of());
  }

  /**
   * The value of the term at w, with its gradient added to g.
   *
   * @param groups whose l1 and l2 stand in place of these; see {@link Updater#groups}
   */
  public double addTo(float[] g, float[] w, Layout layout, List<Group> groups) {
    double term = 0;
    for (Segment s : layout.segments()) {
      boolean bias = s.name().equals("bias") || s.name().endsWith(".bias");
      double first = bias ? 0 : l1;
      double second = bias ? 0 : l2;
      boolean trained = s.trainable();
      for (Group group : groups) {
        if (group.matches(s)) {
          first = group.l1() == null ? first : group.l1();
          second = group.l2() == null ? second : group.l2();
          trained = group.frozen() == null ? trained : !group.frozen() && s.trainable();
        }
      }
      if (trained && (first != 0 || second != 0)) {
        term += add(g, w, s, first, second);
      }
    }
    return term;
  }

  private static double add(float[] g, float[] w, Segment s, double l1, double l2) {
    if (l2 != 0) {
      Vectors.axpy((float) l2, w, g, s.offset(), s.end());
    }
    double absolute = 0;
    if (l1 != 0) {
      float strength = (float) l1;
      for (int i = s.offset(); i < s.end(); i++) {
        absolute += Math.abs(w[i]);
        g[i] += strength * Math.signum(w[i]);
      }
    }
    return l1 * absolute + (l2 == 0 ? 0 : l2 / 2 * Vectors.sumOfSquares(w, s.offset(), s.end()));
  }
}
