package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;

/** The same value at every update. */
public record Constant(@Range(min = 0) double value) implements Schedule {
  public Constant {
    Ranges.check(Constant.class, value);
  }

  @Override
  public double at(long t) {
    return value;
  }
}
