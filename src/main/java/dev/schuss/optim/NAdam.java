package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Dozat 2016: {@link Adam} with Nesterov momentum, {@code w <- w - rate * (mu' m / (1 - P') + (1 -
 * mu) d / (1 - P)) / (sqrt(vhat) + epsilon)} where mu is the momentum of this update, mu' that of
 * the next, and P, P' are the products of all of them up to this and the next update.
 *
 * @param learningRate the rate of the equation
 * @param variant how mu changes
 * @param beta1 decay of the mean
 * @param beta2 decay of the mean square
 * @param epsilon keeps the quotient finite
 * @param momentumDecay psi of {@link Variant#SCHEDULE}
 * @param weightDecay L2, added to the gradient
 */
public record NAdam(
    Schedule learningRate,
    Variant variant,
    @Range(min = 0, below = 1) double beta1,
    @Range(min = 0, below = 1) double beta2,
    @Range(min = 1e-30) double epsilon,
    @Range(min = 0) double momentumDecay,
    @Range(min = 0) double weightDecay)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final NAdam DEFAULTS =
      new NAdam(Schedule.constant(0.002), Variant.SCHEDULE, 0.9, 0.999, 1e-8, 0.004, 0);

  /** The forms of the literature. */
  public enum Variant {
    /** mu_t = beta1 (1 - 0.96^(t psi) / 2): the paper, PyTorch. */
    SCHEDULE,
    /** mu = beta1. */
    SIMPLE
  }

  public NAdam {
    Hyper.check(
        NAdam.class, learningRate, variant, beta1, beta2, epsilon, momentumDecay, weightDecay);
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("m", "v").andNumbers("muProduct");
  }

  @Override
  public String momentumSlot() {
    return "m";
  }

  @Override
  public void start(Step s) {
    s.number("muProduct", 1);
  }

  @Override
  public void step(Step s) {
    float[] w = s.w();
    float[] g = s.g();
    float[] m = s.perWeight("m");
    float[] v = s.perWeight("v");
    double mu = mu(s.t());
    double nextMu = mu(s.t() + 1);
    double product = s.number("muProduct") * mu;
    s.number("muProduct", product);
    float b1 = (float) beta1;
    float a1 = (float) (1 - beta1);
    float b2 = (float) beta2;
    float a2 = (float) (1 - beta2);
    float eps = (float) epsilon;
    float k = (float) (1 / (1 - Math.pow(beta2, (double) s.t())));
    s.forEachSpan(
        p -> {
          float ofMean = (float) (p.rate() * nextMu / (1 - product * nextMu));
          float ofGradient = (float) (p.rate() * (1 - mu) / (1 - product));
          float decay = (float) p.weightDecay();
          for (int i = p.from(); i < p.to(); i++) {
            float d = g[i] + decay * w[i];
            m[i] = b1 * m[i] + a1 * d;
            v[i] = b2 * v[i] + a2 * d * d;
            w[i] -= (ofMean * m[i] + ofGradient * d) / ((float) Math.sqrt(v[i] * k) + eps);
          }
        });
  }

  private double mu(long t) {
    return variant == Variant.SIMPLE
        ? beta1
        : beta1 * (1 - 0.5 * Math.pow(0.96, t * momentumDecay));
  }
}
