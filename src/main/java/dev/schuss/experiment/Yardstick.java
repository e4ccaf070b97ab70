package dev.schuss.experiment;

import dev.schuss.objective.Metric;
import java.util.Map;

/**
 * What runs are ranked by.
 *
 * @param metric its name and direction
 * @param on the rows that it is taken of
 * @param target a validation value that is good enough; null for none
 */
public record Yardstick(Metric metric, Rows on, Double target) {

  /** Rows that a metric is taken of. */
  public enum Rows {
    /** Those that every epoch is validated on. */
    VALIDATION,
    /** Those that are looked at once. */
    TEST,
    /** Those that are trained on, of which only the loss is known. */
    TRAINING
  }

  /** The value of a run; NaN where it has none. */
  public double of(RunRecord run) {
    Map<String, Double> figures =
        switch (on) {
          case VALIDATION -> run.validation();
          case TEST -> run.test();
          case TRAINING -> run.train();
        };
    return figures.getOrDefault(metric.name(), Double.NaN);
  }

  /** Whether a run that did not diverge has no value: its rows do not define the metric. */
  public boolean lacks(RunRecord run) {
    return !run.diverged() && Double.isNaN(of(run));
  }

  /** Whether one value is better than another; a number is better than NaN. */
  public boolean better(double value, double than) {
    if (Double.isNaN(value) || Double.isNaN(than)) {
      return !Double.isNaN(value);
    }
    return metric.higherIsBetter() ? value > than : value < than;
  }

  /** The epoch after which a run first had reached the target; null if it never did. */
  public RunRecord.Epoch reached(RunRecord run) {
    if (target == null) {
      return null;
    }
    for (RunRecord.Epoch epoch : run.history()) {
      double value = epoch.validation().getOrDefault(metric.name(), Double.NaN);
      if (metric.higherIsBetter() ? value >= target : value <= target) {
        return epoch;
      }
    }
    return null;
  }
}
