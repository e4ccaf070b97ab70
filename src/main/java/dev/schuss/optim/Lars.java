package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * You et al. 2017, Algorithm 1: momentum with a rate per layer that follows the ratio of its norms,
 * {@code trust = trustCoefficient ||w|| / (||g|| + weightDecay ||w|| + epsilon); d = trust (g +
 * weightDecay w); v <- momentum v + d; w <- w - rate v}. The trust is 1 where a norm is 0.
 *
 * @param learningRate the rate of the equation
 * @param variant where the learning rate stands
 * @param momentum decay of the velocity
 * @param weightDecay L2; the trust is 1 for layers without it, unless alwaysAdapt
 * @param trustCoefficient eta of the paper
 * @param epsilon keeps the ratio finite
 * @param nesterov for {@link Variant#MOMENTUM_OUTSIDE}: {@code w <- w - rate (d + momentum v)}
 * @param trustClip limits trust / rate to 1 (LARC)
 * @param alwaysAdapt also layers without weight decay have a trust of their own
 */
public record Lars(
    Schedule learningRate,
    Variant variant,
    @Range(min = 0, below = 1) double momentum,
    @Range(min = 0) double weightDecay,
    @Range(above = 0) double trustCoefficient,
    @Range(min = 0) double epsilon,
    boolean nesterov,
    boolean trustClip,
    boolean alwaysAdapt)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final Lars DEFAULTS =
      new Lars(
          Schedule.constant(1),
          Variant.MOMENTUM_OUTSIDE,
          0.9,
          1e-4,
          0.001,
          1e-8,
          false,
          false,
          false);

  /** The forms of the literature. */
  public enum Variant {
    /** As above: PyTorch's momentum. */
    MOMENTUM_OUTSIDE,
    /** v <- momentum v + rate d; w <- w - v: the paper. */
    PAPER_LR_INSIDE
  }

  public Lars {
    Hyper.check(
        Lars.class,
        learningRate,
        variant,
        momentum,
        weightDecay,
        trustCoefficient,
        epsilon,
        nesterov,
        trustClip,
        alwaysAdapt);
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("velocity");
  }

  @Override
  public String momentumSlot() {
    return "velocity";
  }

  @Override
  public void step(Step s) {
    float[] w = s.w();
    float[] g = s.g();
    float[] v = s.perWeight("velocity");
    double[] weights = L2.squares(s, w);
    double[] gradients = L2.squares(s, g);
    float mu = (float) momentum;
    boolean inside = variant == Variant.PAPER_LR_INSIDE;
    s.forEachSpan(
        p -> {
          double norm = Math.sqrt(weights[p.layer()]);
          double trust = s.trust(p, trust(p, norm, Math.sqrt(gradients[p.layer()])));
          float a = Guard.factor(inside ? trust * p.rate() : trust);
          float rate = (float) (inside ? 1 : p.rate());
          float decay = (float) p.weightDecay();
          if (nesterov && !inside) {
            for (int i = p.from(); i < p.to(); i++) {
              float d = a * (g[i] + decay * w[i]);
              v[i] = mu * v[i] + d;
              w[i] -= rate * (d + mu * v[i]);
            }
          } else {
            for (int i = p.from(); i < p.to(); i++) {
              v[i] = mu * v[i] + a * (g[i] + decay * w[i]);
              w[i] -= rate * v[i];
            }
          }
        });
  }

  private double trust(Step.Span p, double w, double g) {
    boolean adapts = p.weightDecay() != 0 || alwaysAdapt;
    if (!adapts || w == 0 || g == 0) {
      return 1;
    }
    double trust = trustCoefficient * w / (g + p.weightDecay() * w + epsilon);
    return trustClip ? Math.min(trust / p.rate(), 1) : trust;
  }
}
