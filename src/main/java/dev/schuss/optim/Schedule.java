package dev.schuss.optim;

import dev.schuss.math.Ranges;
import java.io.Serializable;

/** A hyper-parameter over time. */
public interface Schedule extends Serializable {

  /**
   * The value for update t, counted from 0.
   *
   * @return a finite number, 0 or more
   */
  double at(long t);

  /** The same value at every update. */
  static Schedule constant(double value) {
    return new Constant(value);
  }

  /**
   * Refuses a momentum outside of [0, 1), as far as a constant tells.
   *
   * @throws Ranges.OutOfRange naming the value
   */
  static void checkMomentum(Schedule momentum) {
    if (momentum instanceof Constant c && !(c.value() < 1)) {
      throw new Ranges.OutOfRange("momentum", c.value(), "in [0, 1)");
    }
  }
}
