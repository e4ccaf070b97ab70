package dev.schuss.optim;

import dev.schuss.math.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a training will be, for schedules that depend on it.
 *
 * @param stepsPerEpoch updates in a pass over the training rows
 * @param steps updates in all; null where time alone ends the training
 */
public record RunLength(@Range(min = 1) long stepsPerEpoch, @Range(min = 1) Long steps) {
  public RunLength {
    Hyper.check(RunLength.class, stepsPerEpoch, steps);
  }

  /**
   * What schedules of a rule, which are not resolved, say in vain in such a run.
   *
   * @return a line for each; usually none
   */
  public List<String> doubts(Optimizer rule) {
    List<String> doubts = new ArrayList<>();
    Records.doubts(rule, this, doubts);
    return doubts;
  }

  /** What is left of the run after so many updates; at least 1. */
  RunLength after(long updates) {
    return steps == null ? this : new RunLength(stepsPerEpoch, Math.max(steps - updates, 1));
  }

  /** The same run where a whole epoch counts as one. */
  RunLength inEpochs() {
    return new RunLength(1, steps == null ? null : (steps - 1) / stepsPerEpoch + 1);
  }

  /** A schedule's length in updates: the run's where it has none of its own. */
  Length of(Length length, Class<? extends Schedule> schedule) {
    if (length != null) {
      return length.resolve(this);
    }
    if (steps == null) {
      throw new IllegalArgumentException(
          schedule.getSimpleName()
              + ": length is missing, and a run that time alone ends has none either; set the"
              + " schedule's length, such as 10 epochs");
    }
    return Length.steps(steps);
  }

  /** The updates of a resolved length. */
  static long known(Length length, Schedule schedule) {
    if (length == null) {
      throw new IllegalStateException(
          schedule + " has the length of its run: resolve it against that first");
    }
    return length.steps();
  }
}
