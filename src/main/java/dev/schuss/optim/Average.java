package dev.schuss.optim;

import dev.schuss.math.Alias;
import dev.schuss.math.Range;

/**
 * Polyak averaging (Polyak and Juditsky 1992): the average of the weights that the inner rule goes
 * through is what is evaluated and saved; the inner rule does not hear of it.
 *
 * @param inner any rule
 * @param kind which average
 * @param decay alpha of the exponential averages
 * @param from for {@link Kind#UNIFORM}: the update, counted from 1, whose weights are the first in
 *     the mean; until then the average is the weights themselves
 */
public record Average(
    Optimizer inner, Kind kind, @Range(min = 0, below = 1) double decay, @Range(min = 1) long from)
    implements Wrapper {

  /** Which average. */
  public enum Kind {
    /** a_0 = w_0; a_t = decay a_(t-1) + (1 - decay) w_t. */
    @Alias("ema-init-w0")
    EMA,
    /** a_1 = w_1, then the same: PyTorch's AveragedModel. */
    @Alias("ema-init-first")
    EMA_FROM_FIRST,
    /** a_0 = 0, then the same; reported a_t / (1 - decay^t). */
    @Alias("ema-zero-init-bias-corrected")
    EMA_BIAS_CORRECTED,
    /** The arithmetic mean of w_from to w_t. */
    @Alias("polyak-uniform")
    UNIFORM
  }

  public Average {
    Hyper.check(Average.class, inner, kind, decay, from);
  }

  static Average defaults(Optimizer inner) {
    return ema(inner, 0.999);
  }

  /** An exponential average from the initial weights on. */
  public static Average ema(Optimizer inner, double decay) {
    return new Average(inner, Kind.EMA, decay, 1);
  }

  @Override
  public String nested() {
    return "inner";
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("average").and(nested(), inner.slots());
  }

  @Override
  public void start(Step s) {
    if (kind != Kind.EMA_BIAS_CORRECTED) {
      System.arraycopy(s.w(), 0, s.perWeight("average"), 0, s.w().length);
    }
    inner.start(inside(s));
  }

  @Override
  public float[] result(Step s) {
    float[] average = s.perWeight("average");
    long updates = s.t() - 1;
    if (updates == 0) {
      return s.w();
    }
    if (kind != Kind.EMA_BIAS_CORRECTED) {
      return s.withUntrainedOf(average);
    }
    float[] corrected = s.copyOfWeights(); // frozen weights are not averaged
    float k = (float) (1 / (1 - Math.pow(decay, (double) updates)));
    s.forEachSpan(
        p -> {
          for (int i = p.from(); i < p.to(); i++) {
            corrected[i] = k * average[i];
          }
        });
    return corrected;
  }

  @Override
  public void step(Step s) {
    Step within = inside(s);
    inner.step(within);
    float[] w = inner.result(within);
    float[] average = s.perWeight("average");
    double take =
        switch (kind) {
          case EMA, EMA_BIAS_CORRECTED -> 1 - decay;
          case EMA_FROM_FIRST -> s.t() == 1 ? 1 : 1 - decay;
          case UNIFORM -> s.t() <= from ? 1 : 1.0 / (s.t() - from + 1);
        };
    float a = (float) take;
    s.forEachSpan(
        p -> {
          for (int i = p.from(); i < p.to(); i++) {
            average[i] += a * (w[i] - average[i]);
          }
        });
  }
}
