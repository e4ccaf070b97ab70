package dev.schuss.report;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Round numbers on an axis of logarithms; the library's own are powers of 10 to some fraction. */
final class LogTicks {
  private LogTicks() {}

  /**
   * Some of 1, 2 and 5 times the powers of 10.
   *
   * @param low the smallest number of the axis, above 0
   * @param high the largest
   * @param about how many to have
   */
  static DoubleStream between(double low, double high, int about) {
    int first = (int) Math.floor(Math.log10(low));
    int last = (int) Math.ceil(Math.log10(high));
    int decades = last - first;
    double[] factors = decades > 3 ? new double[] {1} : new double[] {1, 2, 5};
    int every = Math.max(1, (decades + about - 1) / about);
    double[] ticks =
        IntStream.rangeClosed(first, last)
            .filter(power -> Math.floorMod(power, every) == 0)
            .boxed()
            .flatMapToDouble(
                power -> DoubleStream.of(factors).map(factor -> factor * Math.pow(10, power)))
            .filter(tick -> tick >= low * 0.95 && tick <= high * 1.05)
            .toArray();
    return ticks.length < 2 ? dense(low, high, about) : DoubleStream.of(ticks);
  }

  /** Where not two of them lie within: as on a plain axis. */
  private static DoubleStream dense(double low, double high, int about) {
    return plain(low, high, about).filter(tick -> tick > 0);
  }

  /**
   * Multiples of 1, 2 or 5 times a power of 10, for an axis that is plain.
   *
   * @param low the smallest number of the axis
   * @param high the largest
   * @param about how many to have
   */
  static DoubleStream plain(double low, double high, int about) {
    double least = Math.max((high - low) / about, Math.ulp(Math.max(-low, high)));
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    double step =
        DoubleStream.of(1, 2, 5, 10)
            .map(factor -> factor * power)
            .filter(s -> s >= least * 0.999)
            .findFirst()
            .orElse(least);
    double from = Math.ceil(low / step);
    return IntStream.range(0, about + 1).mapToDouble(i -> (from + i) * step).filter(t -> t <= high);
  }
}
