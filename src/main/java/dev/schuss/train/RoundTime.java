package dev.schuss.train;

/**
 * Where the seconds of a round went, between its start and the gradient's arrival at the driver.
 * The parts add up to that time.
 *
 * @param broadcast handing the weights to Spark
 * @param waiting before the tasks computed: scheduling, and executors fetching the weights; by the
 *     executors' clocks, so on several machines no better than those agree
 * @param compute the slowest task's gradients
 * @param meanCompute a task's gradients on average, not a part of its own
 * @param reduce sending the sums and adding them up
 */
public record RoundTime(
    double broadcast, double waiting, double compute, double meanCompute, double reduce) {
  /** No time at all. */
  public static final RoundTime NONE = new RoundTime(0, 0, 0, 0, 0);

  RoundTime plus(RoundTime other) {
    return new RoundTime(
        broadcast + other.broadcast,
        waiting + other.waiting,
        compute + other.compute,
        meanCompute + other.meanCompute,
        reduce + other.reduce);
  }

  /** Seconds from the start of a round to its gradient. */
  public double total() {
    return broadcast + waiting + compute + reduce;
  }
}
