package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * The momentum that goes with {@link OneCycle}: it falls while the rate rises, and back.
 *
 * @param low where the rate is largest
 * @param high at the start and at the end
 * @param length the whole cycle; null for the run's
 * @param rise the fraction of it in which the rate rises
 * @param anneal how it goes from one value to another
 * @param threePhase as that of the rate
 */
public record OneCycleMomentum(
    @Range(min = 0, below = 1) double low,
    @Range(min = 0, below = 1) double high,
    Length length,
    @Range(min = 0, max = 1) double rise,
    Cycle.Anneal anneal,
    boolean threePhase)
    implements Schedule {
  /** PyTorch's values. */
  static final OneCycleMomentum DEFAULTS =
      new OneCycleMomentum(0.85, 0.95, null, 0.3, Cycle.Anneal.COS, false);

  public OneCycleMomentum {
    Hyper.check(OneCycleMomentum.class, low, high, length, rise, anneal, threePhase);
  }

  @Override
  public double at(long t) {
    return new Cycle(RunLength.known(length, this), rise, anneal, threePhase)
        .at(t, high, low, high);
  }

  @Override
  public Schedule resolve(RunLength run) {
    Length known = run.of(length, OneCycleMomentum.class);
    return new OneCycleMomentum(low, high, known, rise, anneal, threePhase);
  }
}
