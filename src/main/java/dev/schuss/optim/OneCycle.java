package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Smith and Topin 2018 in PyTorch's form (OneCycleLR): from base / div up to base, then down to
 * base / div / finalDiv.
 *
 * @param base the largest value
 * @param length the whole cycle; null for the run's
 * @param rise the fraction of it in which the value rises
 * @param anneal how it goes from one value to another
 * @param div base over the first value
 * @param finalDiv the first value over the last
 * @param threePhase whether it falls to the first value as fast as it rose, and only then to the
 *     last
 */
public record OneCycle(
    @Range(min = 0) double base,
    Length length,
    @Range(min = 0, max = 1) double rise,
    Cycle.Anneal anneal,
    @Range(above = 0) double div,
    @Range(above = 0) double finalDiv,
    boolean threePhase)
    implements Schedule {
  public OneCycle {
    Hyper.check(OneCycle.class, base, length, rise, anneal, div, finalDiv, threePhase);
  }

  static OneCycle defaults(double base) {
    return new OneCycle(base, null, 0.3, Cycle.Anneal.COS, 25, 1e4, false);
  }

  @Override
  public double at(long t) {
    double first = base / div;
    Cycle cycle = new Cycle(RunLength.known(length, this), rise, anneal, threePhase);
    return cycle.at(t, first, base, first / finalDiv);
  }

  @Override
  public Schedule resolve(RunLength run) {
    Length known = run.of(length, OneCycle.class);
    return new OneCycle(base, known, rise, anneal, div, finalDiv, threePhase);
  }
}
