package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * A straight line between two multiples of the base, {@code base (start + (end - start) min(t, T) /
 * T)}: PyTorch's LinearLR.
 *
 * @param base what the factors multiply
 * @param length T; null for the run's
 * @param start the first factor
 * @param end the last factor
 */
public record Linear(
    @Range(min = 0) double base,
    Length length,
    @Range(min = 0) double start,
    @Range(min = 0) double end)
    implements Schedule {
  public Linear {
    Hyper.check(Linear.class, base, length, start, end);
  }

  static Linear defaults(double base) {
    return new Linear(base, null, 1, 0);
  }

  @Override
  public double at(long t) {
    return base * (start + (end - start) * Progress.of(t, length, this));
  }

  @Override
  public Schedule resolve(RunLength run) {
    return new Linear(base, run.of(length, Linear.class), start, end);
  }
}
