package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Loshchilov and Hutter 2019, Algorithm 2: {@link Adam} with the decay of the weights apart from
 * the gradient, {@code w <- (1 - rate * weightDecay) w - rate * mhat / (sqrt(vhat) + epsilon)}.
 *
 * @param learningRate the rate of the equation
 * @param variant how strong the decay is, and whether the mean square may fall
 * @param beta1 decay of the mean
 * @param beta2 decay of the mean square
 * @param epsilon keeps the quotient finite
 * @param weightDecay decoupled: it never enters the averages
 */
public record AdamW(
    Schedule learningRate,
    Variant variant,
    @Range(min = 0, below = 1) double beta1,
    @Range(min = 0, below = 1) double beta2,
    @Range(min = 1e-30) double epsilon,
    @Range(min = 0) double weightDecay)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final AdamW DEFAULTS =
      new AdamW(Schedule.constant(0.001), Variant.DECOUPLED, 0.9, 0.999, 1e-8, 0.01);

  /** The forms of the literature. */
  public enum Variant {
    /** The decay is multiplied by the learning rate: PyTorch. */
    DECOUPLED,
    /** The weights shrink by weightDecay itself: the paper with a schedule multiplier of 1. */
    DECOUPLED_WITHOUT_LR,
    /** {@link #DECOUPLED} with the mean square of {@link AmsGrad}, in PyTorch's form. */
    AMSGRAD
  }

  public AdamW {
    Hyper.check(AdamW.class, learningRate, variant, beta1, beta2, epsilon, weightDecay);
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("m", "v").andPerWeight(variant == Variant.AMSGRAD, "x");
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
    float eps = (float) epsilon;
    double c1 = 1 - Math.pow(beta1, (double) s.t());
    float k = (float) (1 / (1 - Math.pow(beta2, (double) s.t())));
    boolean amsgrad = variant == Variant.AMSGRAD;
    float[] x = amsgrad ? s.perWeight("x") : null;
    s.forEachSpan(
        p -> {
          float rate = (float) (p.rate() / c1);
          double shrink =
              variant == Variant.DECOUPLED_WITHOUT_LR
                  ? p.weightDecay()
                  : p.rate() * p.weightDecay();
          float keep = (float) (1 - shrink);
          if (amsgrad) {
            for (int i = p.from(); i < p.to(); i++) {
              m[i] = b1 * m[i] + a1 * g[i];
              v[i] = b2 * v[i] + a2 * g[i] * g[i];
              x[i] = Math.max(x[i], v[i]);
              w[i] = keep * w[i] - rate * m[i] / ((float) Math.sqrt(x[i] * k) + eps);
            }
          } else {
            for (int i = p.from(); i < p.to(); i++) {
              m[i] = b1 * m[i] + a1 * g[i];
              v[i] = b2 * v[i] + a2 * g[i] * g[i];
              w[i] = keep * w[i] - rate * m[i] / ((float) Math.sqrt(v[i] * k) + eps);
            }
          }
        });
  }
}
