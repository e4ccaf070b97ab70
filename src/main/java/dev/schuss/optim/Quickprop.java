package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Fahlman 1988: every weight jumps to the minimum of the parabola through its last two slopes. With
 * S the slope, P the last one and D the last move, the secant step is {@code D S / (P - S)}. For
 * full-batch gradients.
 *
 * @param learningRate of the gradient step that is made where there is no secant
 * @param variant which safeguards there are
 * @param maxGrowth a move is at most so many times the last one
 * @param weightDecay L2, added to the slope
 */
public record Quickprop(
    Schedule learningRate,
    Variant variant,
    @Range(above = 0) double maxGrowth,
    @Range(min = 0) double weightDecay)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final Quickprop DEFAULTS =
      new Quickprop(Schedule.constant(0.01), Variant.FAHLMAN, 1.75, 0);

  /** The forms of the literature. */
  public enum Variant {
    /** Limited growth, and a gradient step beside the secant one while the slope keeps its sign. */
    FAHLMAN,
    /** The bare secant, without safeguards. */
    SECANT_SLIDE
  }

  public Quickprop {
    Hyper.check(Quickprop.class, learningRate, variant, maxGrowth, weightDecay);
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("slope", "move");
  }

  @Override
  public boolean fullBatch() {
    return true;
  }

  @Override
  public void step(Step s) {
    float[] w = s.w();
    float[] g = s.g();
    float[] slope = s.perWeight("slope");
    float[] move = s.perWeight("move");
    s.forEachSpan(
        p -> {
          float rate = (float) p.rate();
          float decay = (float) p.weightDecay();
          for (int i = p.from(); i < p.to(); i++) {
            float now = g[i] + decay * w[i];
            float d =
                variant == Variant.FAHLMAN
                    ? fahlman(now, slope[i], move[i], rate)
                    : secant(now, slope[i], move[i], rate);
            w[i] += d;
            slope[i] = now;
            move[i] = d;
          }
        });
  }

  private float fahlman(float s, float p, float d, float rate) {
    if (d == 0) {
      return -rate * s;
    }
    float mu = (float) maxGrowth;
    float limit = mu / (1 + mu) * p;
    boolean sameSide = d > 0 ? s < 0 : s > 0;
    boolean steep = d > 0 ? s <= limit : s >= limit;
    return (sameSide ? -rate * s : 0) + (steep ? mu * d : d * s / (p - s));
  }

  private static float secant(float s, float p, float d, float rate) {
    return d == 0 || s == p ? -rate * s : -s * d / (s - p);
  }
}
