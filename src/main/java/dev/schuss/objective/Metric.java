package dev.schuss.objective;

/**
 * A figure that an evaluation yields, and which way it gets better.
 *
 * @param name as job files and result.json have it
 * @param higherIsBetter whether a larger value is a better one; a loss or an error is not
 * @param always whether any rows of positive weight define it; if not, it is left out where they do
 *     not, as the area under the ROC curve of rows that are all of one class
 */
public record Metric(String name, boolean higherIsBetter, boolean always) {
  /** The weighted mean loss, which every objective has. */
  public static final Metric LOSS = lower("loss");

  /** A metric that should be high, such as the accuracy. */
  public static Metric higher(String name) {
    return new Metric(name, true, true);
  }

  /** A metric that should be low, such as an error. */
  public static Metric lower(String name) {
    return new Metric(name, false, true);
  }

  /**
   * What rows that do not define it are like, for {@code they are ...}; empty where that is open.
   */
  public String gap() {
    return switch (name) {
      case "auc" -> "they are all of one class";
      case "r2" -> "their labels are all the same";
      default -> "";
    };
  }

  /** The same metric, which some rows do not define. */
  public Metric sometimes() {
    return new Metric(name, higherIsBetter, false);
  }
}
