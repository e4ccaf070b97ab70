package dev.schuss.optim;

import java.io.Serializable;

/**
 * A hyper-parameter over the updates: a pure function. A schedule whose length is that of the run,
 * or is given in epochs, must be resolved before it is asked.
 */
public interface Schedule extends Serializable {

  /**
   * The value for update t, counted from 0.
   *
   * @return a finite number, 0 or more
   * @throws IllegalStateException if a length is not yet known in updates
   */
  double at(long t);

  /**
   * This schedule with all its lengths in updates.
   *
   * @throws IllegalArgumentException if it has no length and neither has the run
   */
  default Schedule resolve(RunLength run) {
    return this;
  }

  /**
   * One line on what this schedule, its lengths as they were given, says in vain in such a run;
   * null where there is nothing to say.
   */
  default String doubt(RunLength run) {
    return null;
  }

  /** The rule that lowers the value when a metric no longer improves; null where there is none. */
  default Plateau plateau() {
    return null;
  }

  /** This schedule after so many updates in which its first value is approached from near 0. */
  default Schedule warmup(long updates) {
    return Warmup.defaults(this, Length.steps(updates));
  }

  /** The same value at every update. */
  static Schedule constant(double value) {
    return new Constant(value);
  }
}
