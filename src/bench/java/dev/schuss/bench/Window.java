package dev.schuss.bench;

import dev.schuss.train.RoundReport;
import dev.schuss.train.Trainer;
import dev.schuss.train.TrainingListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Watches a training for some seconds and then ends it. What counts is the time from the end of one
 * round to the end of the next; the first fifth of the time is left out.
 */
final class Window implements TrainingListener {
  private final long length;
  private final List<Double> rounds = new ArrayList<>();
  private final List<RoundReport> reports = new ArrayList<>();
  private long start;
  private long countFrom;
  private long last;
  private long rows;
  private int all;
  private double seconds;

  Window(double seconds) {
    this.length = (long) (seconds * 1e9);
  }

  /** Has the trainer train until the window is over, and at least three rounds. */
  Trainer on(Trainer trainer) {
    start = System.nanoTime();
    countFrom = start + length / 5;
    return trainer
        .epochs(1_000_000)
        .listener(this)
        .cancelWhen(() -> rounds.size() >= 2 && System.nanoTime() - start > length);
  }

  @Override
  public void round(RoundReport report) {
    long now = System.nanoTime();
    all++;
    if (last != 0 && last >= countFrom) {
      rounds.add((now - last) / 1e9);
      reports.add(report);
      rows += report.rows();
      seconds += (now - last) / 1e9;
    }
    last = now;
  }

  double samplesPerSecond() {
    return rows / seconds;
  }

  int rounds() {
    return rounds.size();
  }

  /** All rounds, those that do not count among them. */
  int all() {
    return all;
  }

  /** The median time of a round, in milliseconds. */
  double medianMillis() {
    return 1e3 * median(rounds);
  }

  /** The median of a part of a round's time, in milliseconds. */
  double medianMillis(ToDoubleFunction<RoundReport> seconds) {
    return 1e3 * median(reports.stream().mapToDouble(seconds).boxed().toList());
  }

  /** The median of what a round took beside its slowest task's gradients, in milliseconds. */
  double overheadMillis() {
    List<Double> overhead = new ArrayList<>();
    for (int i = 0; i < rounds.size(); i++) {
      overhead.add(rounds.get(i) - reports.get(i).time().compute());
    }
    return 1e3 * median(overhead);
  }

  static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int n = sorted.size();
    return n == 0 ? Double.NaN : (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }
}
