package dev.schuss.train;

/** Where a training's seconds go. */
final class Stopwatch {
  private final long start = System.nanoTime();
  private final double secondsBefore;
  private RoundTime rounds;
  private double update;

  /** A clock at 0. */
  Stopwatch() {
    this.secondsBefore = 0;
    this.rounds = RoundTime.NONE;
  }

  /** A clock that goes on after so many seconds, which went there. */
  Stopwatch(double seconds, TimeSplit time) {
    this.secondsBefore = seconds;
    this.rounds =
        new RoundTime(
            time.broadcast(), time.waiting(), time.compute(), time.meanCompute(), time.reduce());
    this.update = time.update();
  }

  /** Accounts for one round: the way to its gradient, and the update. */
  void round(RoundTime gradient, double updateSeconds) {
    rounds = rounds.plus(gradient);
    update += updateSeconds;
  }

  /** Seconds since the start. */
  double seconds() {
    return secondsBefore + since(start);
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
