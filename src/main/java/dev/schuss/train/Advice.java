package dev.schuss.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Plain words on where time is lost, with numbers, for a training that could be faster. */
final class Advice {
  /** A cold JVM is slow for other reasons. */
  private static final int WARM_ROUNDS = 300;

  /** What a larger batch is compared at. */
  private static final int LARGER = 4;

  private Advice() {}

  /**
   * Looks at the rounds of an epoch.
   *
   * @param time of the epoch
   * @param rounds of the epoch
   * @param before rounds made before it
   * @param batchSize rows per round
   * @param tasks tasks per round
   * @param cores of the driver's machine where the tasks run on other ones; 0 if they run on it
   * @return lines without line breaks; none if all is well or it is too early to tell
   */
  static List<String> of(
      TimeSplit time, long rounds, long before, long batchSize, int tasks, int cores) {
    List<String> lines = new ArrayList<>();
    if (rounds == 0 || before < WARM_ROUNDS) {
      return lines;
    }
    double ms = 1e3 / rounds;
    double round = time.rounds() * ms;
    double compute = time.compute() * ms;
    double spark = round - compute - time.update() * ms;
    if (spark > compute) {
      double larger = LARGER * batchSize / (LARGER * compute + round - compute);
      lines.add(
          text(
              "a round of %.1f ms computes gradients for %.1f ms and spends %.1f ms on sending and adding up:"
                  + " train.batchSize = %d would do %,.0f rows/s rather than %,.0f",
              round, compute, spark, LARGER * batchSize, 1e3 * larger, 1e3 * batchSize / round));
    }
    double alone = time.meanCompute() * ms * tasks / Math.max(1, cores) + time.update() * ms;
    if (cores > 0 && alone < 0.8 * round) {
      lines.add(
          text(
              "the driver's %d cores alone would make a round in about %.1f ms rather than %.1f: try --master local[%d]",
              cores, alone, round, cores));
    }
    double mean = time.meanCompute() * ms;
    if (tasks > 1 && compute > 1.5 * mean && compute - mean > 0.2 * round) {
      lines.add(
          text(
              "the slowest of %d tasks computes %.1f ms, the mean %.1f ms: partitions or machines are uneven",
              tasks, compute, mean));
    }
    return lines;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
