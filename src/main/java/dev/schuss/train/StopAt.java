package dev.schuss.train;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;

/**
 * Ends a training as soon as it is good enough: when the first of these targets is reached.
 *
 * @param metric a validation metric, looked at after every epoch, in the direction that is known of
 *     it; null for none
 * @param value what the metric must reach; it and the metric belong together
 * @param trainLoss an epoch's mean training loss, without regularization, that is low enough; null
 *     for none
 * @param gradientNorm a Euclidean norm that is small enough of a round's mean gradient over all
 *     weights that are trained, l1 and l2 terms included; null for none
 */
public record StopAt(
    String metric, Double value, Double trainLoss, @Range(min = 0) Double gradientNorm) {
  /** No target; a job file that has the block must name one. */
  public static final StopAt DEFAULTS = new StopAt(null, null, null, null);

  public StopAt {
    Ranges.check(StopAt.class, metric, value, trainLoss, gradientNorm);
    if ((metric == null) != (value == null)) {
      throw new IllegalArgumentException(
          "metric = %s and value = %s belong together, such as { metric = accuracy, value = 0.98 }"
              .formatted(metric, value));
    }
    if (nan(value) || nan(trainLoss)) {
      throw new IllegalArgumentException("a target that is NaN is never reached");
    }
  }

  /** A validation metric that is good enough. */
  public static StopAt metric(String metric, double value) {
    return new StopAt(metric, value, null, null);
  }

  /** Whether there is anything to reach. */
  boolean hasTarget() {
    return metric != null || trainLoss != null || gradientNorm != null;
  }

  private static boolean nan(Double value) {
    return value != null && value.isNaN();
  }
}
