package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * {@code base min(k / peak, sqrt(peak / k))} with k = t + 1: a rise to base at the peak-th update,
 * and the inverse square root after it (Vaswani et al. 2017, fairseq). With peak = 1 it is base /
 * sqrt(k).
 *
 * @param base the largest value, before modelSize
 * @param peak when it is reached
 * @param modelSize the width d of a transformer ("noam"): base is divided by sqrt(d peak); null to
 *     leave it
 */
public record InverseSqrt(
    @Range(min = 0) double base, Length peak, @Range(above = 0) Double modelSize)
    implements Schedule {
  public InverseSqrt {
    Hyper.check(InverseSqrt.class, base, peak, modelSize);
    Length.positive(InverseSqrt.class, "peak", peak);
  }

  static InverseSqrt defaults(double base) {
    return new InverseSqrt(base, Length.steps(1), null);
  }

  @Override
  public double at(long t) {
    double k = t + 1;
    double p = peak.steps();
    double largest = modelSize == null ? base : base / Math.sqrt(modelSize * p);
    return largest * Math.min(k / p, Math.sqrt(p / k));
  }

  @Override
  public Schedule resolve(RunLength run) {
    return new InverseSqrt(base, peak.resolve(run), modelSize);
  }
}
