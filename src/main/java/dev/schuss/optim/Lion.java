package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Chen et al. 2023, Algorithm 2: {@code w <- (1 - rate weightDecay) w - rate sign(beta1 m + (1 -
 * beta1) g); m <- beta2 m + (1 - beta2) g}.
 *
 * @param learningRate the rate of the equation
 * @param beta1 of the mean whose sign is taken
 * @param beta2 of the mean that is kept
 * @param weightDecay decoupled
 */
public record Lion(
    Schedule learningRate,
    @Range(min = 0, below = 1) double beta1,
    @Range(min = 0, below = 1) double beta2,
    @Range(min = 0) double weightDecay)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final Lion DEFAULTS = new Lion(Schedule.constant(1e-4), 0.9, 0.99, 0);

  public Lion {
    Hyper.check(Lion.class, learningRate, beta1, beta2, weightDecay);
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("m");
  }

  @Override
  public String momentumSlot() {
    return "m";
  }

  @Override
  public void step(Step s) {
    float[] w = s.w();
    float[] g = s.g();
    float[] m = s.perWeight("m");
    float b1 = (float) beta1;
    float a1 = (float) (1 - beta1);
    float b2 = (float) beta2;
    float a2 = (float) (1 - beta2);
    s.forEachSpan(
        p -> {
          float rate = (float) p.rate();
          float keep = (float) (1 - p.rate() * p.weightDecay());
          for (int i = p.from(); i < p.to(); i++) {
            w[i] = keep * w[i] - rate * Math.signum(b1 * m[i] + a1 * g[i]);
            m[i] = b2 * m[i] + a2 * g[i];
          }
        });
  }
}
