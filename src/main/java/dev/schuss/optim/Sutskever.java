package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * The momentum of Sutskever et al. 2013, eq. 5: {@code min(1 - 2^(-1 - log2(floor(t / 250) + 1)),
 * max)}.
 *
 * @param max the largest value
 * @param period how long a value stays: 250 in the paper
 */
public record Sutskever(@Range(min = 0, below = 1) double max, Length period) implements Schedule {
  public Sutskever {
    Hyper.check(Sutskever.class, max, period);
    Length.positive(Sutskever.class, "period", period);
  }

  static Sutskever defaults(double max) {
    return new Sutskever(max, Length.steps(250));
  }

  @Override
  public double at(long t) {
    long changes = t / period.steps();
    return Math.min(1 - 0.5 / (changes + 1), max);
  }

  @Override
  public Schedule resolve(RunLength run) {
    return new Sutskever(max, period.resolve(run));
  }
}
