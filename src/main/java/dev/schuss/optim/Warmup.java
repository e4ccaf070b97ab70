package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * A linear rise over the first w updates. Goyal et al. 2017.
 *
 * @param inner any schedule
 * @param length w: how long the rise takes
 * @param start the factor of the first update, {@code start + (1 - start) t / w}: 0 makes an update
 *     that changes nothing; null for {@code (t + 1) / w}, which is 1 / w at first
 * @param shifted whether the inner schedule starts when the rise ends, as PyTorch's SequentialLR
 *     does; otherwise its values are multiplied with the rise
 */
public record Warmup(
    Schedule inner, Length length, @Range(min = 0, max = 1) Double start, boolean shifted)
    implements Schedule {
  public Warmup {
    Hyper.check(Warmup.class, inner, length, start, shifted);
  }

  static Warmup defaults(Schedule inner, Length length) {
    return new Warmup(inner, length, null, true);
  }

  @Override
  public double at(long t) {
    long w = length.steps();
    if (t >= w) {
      return inner.at(shifted ? t - w : t);
    }
    double factor = start == null ? (t + 1.0) / w : start + (1 - start) * t / w;
    return factor * inner.at(shifted ? 0 : t);
  }

  @Override
  public Schedule resolve(RunLength run) {
    Length known = length.resolve(run);
    RunLength left = shifted ? run.after(known.steps()) : run;
    return new Warmup(inner.resolve(left), known, start, shifted);
  }

  @Override
  public Plateau plateau() {
    return inner.plateau();
  }
}
