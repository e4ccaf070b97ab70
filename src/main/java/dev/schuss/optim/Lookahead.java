package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Zhang et al. 2019, Algorithm 1: the inner rule moves the fast weights; after every {@code every}
 * updates {@code slow <- slow + alpha (fast - slow); fast <- slow}. The slow weights start at the
 * initial weights, and they are what is evaluated and saved.
 *
 * @param inner the rule of the fast weights
 * @param every fast updates per slow one (the paper's k)
 * @param alpha the step of the slow weights
 * @param momentum what becomes of the inner rule's momentum at a synchronisation
 */
public record Lookahead(
    Optimizer inner,
    @Range(min = 1) int every,
    @Range(above = 0, max = 1) double alpha,
    Momentum momentum)
    implements Wrapper {

  /** What becomes of the inner rule's momentum at a synchronisation. */
  public enum Momentum {
    /** It is kept: the paper. */
    KEEP,
    /** It starts again at 0. */
    RESET,
    /** It is interpolated like the weights: v <- alpha v + (1 - alpha) (v of the last time). */
    PULLBACK
  }

  public Lookahead {
    Hyper.check(Lookahead.class, inner, every, alpha, momentum);
    if (inner.fullBatch()) {
      throw new IllegalArgumentException(
          "lookahead around "
              + inner.getClass().getSimpleName()
              + ": a full-batch rule compares gradients of successive weights, which a"
              + " synchronisation moves");
    }
    if (momentum != Momentum.KEEP && inner.momentumSlot() == null) {
      throw new IllegalArgumentException(
          "lookahead.momentum = "
              + momentum
              + ": "
              + inner.getClass().getSimpleName()
              + " has no momentum");
    }
  }

  /** Around this rule with the paper's k = 5 and alpha = 0.5. */
  public static Lookahead defaults(Optimizer inner) {
    return of(inner, 5, 0.5);
  }

  /** Around this rule, whose momentum is kept. */
  public static Lookahead of(Optimizer inner, int every, double alpha) {
    return new Lookahead(inner, every, alpha, Momentum.KEEP);
  }

  @Override
  public String nested() {
    return "inner";
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("slow")
        .andPerWeight(momentum == Momentum.PULLBACK, "momentum")
        .and(nested(), inner.slots());
  }

  @Override
  public void start(Step s) {
    System.arraycopy(s.w(), 0, s.perWeight("slow"), 0, s.w().length);
    inner.start(inside(s));
  }

  @Override
  public float[] result(Step s) {
    return s.withUntrainedOf(s.perWeight("slow"));
  }

  @Override
  public void step(Step s) {
    Step within = inside(s);
    inner.step(within);
    if (s.t() % every == 0) {
      float a = (float) alpha;
      float[] fast = s.w();
      float[] slow = s.perWeight("slow");
      s.forEachSpan(
          p -> {
            for (int i = p.from(); i < p.to(); i++) {
              slow[i] += a * (fast[i] - slow[i]);
              fast[i] = slow[i];
            }
            synchroniseMomentum(s, within, p);
          });
    }
  }

  private void synchroniseMomentum(Step s, Step within, Step.Span p) {
    if (momentum == Momentum.KEEP) {
      return;
    }
    float[] v = within.perWeight(inner.momentumSlot());
    float keep = momentum == Momentum.RESET ? 0 : (float) alpha;
    float[] last = momentum == Momentum.RESET ? v : s.perWeight("momentum");
    float take = momentum == Momentum.RESET ? 0 : (float) (1 - alpha);
    for (int i = p.from(); i < p.to(); i++) {
      v[i] = keep * v[i] + take * last[i];
      last[i] = v[i];
    }
  }
}
