package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;

/**
 * Kingma and Ba 2015, Algorithm 1: {@code m <- beta1 m + (1 - beta1) d; v <- beta2 v + (1 - beta2)
 * d^2; w <- w - rate * mhat / (sqrt(vhat) + epsilon)} with {@code mhat = m / (1 - beta1^t), vhat =
 * v / (1 - beta2^t)} and {@code d = g + weightDecay * w}.
 *
 * @param epsilon at least 1e-30, so that it does not vanish in single precision
 * @param weightDecay L2, added to the gradient (not the decoupled decay of AdamW)
 */
public record Adam(
    Schedule learningRate,
    @Range(min = 0, below = 1) double beta1,
    @Range(min = 0, below = 1) double beta2,
    @Range(min = 1e-30) double epsilon,
    @Range(min = 0) double weightDecay)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final Adam DEFAULTS = new Adam(Schedule.constant(0.001), 0.9, 0.999, 1e-8, 0);

  public Adam {
    Ranges.check(Adam.class, learningRate, beta1, beta2, epsilon, weightDecay);
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("m", "v");
  }

  @Override
  public void step(Step s) {
    float[] w = s.w();
    float[] g = s.g();
    float[] m = s.perWeight("m");
    float[] v = s.perWeight("v");
    float b1 = (float) beta1;
    float a1 = (float) (1 - beta1);
    float b2 = (float) beta2;
    float a2 = (float) (1 - beta2);
    float eps = (float) epsilon;
    double c1 = 1 - Math.pow(beta1, (double) s.t());
    double c2 = 1 - Math.pow(beta2, (double) s.t());
    s.forEachSpan(
        p -> {
          float rate = (float) (p.rate() / c1);
          float k = (float) (1 / c2);
          float decay = (float) p.weightDecay();
          for (int i = p.from(); i < p.to(); i++) {
            float d = g[i] + decay * w[i];
            m[i] = b1 * m[i] + a1 * d;
            v[i] = b2 * v[i] + a2 * d * d;
            w[i] -= rate * m[i] / ((float) Math.sqrt(v[i] * k) + eps);
          }
        });
  }
}
