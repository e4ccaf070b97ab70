package dev.schuss.train;

/** Where a training's seconds go. */
final class Stopwatch {
  private final long start = System.nanoTime();
  private double compute;
  private double broadcast;
  private double reduce;
  private double update;
  private double rounds;

  /** Accounts for one round: its wall time, and the parts of it that were measured. */
  void round(double wall, double computePart, double broadcastPart, double updatePart) {
    rounds += wall;
    compute += computePart;
    broadcast += broadcastPart;
    update += updatePart;
    reduce += Math.max(0, wall - computePart - broadcastPart - updatePart);
  }

  /** Seconds since the start. */
  double seconds() {
    return since(start);
  }

  /** Seconds that rounds took. */
  double inRounds() {
    return rounds;
  }

  /** The split; its parts add up to {@link #seconds}. */
  TrainingResult.Time time() {
    double other = Math.max(0, seconds() - compute - broadcast - reduce - update);
    return new TrainingResult.Time(compute, broadcast, reduce, update, other);
  }

  /** Seconds since a System.nanoTime. */
  static double since(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }
}
