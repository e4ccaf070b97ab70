package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Heavy-ball momentum (Polyak 1964): a velocity v of past gradients, {@code v <- beta v + a d; w <-
 * w - r v} with {@code d = g + weightDecay w}. The variants differ in a and r.
 *
 * @param learningRate the rate of the equation
 * @param variant where the learning rate stands, and how much of a gradient enters the velocity
 * @param momentum beta over the updates, in [0, 1)
 * @param weightDecay L2, added to the gradient
 * @param dampening for {@link Variant#TORCH_DAMPENING} alone: how much of a gradient stays out
 */
public record Momentum(
    Schedule learningRate,
    Variant variant,
    @Range(min = 0, below = 1) Schedule momentum,
    @Range(min = 0) double weightDecay,
    @Range(min = 0, max = 1) double dampening)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final Momentum DEFAULTS =
      new Momentum(Schedule.constant(0.01), Variant.LR_OUTSIDE, Schedule.constant(0.9), 0, 0);

  /** The forms of the literature. */
  public enum Variant {
    /** PyTorch: a = 1, r = rate. A change of the rate acts at once on the whole velocity. */
    LR_OUTSIDE,
    /** Sutskever et al. 2013, eq. 1: v <- beta v - rate d; w <- w + v. */
    LR_INSIDE,
    /** a = 1 - beta, r = rate: beta and the rate can be tuned apart. */
    EMA,
    /** {@link #EMA} with r = rate / (1 - beta^t): the mean of the gradients so far. */
    EMA_BIAS_CORRECTED,
    /** PyTorch's dampening: a = 1 - dampening, but 1 at the first update. */
    TORCH_DAMPENING
  }

  public Momentum {
    Hyper.check(Momentum.class, learningRate, variant, momentum, weightDecay, dampening);
  }

  /** PyTorch's form. */
  public Momentum(double learningRate, double momentum) {
    this(Schedule.constant(learningRate), Variant.LR_OUTSIDE, Schedule.constant(momentum), 0, 0);
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("velocity").andNumbers("decay");
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
    double mu = s.fraction("momentum", momentum);
    double product = decay(s, mu);
    float beta = (float) mu;
    s.forEachSpan(
        p -> {
          float decay = (float) p.weightDecay();
          float a =
              (float)
                  switch (variant) {
                    case LR_OUTSIDE -> 1;
                    case LR_INSIDE -> p.rate();
                    case EMA, EMA_BIAS_CORRECTED -> 1 - mu;
                    case TORCH_DAMPENING -> s.t() == 1 ? 1 : 1 - dampening;
                  };
          float r =
              (float)
                  switch (variant) {
                    case LR_OUTSIDE, EMA, TORCH_DAMPENING -> p.rate();
                    case LR_INSIDE -> 1;
                    case EMA_BIAS_CORRECTED -> p.rate() / (1 - product);
                  };
          for (int i = p.from(); i < p.to(); i++) {
            float d = g[i] + decay * w[i];
            v[i] = beta * v[i] + a * d;
            w[i] -= r * v[i];
          }
        });
  }

  /** beta^t, or the product of its values where beta follows a schedule. */
  private static double decay(Step s, double mu) {
    double product = s.t() == 1 ? mu : s.number("decay") * mu;
    s.number("decay", product);
    return product;
  }
}
