package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * A schedule that changes once per epoch: its lengths count epochs.
 *
 * @param inner any schedule
 * @param pace what the inner schedule counts
 * @param stepsPerEpoch updates in an epoch; null for the run's
 */
public record Paced(Schedule inner, Pace pace, @Range(min = 1) Long stepsPerEpoch)
    implements Schedule {

  /** What a schedule counts. */
  public enum Pace {
    /** Updates. */
    STEP,
    /** Epochs: the value stays during each. */
    EPOCH
  }

  public Paced {
    Hyper.check(Paced.class, inner, pace, stepsPerEpoch);
  }

  static Paced defaults(Schedule inner, Pace pace) {
    return new Paced(inner, pace, null);
  }

  @Override
  public double at(long t) {
    if (pace == Pace.STEP) {
      return inner.at(t);
    }
    if (stepsPerEpoch == null) {
      throw new IllegalStateException(
          this + " has the epochs of its run: resolve it against that first");
    }
    return inner.at(t / stepsPerEpoch);
  }

  @Override
  public Schedule resolve(RunLength run) {
    if (pace == Pace.STEP) {
      return new Paced(inner.resolve(run), pace, null);
    }
    long steps = stepsPerEpoch == null ? run.stepsPerEpoch() : stepsPerEpoch;
    RunLength mine = new RunLength(steps, run.steps());
    return new Paced(inner.resolve(mine.inEpochs()), pace, steps);
  }

  @Override
  public Plateau plateau() {
    return inner.plateau();
  }
}
