package dev.schuss.train;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;

/**
 * Ends a training when the validation metric no longer improves.
 *
 * @param metric a metric of the objective, such as {@code loss} or {@code accuracy}; its direction
 *     is known
 * @param patience epochs without improvement to wait for, at least 1
 * @param minDelta an improvement counts when it is larger than this, 0 or more
 * @param restoreBest whether the result is the best epoch's weights rather than the last ones
 */
public record EarlyStopping(
    String metric,
    @Range(min = 1) int patience,
    @Range(min = 0) double minDelta,
    boolean restoreBest) {
  /** Five epochs on the validation loss. */
  public static final EarlyStopping DEFAULTS = new EarlyStopping("loss", 5, 0, true);

  public EarlyStopping {
    Ranges.check(EarlyStopping.class, metric, patience, minDelta, restoreBest);
  }
}
