package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Vectors;
import java.util.Arrays;

/**
 * You et al. 2020, Algorithm 2: {@link Adam}'s step with a length per layer that follows the norm
 * of its weights, {@code u = mhat / (sqrt(vhat) + epsilon) + weightDecay w; w <- w - rate ||w|| /
 * ||u|| u}. The ratio is 1 where a norm is 0.
 *
 * @param learningRate the rate of the equation
 * @param beta1 decay of the mean
 * @param beta2 decay of the mean square
 * @param epsilon keeps the quotient finite
 * @param weightDecay decoupled; the ratio is 1 for layers without it, unless alwaysAdapt
 * @param maxGradNorm gradients are first divided by max(||g|| / maxGradNorm, 1), over all layers;
 *     null for no limit
 * @param biasCorrection whether m and v are divided by 1 - beta^t
 * @param trustClip limits the ratio to 1
 * @param alwaysAdapt also layers without weight decay have a ratio of their own
 */
public record Lamb(
    Schedule learningRate,
    @Range(min = 0, below = 1) double beta1,
    @Range(min = 0, below = 1) double beta2,
    @Range(min = 1e-30) double epsilon,
    @Range(min = 0) double weightDecay,
    @Range(above = 0) Double maxGradNorm,
    boolean biasCorrection,
    boolean trustClip,
    boolean alwaysAdapt)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final Lamb DEFAULTS =
      new Lamb(Schedule.constant(0.001), 0.9, 0.999, 1e-6, 0.01, null, true, false, false);

  public Lamb {
    Hyper.check(
        Lamb.class,
        learningRate,
        beta1,
        beta2,
        epsilon,
        weightDecay,
        maxGradNorm,
        biasCorrection,
        trustClip,
        alwaysAdapt);
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
    float[] u = s.g(); // the gradient is read for the last time where u is written
    float limit = limit(s);
    double[][] squares =
        s.sumPerLayer(
            2,
            p -> {
              direction(s, p, limit);
              return new double[] {L2.ofSpan(w, p), L2.ofSpan(u, p)};
            });
    s.forEachSpan(
        p -> {
          double ratio =
              ratio(p, Math.sqrt(squares[0][p.layer()]), Math.sqrt(squares[1][p.layer()]));
          s.trust(p, ratio);
          Vectors.axpy(Guard.factor(-p.rate() * ratio), u, w, p.from(), p.to());
        });
  }

  private float limit(Step s) {
    if (maxGradNorm == null) {
      return 1;
    }
    double norm = Math.sqrt(Arrays.stream(L2.squares(s, s.g())).sum());
    return (float) (1 / Math.max(norm / maxGradNorm, 1));
  }

  /** Updates m and v, and puts u where the gradient was. */
  private void direction(Step s, Step.Span p, float limit) {
    float[] w = s.w();
    float[] g = s.g();
    float[] m = s.perWeight("m");
    float[] v = s.perWeight("v");
    float b1 = (float) beta1;
    float a1 = (float) (1 - beta1);
    float b2 = (float) beta2;
    float a2 = (float) (1 - beta2);
    float eps = (float) epsilon;
    float k1 = biasCorrection ? (float) (1 / (1 - Math.pow(beta1, (double) s.t()))) : 1;
    float k2 = biasCorrection ? (float) (1 / (1 - Math.pow(beta2, (double) s.t()))) : 1;
    float decay = (float) p.weightDecay();
    for (int i = p.from(); i < p.to(); i++) {
      float d = limit * g[i];
      m[i] = b1 * m[i] + a1 * d;
      v[i] = b2 * v[i] + a2 * d * d;
      g[i] = k1 * m[i] / ((float) Math.sqrt(v[i] * k2) + eps) + decay * w[i];
    }
  }

  private double ratio(Step.Span p, double w, double u) {
    boolean adapts = p.weightDecay() != 0 || alwaysAdapt;
    double ratio = !adapts || w == 0 || u == 0 ? 1 : w / u;
    return trustClip ? Math.min(ratio, 1) : ratio;
  }
}
