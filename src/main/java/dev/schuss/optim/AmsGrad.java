package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Reddi et al. 2018, Algorithm 2: {@link Adam} whose mean square never falls, {@code x <- max(x,
 * v); w <- w - rate * mhat / (sqrt(x / (1 - beta2^t)) + epsilon)}.
 *
 * @param learningRate the rate of the equation
 * @param variant what the maximum is taken of, and whether the averages are corrected
 * @param beta1 decay of the mean
 * @param beta2 decay of the mean square
 * @param epsilon keeps the quotient finite
 * @param weightDecay L2, added to the gradient
 */
public record AmsGrad(
    Schedule learningRate,
    Variant variant,
    @Range(min = 0, below = 1) double beta1,
    @Range(min = 0, below = 1) double beta2,
    @Range(min = 1e-30) double epsilon,
    @Range(min = 0) double weightDecay)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final AmsGrad DEFAULTS =
      new AmsGrad(Schedule.constant(0.001), Variant.TORCH, 0.9, 0.999, 1e-8, 0);

  /** The forms of the literature. */
  public enum Variant {
    /** x of the uncorrected v, both averages corrected afterwards: PyTorch. */
    TORCH,
    /** No correction: the paper. */
    PAPER,
    /** x of the corrected v: optax. */
    MAX_OF_CORRECTED
  }

  public AmsGrad {
    Hyper.check(AmsGrad.class, learningRate, variant, beta1, beta2, epsilon, weightDecay);
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("m", "v", "x");
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
    float[] v = s.perWeight("v");
    float[] x = s.perWeight("x");
    float b1 = (float) beta1;
    float a1 = (float) (1 - beta1);
    float b2 = (float) beta2;
    float a2 = (float) (1 - beta2);
    float eps = (float) epsilon;
    double c1 = variant == Variant.PAPER ? 1 : 1 - Math.pow(beta1, (double) s.t());
    double c2 = 1 - Math.pow(beta2, (double) s.t());
    float before = variant == Variant.MAX_OF_CORRECTED ? (float) (1 / c2) : 1;
    float after = variant == Variant.TORCH ? (float) (1 / c2) : 1;
    s.forEachSpan(
        p -> {
          float rate = (float) (p.rate() / c1);
          float decay = (float) p.weightDecay();
          for (int i = p.from(); i < p.to(); i++) {
            float d = g[i] + decay * w[i];
            m[i] = b1 * m[i] + a1 * d;
            v[i] = b2 * v[i] + a2 * d * d;
            x[i] = Math.max(x[i], v[i] * before);
            w[i] -= rate * m[i] / ((float) Math.sqrt(x[i] * after) + eps);
          }
        });
  }
}
