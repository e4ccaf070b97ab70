package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Nesterov's accelerated gradient (1983) in the form of Sutskever et al. 2013, eqs. 3 and 4: {@code
 * v <- mu v - rate grad(w + mu v); w <- w + v}.
 *
 * @param learningRate the rate of the equation
 * @param variant where the gradient is taken
 * @param momentum mu over the updates, in [0, 1)
 * @param weightDecay L2, added to the gradient
 */
public record Nesterov(
    Schedule learningRate,
    Variant variant,
    @Range(min = 0, below = 1) Schedule momentum,
    @Range(min = 0) double weightDecay)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final Nesterov DEFAULTS =
      new Nesterov(Schedule.constant(0.01), Variant.LOOKAHEAD_GRADIENT, Schedule.constant(0.9), 0);

  /** The two forms of the literature. */
  public enum Variant {
    /** As the equation says: the gradient is taken at w + mu v. */
    LOOKAHEAD_GRADIENT,
    /**
     * PyTorch: the gradient is taken at w; {@code v <- mu v + d; w <- w - rate (d + mu v)}. With
     * constant rate and mu its w is the shifted point of the other form.
     */
    TORCH
  }

  public Nesterov {
    Hyper.check(Nesterov.class, learningRate, variant, momentum, weightDecay);
  }

  /** The look-ahead form. */
  public Nesterov(double learningRate, double momentum) {
    this(
        Schedule.constant(learningRate),
        Variant.LOOKAHEAD_GRADIENT,
        Schedule.constant(momentum),
        0);
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
  public float[] gradientPoint(Step s) {
    return variant == Variant.TORCH ? s.w() : ahead(s, momentum);
  }

  /** w + mu v, in which frozen layers stay where they are. */
  static float[] ahead(Step s, Schedule momentum) {
    float[] point = s.copyOfWeights();
    float[] v = s.perWeight("velocity");
    float mu = (float) s.fraction("momentum", momentum);
    s.forEachSpan(
        p -> {
          for (int i = p.from(); i < p.to(); i++) {
            point[i] += mu * v[i];
          }
        });
    return point;
  }

  @Override
  public void step(Step s) {
    float[] w = s.w();
    float[] g = s.g();
    float[] v = s.perWeight("velocity");
    float mu = (float) s.fraction("momentum", momentum);
    s.forEachSpan(
        p -> {
          float rate = (float) p.rate();
          float decay = (float) p.weightDecay();
          if (variant == Variant.TORCH) {
            for (int i = p.from(); i < p.to(); i++) {
              float d = g[i] + decay * w[i];
              v[i] = mu * v[i] + d;
              w[i] -= rate * (d + mu * v[i]);
            }
          } else {
            for (int i = p.from(); i < p.to(); i++) {
              float d = g[i] + decay * (w[i] + mu * v[i]);
              v[i] = mu * v[i] - rate * d;
              w[i] += v[i];
            }
          }
        });
  }
}
