package dev.schuss.nn;

import dev.schuss.math.Transcendental;

/** What the output layer's units mean, and how predictions follow from them. */
enum OutputForm {
  /** Class scores or values as they are. */
  PLAIN,

  /** Logarithms of odds, of which the logistic function makes probabilities of a 1. */
  LOGITS,

  /**
   * One logarithm of odds, of the second of two classes: the scores of both are 0 and z, since the
   * softmax of these is the logistic function of z.
   */
  TWO_CLASSES;

  /** Floats per row of the result. */
  int width(int units) {
    return this == TWO_CLASSES ? 2 : units;
  }

  /**
   * Class scores or predicted values.
   *
   * @param y rows x units; {@link #LOGITS} overwrites it
   * @param room at least rows x 2 floats for {@link #TWO_CLASSES}; else unused
   * @return y or room
   */
  float[] of(float[] y, int rows, int units, float[] room) {
    if (this == LOGITS) {
      Transcendental.sigmoid(y, 0, rows * units);
    } else if (this == TWO_CLASSES) {
      for (int r = 0; r < rows; r++) {
        room[2 * r] = 0;
        room[2 * r + 1] = y[r];
      }
      return room;
    }
    return y;
  }
}
