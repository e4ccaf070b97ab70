package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Zeiler 2012, Algorithm 1: {@code r <- rho r + (1 - rho) d^2; u = sqrt(a + epsilon) / sqrt(r +
 * epsilon) d; a <- rho a + (1 - rho) u^2; w <- w - rate u} with {@code d = g + weightDecay w}.
 *
 * @param learningRate 1 in the paper
 * @param rho decay of the two averages
 * @param epsilon also sets the size of the first steps
 * @param weightDecay L2, added to the gradient
 */
public record AdaDelta(
    Schedule learningRate,
    @Range(min = 0, below = 1) double rho,
    @Range(min = 1e-30) double epsilon,
    @Range(min = 0) double weightDecay)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final AdaDelta DEFAULTS = new AdaDelta(Schedule.constant(1), 0.9, 1e-6, 0);

  public AdaDelta {
    Hyper.check(AdaDelta.class, learningRate, rho, epsilon, weightDecay);
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("r", "a");
  }

  @Override
  public void step(Step s) {
    float[] w = s.w();
    float[] g = s.g();
    float[] r = s.perWeight("r");
    float[] a = s.perWeight("a");
    float keep = (float) rho;
    float take = (float) (1 - rho);
    float eps = (float) epsilon;
    s.forEachSpan(
        p -> {
          float rate = (float) p.rate();
          float decay = (float) p.weightDecay();
          for (int i = p.from(); i < p.to(); i++) {
            float d = g[i] + decay * w[i];
            r[i] = keep * r[i] + take * d * d;
            float u = (float) Math.sqrt(a[i] + eps) / (float) Math.sqrt(r[i] + eps) * d;
            a[i] = keep * a[i] + take * u * u;
            w[i] -= rate * u;
          }
        });
  }
}
