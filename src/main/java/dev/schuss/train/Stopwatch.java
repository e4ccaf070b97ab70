package dev.schuss.train;

/** Where a training's seconds go. */
final class Stopwatch {
  private final long start = System.nanoTime();
  private RoundTime rounds = RoundTime.NONE;
  private double update;

  /** Accounts for one round: the way to its gradient, and the update. */
  void round(RoundTime gradient, double updateSeconds) {
    rounds = rounds.plus(gradient);
    update += updateSeconds;
  }

  /** Seconds since the start. */
  double seconds() {
    return since(start);
  }

  /** The split up to now; its parts add up to {@link #seconds}. */
  TimeSplit split() {
    double other = Math.max(0, seconds() - rounds.total() - update);
    return new TimeSplit(
        rounds.compute(),
        rounds.meanCompute(),
        rounds.broadcast(),
        rounds.waiting(),
        rounds.reduce(),
        update,
        other);
  }

  /** Seconds since a System.nanoTime. */
  static double since(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }
}
