package dev.schuss.experiment;

/** How the learning rate follows the batch size. */
public enum RateScaling {
  /** Not at all. */
  NONE,
  /** In proportion: Goyal et al. 2017. */
  LINEAR,
  /**
   * With the square root, which keeps the variance of an update: Krizhevsky 2014; You et al. 2020.
   */
  SQUARE_ROOT;

  /**
   * The factor on the learning rate.
   *
   * @param batchSize rows per update, at least 1
   * @param base the batch size at which the learning rate holds as it is, at least 1
   */
  public double factor(int batchSize, int base) {
    double ratio = batchSize / (double) base;
    return switch (this) {
      case NONE -> 1;
      case LINEAR -> ratio;
      case SQUARE_ROOT -> Math.sqrt(ratio);
    };
  }
}
