package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import java.util.Objects;

/**
 * Zhang et al. 2019, Algorithm 1: the inner rule moves the fast weights; after every {@code every}
 * updates {@code slow <- slow + alpha (fast - slow); fast <- slow}. The slow weights start at the
 * initial weights, and the inner rule keeps its state. What is evaluated and saved are the slow
 * weights.
 *
 * @param inner the rule of the fast weights
 * @param every fast updates per slow one (the paper's k)
 * @param alpha the step of the slow weights
 */
public record Lookahead(
    Optimizer inner, @Range(min = 1) int every, @Range(above = 0, max = 1) double alpha)
    implements Optimizer {
  public Lookahead {
    Objects.requireNonNull(inner, "inner");
    Ranges.check(Lookahead.class, inner, every, alpha);
  }

  /** Around this rule with the paper's k = 5 and alpha = 0.5. */
  public static Lookahead defaults(Optimizer inner) {
    return new Lookahead(inner, 5, 0.5);
  }

  /** Around this rule. */
  public static Lookahead of(Optimizer inner, int every, double alpha) {
    return new Lookahead(inner, every, alpha);
  }

  @Override
  public Schedule learningRate() {
    return inner.learningRate();
  }

  @Override
  public double weightDecay() {
    return inner.weightDecay();
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("slow").and("inner", inner.slots());
  }

  @Override
  public float[] gradientPoint(Step s) {
    return inner.gradientPoint(s.within("inner"));
  }

  @Override
  public float[] result(Step s) {
    return s.t() == 1 ? s.w() : s.perWeight("slow");
  }

  @Override
  public void step(Step s) {
    float[] fast = s.w();
    float[] slow = s.perWeight("slow");
    if (s.t() == 1) {
      // Slots start at 0, the slow weights at w0.
      System.arraycopy(fast, 0, slow, 0, slow.length);
    }
    inner.step(s.within("inner"));
    if (s.t() % every == 0) {
      float a = (float) alpha;
      s.forEachSpan(
          p -> {
            for (int i = p.from(); i < p.to(); i++) {
              slow[i] += a * (fast[i] - slow[i]);
              fast[i] = slow[i];
            }
          });
    }
  }
}
