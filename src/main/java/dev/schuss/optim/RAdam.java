package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Vectors;

/**
 * Liu et al. 2020, Algorithm 2: {@link Adam} whose adaptive step waits until its variance can be
 * known. With {@code rho_inf = 2 / (1 - beta2) - 1} and {@code rho = rho_inf - 2 t beta2^t / (1 -
 * beta2^t)}: once rho is large enough, {@code w <- w - rate r mhat / sqrt(vhat)} with {@code r =
 * sqrt((rho - 4)(rho - 2) rho_inf / ((rho_inf - 4)(rho_inf - 2) rho))}; before, {@code w <- w -
 * rate mhat}.
 *
 * @param learningRate the rate of the equation
 * @param variant what is large enough, where epsilon stands, and how weights decay
 * @param beta1 decay of the mean
 * @param beta2 decay of the mean square
 * @param epsilon keeps the quotient finite
 * @param weightDecay L2, added to the gradient, but for {@link Variant#LIU_GE5_DECOUPLED} and
 *     {@link Variant#LIU_GE5_SKIP}
 */
public record RAdam(
    Schedule learningRate,
    Variant variant,
    @Range(min = 0, below = 1) double beta1,
    @Range(min = 0, below = 1) double beta2,
    @Range(min = 1e-30) double epsilon,
    @Range(min = 0) double weightDecay)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final RAdam DEFAULTS = new RAdam(Schedule.constant(0.001));

  /** The forms of the literature. */
  public enum Variant {
    /** rho > 5, epsilon beside sqrt(v): PyTorch. */
    TORCH_GT5,
    /** rho > 4, no epsilon: the paper. A weight without gradients stays (0 / 0 is 0 here). */
    PAPER_GT4,
    /** rho > 4, epsilon beside sqrt(vhat). */
    PAPER_GT4_EPS,
    /** rho >= 5, decoupled decay as in {@link AdamW}: the authors' code. */
    LIU_GE5_DECOUPLED,
    /** The same, but weights wait until rho is large enough, and do not decay before. */
    LIU_GE5_SKIP
  }

  public RAdam {
    Hyper.check(RAdam.class, learningRate, variant, beta1, beta2, epsilon, weightDecay);
  }

  /** PyTorch's form with the usual constants. */
  public RAdam(Schedule learningRate) {
    this(learningRate, Variant.TORCH_GT5, 0.9, 0.999, 1e-8, 0);
  }

  /** PyTorch's form with the usual constants. */
  public RAdam(double learningRate) {
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
    double c1 = 1 - Math.pow(beta1, (double) s.t());
    double power = Math.pow(beta2, (double) s.t());
    double c2 = 1 - power;
    double rhoInf = 2 / (1 - beta2) - 1;
    double rho = rhoInf - 2 * s.t() * power / c2;
    boolean adaptive =
        switch (variant) {
          case TORCH_GT5 -> rho > 5;
          case PAPER_GT4, PAPER_GT4_EPS -> rho > 4;
          case LIU_GE5_DECOUPLED, LIU_GE5_SKIP -> rho >= 5;
        };
    double r = Math.sqrt((rho - 4) * (rho - 2) * rhoInf / ((rhoInf - 4) * (rhoInf - 2) * rho));
    boolean decoupled = variant == Variant.LIU_GE5_DECOUPLED || variant == Variant.LIU_GE5_SKIP;
    boolean waits = !adaptive && variant == Variant.LIU_GE5_SKIP;
    s.forEachSpan(
        p -> {
          float decay = decoupled ? 0 : (float) p.weightDecay();
          float keep = decoupled ? (float) (1 - p.rate() * p.weightDecay()) : 1;
          double rate = p.rate() / c1;
          if (adaptive && variant == Variant.PAPER_GT4) {
            average(s, p, decay);
            adaptWithoutEpsilon(s, p, (float) (rate * r), (float) (1 / c2));
          } else if (adaptive && variant == Variant.PAPER_GT4_EPS) {
            adapt(s, p, decay, keep, (float) (rate * r), (float) (1 / c2));
          } else if (adaptive) {
            adapt(s, p, decay, keep, (float) (rate * r * Math.sqrt(c2)), 1);
          } else {
            average(s, p, decay);
            if (!waits) {
              Vectors.scale(s.w(), keep, p.from(), p.to());
              Vectors.axpy((float) -rate, s.perWeight("m"), s.w(), p.from(), p.to());
            }
          }
        });
  }

  /** m and v alone. */
  private void average(Step s, Step.Span p, float decay) {
    float[] w = s.w();
    float[] g = s.g();
    float[] m = s.perWeight("m");
    float[] v = s.perWeight("v");
    float b1 = (float) beta1;
    float a1 = (float) (1 - beta1);
    float b2 = (float) beta2;
    float a2 = (float) (1 - beta2);
    for (int i = p.from(); i < p.to(); i++) {
      float d = g[i] + decay * w[i];
      m[i] = b1 * m[i] + a1 * d;
      v[i] = b2 * v[i] + a2 * d * d;
    }
  }

  /** m, v, and w <- keep w - rate m / (sqrt(k v) + epsilon), in one loop. */
  private void adapt(Step s, Step.Span p, float decay, float keep, float rate, float k) {
    float[] w = s.w();
    float[] g = s.g();
    float[] m = s.perWeight("m");
    float[] v = s.perWeight("v");
    float b1 = (float) beta1;
    float a1 = (float) (1 - beta1);
    float b2 = (float) beta2;
    float a2 = (float) (1 - beta2);
    float eps = (float) epsilon;
    for (int i = p.from(); i < p.to(); i++) {
      float d = g[i] + decay * w[i];
      m[i] = b1 * m[i] + a1 * d;
      v[i] = b2 * v[i] + a2 * d * d;
      w[i] = keep * w[i] - rate * m[i] / ((float) Math.sqrt(v[i] * k) + eps);
    }
  }

  private static void adaptWithoutEpsilon(Step s, Step.Span p, float rate, float k) {
    float[] w = s.w();
    float[] m = s.perWeight("m");
    float[] v = s.perWeight("v");
    for (int i = p.from(); i < p.to(); i++) {
      float root = (float) Math.sqrt(v[i] * k);
      w[i] -= root > 0 ? rate * m[i] / root : 0;
    }
  }
}
