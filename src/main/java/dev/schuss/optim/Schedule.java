package dev.schuss.optim;

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
}
