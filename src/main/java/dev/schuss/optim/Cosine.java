package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Loshchilov and Hutter 2017 without restarts: {@code end + (base - end) (1 + cos(pi t / T)) / 2},
 * and end after T. PyTorch's CosineAnnealingLR rises again there; this does not.
 *
 * @param base the first value
 * @param length T; null for the run's
 * @param end the last value
 */
public record Cosine(@Range(min = 0) double base, Length length, @Range(min = 0) double end)
    implements Schedule {
  public Cosine {
    Hyper.check(Cosine.class, base, length, end);
  }

  static Cosine defaults(double base) {
    return new Cosine(base, null, 0);
  }

  @Override
  public double at(long t) {
    return end + (base - end) * (1 + Math.cos(Math.PI * Progress.of(t, length, this))) / 2;
  }

  @Override
  public Schedule resolve(RunLength run) {
    return new Cosine(base, run.of(length, Cosine.class), end);
  }
}
