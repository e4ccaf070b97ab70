package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * RMSProp with Nesterov momentum (Goodfellow et al. 2016, Algorithm 8.6): {@code g = grad(w + mu
 * v); r <- rho r + (1 - rho) g^2; v <- mu v - rate g / sqrt(r); w <- w + v}. r is updated before it
 * is used; a weight that has seen no gradient stays (0 / 0 is 0 here).
 *
 * @param learningRate the rate of the equation
 * @param variant where epsilon stands
 * @param momentum mu over the updates, in [0, 1)
 * @param rho decay of the average
 * @param epsilon keeps the quotient finite
 */
public record RmsPropNesterov(
    Schedule learningRate,
    Variant variant,
    @Range(min = 0, below = 1) Schedule momentum,
    @Range(min = 0, below = 1) double rho,
    @Range(min = 1e-30) double epsilon)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final RmsPropNesterov DEFAULTS =
      new RmsPropNesterov(
          Schedule.constant(0.001), Variant.FRESH_R_EPS_OUTSIDE, Schedule.constant(0.9), 0.9, 1e-8);

  /** The forms of the root. */
  public enum Variant {
    /** sqrt(r) + epsilon. */
    FRESH_R_EPS_OUTSIDE,
    /** sqrt(r + epsilon). */
    FRESH_R_EPS_INSIDE,
    /** sqrt(r), without epsilon. */
    FRESH_R_NO_EPS
  }

  public RmsPropNesterov {
    Hyper.check(RmsPropNesterov.class, learningRate, variant, momentum, rho, epsilon);
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("velocity", "r");
  }

  @Override
  public String momentumSlot() {
    return "velocity";
  }

  @Override
  public float[] gradientPoint(Step s) {
    return Nesterov.ahead(s, momentum);
  }

  @Override
  public void step(Step s) {
    float[] w = s.w();
    float[] g = s.g();
    float[] v = s.perWeight("velocity");
    float[] r = s.perWeight("r");
    float mu = (float) s.fraction("momentum", momentum);
    float keep = (float) rho;
    float take = (float) (1 - rho);
    float in = variant == Variant.FRESH_R_EPS_INSIDE ? (float) epsilon : 0;
    float out = variant == Variant.FRESH_R_EPS_OUTSIDE ? (float) epsilon : 0;
    s.forEachSpan(
        p -> {
          float rate = (float) p.rate();
          for (int i = p.from(); i < p.to(); i++) {
            r[i] = keep * r[i] + take * g[i] * g[i];
            float root = (float) Math.sqrt(r[i] + in) + out;
            v[i] = mu * v[i] - (root > 0 ? rate * g[i] / root : 0);
            w[i] += v[i];
          }
        });
  }
}
