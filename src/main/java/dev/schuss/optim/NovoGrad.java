package dev.schuss.optim;

import dev.schuss.math.Alias;
import dev.schuss.math.Range;

/**
 * Ginsburg et al. 2019, Algorithm 1: the gradient of each layer is divided by its norm, {@code v <-
 * beta2 v + (1 - beta2) ||g||^2; m <- beta1 m + (g / (sqrt(v) + epsilon) + weightDecay w); w <- w -
 * rate m}. v, one number per layer, starts as the first ||g||^2 that is not 0.
 *
 * @param learningRate the rate of the equation
 * @param variant where epsilon stands, and how v starts
 * @param beta1 decay of the mean
 * @param beta2 decay of the squared norm
 * @param epsilon keeps the quotient finite
 * @param weightDecay added to the normalised gradient
 * @param gradAveraging whether the bracket is multiplied by 1 - beta1
 */
public record NovoGrad(
    Schedule learningRate,
    Variant variant,
    @Range(min = 0, below = 1) double beta1,
    @Range(min = 0, below = 1) double beta2,
    @Range(min = 1e-30) double epsilon,
    @Range(min = 0) double weightDecay,
    boolean gradAveraging)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final NovoGrad DEFAULTS =
      new NovoGrad(
          Schedule.constant(0.01), Variant.STANDARD_EPS_OUTSIDE, 0.95, 0.98, 1e-8, 0, false);

  /** The forms of the literature. */
  public enum Variant {
    /** sqrt(v) + epsilon, v set anew while it is 0: NVIDIA. */
    @Alias("zero-first-gradient-while-zero")
    STANDARD_EPS_OUTSIDE,
    /** sqrt(v + epsilon), without epsilon at the first update; 0 / 0 is 0. */
    SEED_EPS_INSIDE,
    /** The root is of the largest v so far. */
    AMSGRAD,
    /** v is set at the first update alone, even to 0: optax, TensorFlow Addons. */
    ZERO_FIRST_GRADIENT_FIRST_STEP_ONLY
  }

  public NovoGrad {
    Hyper.check(
        NovoGrad.class, learningRate, variant, beta1, beta2, epsilon, weightDecay, gradAveraging);
  }

  @Override
  public Slots slots() {
    Slots slots = Slots.perWeight("m");
    return variant == Variant.AMSGRAD ? slots.andPerLayer("v", "x") : slots.andPerLayer("v");
  }

  @Override
  public String momentumSlot() {
    return "m";
  }

  @Override
  public void step(Step s) {
    double[] squares = L2.squares(s, s.g());
    double[] root = new double[squares.length];
    for (int layer = 0; layer < squares.length; layer++) {
      root[layer] = root(s, layer, squares[layer]);
    }
    float[] w = s.w();
    float[] g = s.g();
    float[] m = s.perWeight("m");
    float b1 = (float) beta1;
    double a1 = gradAveraging ? 1 - beta1 : 1;
    s.forEachSpan(
        p -> {
          double r = root[p.layer()];
          float ofGradient = Guard.factor(a1 / r); // finite: a zero gradient stays 0
          float ofWeights = (float) (a1 * p.weightDecay());
          float rate = (float) p.rate();
          s.trust(p, 1 / r);
          for (int i = p.from(); i < p.to(); i++) {
            m[i] = b1 * m[i] + (ofGradient * g[i] + ofWeights * w[i]);
            w[i] -= rate * m[i];
          }
        });
  }

  /** What the layer's gradient is divided by; its v is updated. */
  private double root(Step s, int layer, double square) {
    double[] v = s.perLayer("v");
    boolean first = s.t() == 1;
    boolean starts =
        variant == Variant.ZERO_FIRST_GRADIENT_FIRST_STEP_ONLY ? first : first || v[layer] == 0;
    v[layer] = starts ? square : beta2 * v[layer] + (1 - beta2) * square;
    return switch (variant) {
      case STANDARD_EPS_OUTSIDE, ZERO_FIRST_GRADIENT_FIRST_STEP_ONLY ->
          Math.sqrt(v[layer]) + epsilon;
      case SEED_EPS_INSIDE -> Math.sqrt(v[layer] + (first ? 0 : epsilon));
      case AMSGRAD -> {
        double[] x = s.perLayer("x");
        x[layer] = Math.max(x[layer], v[layer]);
        yield Math.sqrt(x[layer]) + epsilon;
      }
    };
  }
}
