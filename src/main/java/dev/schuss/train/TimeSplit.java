package dev.schuss.train;

/**
 * Where seconds on the driver's clock went. All but {@code meanCompute} add up to the wall time.
 *
 * @param compute the gradients of each round's slowest task
 * @param meanCompute the gradients of a task on average: much less than {@code compute} means
 *     uneven partitions or machines
 * @param broadcast handing the weights to Spark
 * @param waiting until the last task of a round began: scheduling, and executors fetching the
 *     weights
 * @param reduce sending the gradients and adding them up
 * @param update the optimizer
 * @param other validation, listeners and the rest
 */
public record TimeSplit(
    double compute,
    double meanCompute,
    double broadcast,
    double waiting,
    double reduce,
    double update,
    double other) {

  /** Seconds that rounds took. */
  public double rounds() {
    return compute + broadcast + waiting + reduce + update;
  }

  /** What came after an earlier split. */
  TimeSplit since(TimeSplit earlier) {
    return new TimeSplit(
        compute - earlier.compute,
        meanCompute - earlier.meanCompute,
        broadcast - earlier.broadcast,
        waiting - earlier.waiting,
        reduce - earlier.reduce,
        update - earlier.update,
        other - earlier.other);
  }
}
