package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Kingma and Ba 2015, Algorithm 1: {@code m <- beta1 m + (1 - beta1) d; v <- beta2 v + (1 - beta2)
 * d^2; w <- w - rate * mhat / (sqrt(vhat) + epsilon)} with {@code mhat = m / (1 - beta1^t), vhat =
 * v / (1 - beta2^t)} and {@code d = g + weightDecay w}.
 *
 * @param learningRate the rate of the equation
 * @param variant where epsilon stands, and whether the averages are corrected
 * @param beta1 decay of the mean
 * @param beta2 decay of the mean square
 * @param epsilon keeps the quotient finite; at least 1e-30, so that it does not vanish in single
 *     precision
 * @param weightDecay L2, added to the gradient (not the decoupled decay of {@link AdamW})
 * @param secondMomentOnly for so many updates at the start only v is updated ("Adam-2k"); the bias
 *     corrections count m's updates and v's apart
 */
public record Adam(
    Schedule learningRate,
    Variant variant,
    @Range(min = 0, below = 1) double beta1,
    @Range(min = 0, below = 1) double beta2,
    @Range(min = 1e-30) double epsilon,
    @Range(min = 0) double weightDecay,
    @Range(min = 0) long secondMomentOnly)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final Adam DEFAULTS =
      new Adam(Schedule.constant(0.001), Variant.EPS_OUTSIDE, 0.9, 0.999, 1e-8, 0, 0);

  /** The forms of the literature. */
  public enum Variant {
    /** mhat / (sqrt(vhat) + epsilon): the paper, PyTorch. */
    EPS_OUTSIDE,
    /** mhat / sqrt(vhat + epsilon). */
    EPS_INSIDE,
    /** sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + epsilon): the paper's section 2. */
    EPS_HAT,
    /** m / (sqrt(v) + epsilon). */
    NO_BIAS_CORRECTION
  }

  public Adam {
    Hyper.check(
        Adam.class, learningRate, variant, beta1, beta2, epsilon, weightDecay, secondMomentOnly);
  }

  /** The paper's form. */
  public Adam(
      Schedule learningRate, double beta1, double beta2, double epsilon, double weightDecay) {
    this(learningRate, Variant.EPS_OUTSIDE, beta1, beta2, epsilon, weightDecay, 0);
  }

  /** The paper's form and constants. */
  public Adam(Schedule learningRate) {
    this(learningRate, Variant.EPS_OUTSIDE, 0.9, 0.999, 1e-8, 0, 0);
  }

  /** The paper's form and constants. */
  public Adam(double learningRate) {
    this(Schedule.constant(learningRate));
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("m", "v");
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
    float b1 = (float) beta1;
    float a1 = (float) (1 - beta1);
    float b2 = (float) beta2;
    float a2 = (float) (1 - beta2);
    if (s.t() <= secondMomentOnly) {
      s.forEachSpan(
          p -> {
            float decay = (float) p.weightDecay();
            for (int i = p.from(); i < p.to(); i++) {
              float d = g[i] + decay * w[i];
              v[i] = b2 * v[i] + a2 * d * d;
            }
          });
      return;
    }
    double c1 = 1 - Math.pow(beta1, (double) (s.t() - secondMomentOnly));
    double c2 = 1 - Math.pow(beta2, (double) s.t());
    double factor =
        switch (variant) {
          case EPS_OUTSIDE, EPS_INSIDE -> 1 / c1;
          case EPS_HAT -> Math.sqrt(c2) / c1;
          case NO_BIAS_CORRECTION -> 1;
        };
    boolean corrected = variant == Variant.EPS_OUTSIDE || variant == Variant.EPS_INSIDE;
    float k = corrected ? (float) (1 / c2) : 1;
    float in = variant == Variant.EPS_INSIDE ? (float) epsilon : 0;
    float out = variant == Variant.EPS_INSIDE ? 0 : (float) epsilon;
    s.forEachSpan(
        p -> {
          float rate = (float) (p.rate() * factor);
          float decay = (float) p.weightDecay();
          for (int i = p.from(); i < p.to(); i++) {
            float d = g[i] + decay * w[i];
            m[i] = b1 * m[i] + a1 * d;
            v[i] = b2 * v[i] + a2 * d * d;
            w[i] -= rate * m[i] / ((float) Math.sqrt(v[i] * k + in) + out);
          }
        });
  }
}
