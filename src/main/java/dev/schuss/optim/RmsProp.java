package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Vectors;
import java.util.Arrays;

/**
 * Hinton 2012, lecture 6e: {@code r <- rho r + (1 - rho) d^2; w <- w - rate d / (sqrt(r) +
 * epsilon)} with {@code d = g + weightDecay w}. Centered (Graves 2013, eq. 40) the root is of
 * {@code r - c^2} with {@code c <- rho c + (1 - rho) d}. With momentum {@code b <- momentum b +
 * quotient; w <- w - rate b}.
 *
 * @param learningRate the rate of the equation
 * @param variant where epsilon stands, and whether r is per weight or per layer
 * @param rho decay of the averages
 * @param epsilon keeps the quotient finite
 * @param momentum of the quotients; 0 is off
 * @param centered whether the variance stands in place of the mean square
 * @param weightDecay L2, added to the gradient
 */
public record RmsProp(
    Schedule learningRate,
    Variant variant,
    @Range(min = 0, below = 1) double rho,
    @Range(min = 1e-30) double epsilon,
    @Range(min = 0, below = 1) double momentum,
    boolean centered,
    @Range(min = 0) double weightDecay)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final RmsProp DEFAULTS =
      new RmsProp(Schedule.constant(0.01), Variant.EPS_OUTSIDE, 0.9, 1e-8, 0, false, 0);

  /** The forms of the literature. */
  public enum Variant {
    /** d / (sqrt(r) + epsilon): PyTorch. */
    EPS_OUTSIDE,
    /** d / sqrt(r + epsilon): Goodfellow et al. 2016, Algorithm 8.5. */
    EPS_INSIDE,
    /** One r per layer, of the layer's squared norm; epsilon outside. */
    LAYERWISE,
    /** TensorFlow 1: r starts at 1, epsilon inside, and the rate stands inside the momentum. */
    TF_INIT_ONES
  }

  public RmsProp {
    Hyper.check(
        RmsProp.class, learningRate, variant, rho, epsilon, momentum, centered, weightDecay);
    if (variant == Variant.LAYERWISE && (centered || momentum != 0)) {
      throw new IllegalArgumentException(
          "rmsprop's variant layerwise is neither centered nor has it a momentum");
    }
  }

  @Override
  public Slots slots() {
    return variant == Variant.LAYERWISE
        ? Slots.NONE.andPerLayer("r")
        : Slots.perWeight("r")
            .andPerWeight(centered, "mean")
            .andPerWeight(momentum != 0, "velocity");
  }

  @Override
  public String momentumSlot() {
    return momentum == 0 ? null : "velocity";
  }

  @Override
  public void start(Step s) {
    if (variant == Variant.TF_INIT_ONES) {
      Arrays.fill(s.perWeight("r"), 1);
    }
  }

  @Override
  public void step(Step s) {
    if (variant == Variant.LAYERWISE) {
      layerwise(s);
      return;
    }
    float[] w = s.w();
    float[] g = s.g();
    float[] r = s.perWeight("r");
    boolean inside = variant != Variant.EPS_OUTSIDE;
    float in = inside ? (float) epsilon : 0;
    float out = inside ? 0 : (float) epsilon;
    float keep = (float) rho;
    float take = (float) (1 - rho);
    s.forEachSpan(
        p -> {
          float decay = (float) p.weightDecay();
          // g becomes the quotient d / root.
          if (centered) {
            float[] c = s.perWeight("mean");
            for (int i = p.from(); i < p.to(); i++) {
              float d = g[i] + decay * w[i];
              r[i] = keep * r[i] + take * d * d;
              c[i] = keep * c[i] + take * d;
              float variance = Math.max(r[i] - c[i] * c[i], 0f);
              g[i] = d / ((float) Math.sqrt(variance + in) + out);
            }
          } else {
            for (int i = p.from(); i < p.to(); i++) {
              float d = g[i] + decay * w[i];
              r[i] = keep * r[i] + take * d * d;
              g[i] = d / ((float) Math.sqrt(r[i] + in) + out);
            }
          }
          move(s, p);
        });
  }

  /** w <- w - rate g, by way of the momentum where there is one. */
  private void move(Step s, Step.Span p) {
    float[] w = s.w();
    float[] g = s.g();
    float rate = (float) p.rate();
    if (momentum == 0) {
      Vectors.axpy(-rate, g, w, p.from(), p.to());
      return;
    }
    float[] b = s.perWeight("velocity");
    float mu = (float) momentum;
    boolean rateInside = variant == Variant.TF_INIT_ONES;
    float a = rateInside ? rate : 1;
    float outer = rateInside ? 1 : rate;
    for (int i = p.from(); i < p.to(); i++) {
      b[i] = mu * b[i] + a * g[i];
      w[i] -= outer * b[i];
    }
  }

  private void layerwise(Step s) {
    double[] squares = L2.squaresWithDecay(s);
    double[] r = s.perLayer("r");
    for (int layer = 0; layer < squares.length; layer++) {
      r[layer] = rho * r[layer] + (1 - rho) * squares[layer];
    }
    s.forEachSpan(
        p ->
            Vectors.axpy(
                (float) (-p.rate() / (Math.sqrt(r[p.layer()]) + epsilon)),
                s.g(),
                s.w(),
                p.from(),
                p.to()));
  }
}
