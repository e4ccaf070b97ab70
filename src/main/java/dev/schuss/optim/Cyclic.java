package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Smith 2017: a triangle between base and max, over and over (PyTorch's CyclicLR, triangular).
 *
 * @param base the smallest value
 * @param max the largest
 * @param up how long it rises
 * @param down how long it falls; null for as long as it rises
 */
public record Cyclic(
    @Range(min = 0) double base, @Range(min = 0) double max, Length up, Length down)
    implements Schedule {
  public Cyclic {
    Hyper.check(Cyclic.class, base, max, up, down);
    Length.positive(Cyclic.class, "up", up);
    if (down != null) {
      Length.positive(Cyclic.class, "down", down);
    }
  }

  static Cyclic defaults(double base, double max, Length up) {
    return new Cyclic(base, max, up, null);
  }

  @Override
  public double at(long t) {
    double rises = up.steps();
    double falls = down == null ? rises : down.steps();
    double into = t % (rises + falls);
    double height = into <= rises ? into / rises : 1 - (into - rises) / falls;
    return base + (max - base) * height;
  }

  @Override
  public Schedule resolve(RunLength run) {
    return new Cyclic(base, max, up.resolve(run), down == null ? null : down.resolve(run));
  }
}
