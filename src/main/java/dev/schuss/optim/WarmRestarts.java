package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Loshchilov and Hutter 2017 (SGDR): {@link Cosine} again and again, each time growth times as
 * long.
 *
 * @param base the first value of each cycle
 * @param first length of the first cycle
 * @param growth how many times as long the next cycle is
 * @param end what each cycle falls to
 */
public record WarmRestarts(
    @Range(min = 0) double base,
    Length first,
    @Range(min = 1) long growth,
    @Range(min = 0) double end)
    implements Schedule {
  public WarmRestarts {
    Hyper.check(WarmRestarts.class, base, first, growth, end);
    Length.positive(WarmRestarts.class, "first", first);
  }

  static WarmRestarts defaults(double base, Length first) {
    return new WarmRestarts(base, first, 1, 0);
  }

  @Override
  public double at(long t) {
    long cycle = first.steps();
    long into = t;
    if (growth == 1) {
      into %= cycle;
    }
    while (into >= cycle) {
      into -= cycle;
      cycle *= growth;
    }
    return end + (base - end) * (1 + Math.cos(Math.PI * into / cycle)) / 2;
  }

  @Override
  public Schedule resolve(RunLength run) {
    return new WarmRestarts(base, first.resolve(run), growth, end);
  }
}
