package dev.schuss.report;

import java.util.DoubleSummaryStatistics;
import java.util.stream.DoubleStream;

/**
 * What an axis spans.
 *
 * @param log whether by the logarithm; then both ends are above 0
 */
record Span(double low, double high, boolean log) {
  /** Larger numbers, and smaller ones by their logarithm, leave no room for a margin. */
  private static final double LARGEST = 1e300;

  /** The logarithm of what is still a number. */
  private static final double LARGEST_POWER = 700;

  /** Numbers that differ by less than this share are one: sums in single precision tell no more. */
  private static final double ALIKE = 2e-5;

  /** Whether an axis can show a number. */
  static boolean shows(double value, boolean log) {
    return Math.abs(value) <= LARGEST && (!log || value >= 1 / LARGEST);
  }

  /** From the least to the largest of those that can be shown, with room around a single one. */
  static Span of(DoubleStream values, boolean log) {
    DoubleSummaryStatistics range = values.filter(value -> shows(value, log)).summaryStatistics();
    double low = range.getMin();
    double high = range.getMax();
    if (high - low > ALIKE * Math.max(-low, high) + 1 / LARGEST) {
      return new Span(low, high, log);
    }
    double room = Math.abs(low) < 2 / LARGEST ? 0.5 : Math.abs(low) / 2;
    return log ? new Span(low / 3, 3 * low, true) : new Span(low - room, low + room, false);
  }

  /** What lies at a share of the way from the low end to the high one. */
  double at(double share) {
    double power = Math.log(low) + share * (Math.log(high) - Math.log(low));
    return log
        ? Math.exp(Math.max(-LARGEST_POWER, Math.min(LARGEST_POWER, power)))
        : low + share * (high - low);
  }

  /** The share of the way at which a number lies. */
  double share(double value) {
    return log
        ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
        : (value - low) / (high - low);
  }
}
