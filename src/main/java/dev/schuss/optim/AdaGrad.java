package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Vectors;
import java.util.Arrays;

/**
 * Duchi et al. 2011: every weight's rate falls with the gradients it has seen, {@code r <- r + d^2;
 * w <- w - rate / (1 + (t - 1) rateDecay) * d / (sqrt(r) + epsilon)} with {@code d = g +
 * weightDecay w}.
 *
 * @param learningRate the rate of the equation
 * @param variant where epsilon stands, and whether r is per weight or per layer
 * @param epsilon keeps the quotient finite
 * @param weightDecay L2, added to the gradient
 * @param rateDecay PyTorch's lr_decay
 * @param initialAccumulator r before the first update
 */
public record AdaGrad(
    Schedule learningRate,
    Variant variant,
    @Range(min = 1e-30) double epsilon,
    @Range(min = 0) double weightDecay,
    @Range(min = 0) double rateDecay,
    @Range(min = 0) double initialAccumulator)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final AdaGrad DEFAULTS =
      new AdaGrad(Schedule.constant(0.01), Variant.EPS_OUTSIDE, 1e-7, 0, 0, 0);

  /** The forms of the literature. */
  public enum Variant {
    /** d / (sqrt(r) + epsilon): Goodfellow et al. 2016, Algorithm 8.4; PyTorch. */
    EPS_OUTSIDE,
    /** d / sqrt(r + epsilon). */
    EPS_INSIDE,
    /** One r per layer, of the layer's squared norm; epsilon outside. */
    LAYERWISE
  }

  public AdaGrad {
    Hyper.check(
        AdaGrad.class, learningRate, variant, epsilon, weightDecay, rateDecay, initialAccumulator);
  }

  @Override
  public Slots slots() {
    return variant == Variant.LAYERWISE ? Slots.NONE.andPerLayer("r") : Slots.perWeight("r");
  }

  @Override
  public void start(Step s) {
    if (variant == Variant.LAYERWISE) {
      Arrays.fill(s.perLayer("r"), initialAccumulator);
    } else {
      Arrays.fill(s.perWeight("r"), (float) initialAccumulator);
    }
  }

  @Override
  public void step(Step s) {
    double slowdown = 1 + (s.t() - 1) * rateDecay;
    if (variant == Variant.LAYERWISE) {
      layerwise(s, slowdown);
      return;
    }
    float[] w = s.w();
    float[] g = s.g();
    float[] r = s.perWeight("r");
    float in = variant == Variant.EPS_INSIDE ? (float) epsilon : 0;
    float out = variant == Variant.EPS_INSIDE ? 0 : (float) epsilon;
    s.forEachSpan(
        p -> {
          float rate = (float) (p.rate() / slowdown);
          float decay = (float) p.weightDecay();
          for (int i = p.from(); i < p.to(); i++) {
            float d = g[i] + decay * w[i];
            r[i] += d * d;
            w[i] -= rate * d / ((float) Math.sqrt(r[i] + in) + out);
          }
        });
  }

  private void layerwise(Step s, double slowdown) {
    double[] squares = L2.squaresWithDecay(s);
    double[] r = s.perLayer("r");
    for (int layer = 0; layer < squares.length; layer++) {
      r[layer] += squares[layer];
    }
    s.forEachSpan(
        p ->
            Vectors.axpy(
                (float) (-p.rate() / slowdown / (Math.sqrt(r[p.layer()]) + epsilon)),
                s.g(),
                s.w(),
                p.from(),
                p.to()));
  }
}
