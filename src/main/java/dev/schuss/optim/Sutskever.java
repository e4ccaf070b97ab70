package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * The momentum of Sutskever et al. 2013, eq. 5: {@code min(1 - 2^(-1 - log2(floor(t / 250) + 1)),
 * max)}; during {@code finish} it is 0.9 at most, so that what the momentum carried far settles.
 *
 * @param max the largest value
 * @param period how long a value stays: 250 in the paper
 * @param finish the end of the run with a small value: 1000 in the paper's section 3; null for
 *     none. One as long as the run makes all values of max the same, of which check and train warn
 * @param length the whole run, before whose end the finish lies; null for the run's
 */
public record Sutskever(
    @Range(min = 0, below = 1) double max, Length period, Length finish, Length length)
    implements Schedule {
  private static final double LAST = 0.9;

  public Sutskever {
    Hyper.check(Sutskever.class, max, period, finish, length);
    Length.positive(Sutskever.class, "period", period);
  }

  static Sutskever defaults(double max) {
    return new Sutskever(max, Length.steps(250), null, null);
  }

  @Override
  public double at(long t) {
    long changes = t / period.steps();
    double value = Math.min(1 - 0.5 / (changes + 1), max);
    boolean ending = finish != null && t >= RunLength.known(length, this) - finish.steps();
    return ending ? Math.min(value, LAST) : value;
  }

  @Override
  public String doubt(RunLength run) {
    boolean known = finish != null && (length != null || run.steps() != null);
    if (!known || max <= LAST) {
      return null;
    }
    return finish.resolve(run).steps() < run.of(length, Sutskever.class).steps()
        ? null
        : "sutskever: finish = %s is no shorter than the run: the momentum is %s at most all the while, and max = %s does nothing; give a shorter finish"
            .formatted(finish, LAST, max);
  }

  @Override
  public Schedule resolve(RunLength run) {
    return finish == null
        ? new Sutskever(max, period.resolve(run), null, length)
        : new Sutskever(
            max, period.resolve(run), finish.resolve(run), run.of(length, Sutskever.class));
  }
}
