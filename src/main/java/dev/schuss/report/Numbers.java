package dev.schuss.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.DoubleStream;

/** Numbers for people: the same digits in every locale, columns that line up. */
final class Numbers {
  private static final Set<String> SHARES = Set.of("accuracy", "top3", "top5");

  private Numbers() {}

  /**
   * A metric by its name: a share in per cent, anything else with four decimals where they say
   * something.
   */
  static String metric(String name, double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    if (SHARES.contains(name)) {
      return String.format(Locale.ROOT, "%.2f %%", 100 * value);
    }
    double size = Math.abs(value);
    if (size != 0 && size < 1e-3) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    return size < 1e4
        ? String.format(Locale.ROOT, "%.4f", value)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  /** A share in per cent with one decimal. */
  static String share(double value) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * value);
  }

  /** A hyper-parameter as people write it: {@code 0.001}, {@code 5e-5}. */
  static String compact(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    BigDecimal rounded = new BigDecimal(value, new MathContext(3)).stripTrailingZeros();
    double size = Math.abs(value);
    if (size >= 1e-4 && size < 1e6) {
      return rounded.toPlainString();
    }
    int exponent = rounded.precision() - rounded.scale() - 1;
    return rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
  }

  /** The same of several, with as many more digits as tell them apart. */
  static List<String> compact(double... values) {
    List<String> names = DoubleStream.of(values).mapToObj(Numbers::compact).toList();
    for (int digits = 4; digits < 16 && Set.copyOf(names).size() < names.size(); digits++) {
      MathContext exact = new MathContext(digits);
      names =
          DoubleStream.of(values)
              .mapToObj(value -> new BigDecimal(value, exact).stripTrailingZeros().toString())
              .toList();
    }
    return names;
  }

  /** A number that programs read, too: {@code 0.9321}, {@code 1234}, {@code 1.2e-7}. */
  static String plain(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, Math.abs(value) < 1e-3 ? "%.4e" : "%.6f", value)
        : Double.toString(value);
  }

  /** A count with separators: {@code 12,345}. */
  static String count(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%,d", Math.round(value)) : "-";
  }

  /** A count and its noun: {@code 1 step}, {@code 12,345 steps}. */
  static String count(long value, String noun) {
    return count((double) value) + " " + noun + (value == 1 ? "" : "s");
  }

  /** An alternative of a grid, whose digits all count: {@code 16384}, {@code 0.001}. */
  static String exact(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? Long.toString((long) value)
        : compact(value);
  }

  /** A weight of rows, which most often is a count: {@code 12,345}, {@code 0.25}. */
  static String compactCount(double value) {
    return value == Math.rint(value) ? count(value) : compact(value);
  }

  /** A duration that may be short: {@code 0.42 ms}, {@code 12 ms}, {@code 4.2 s}. */
  static String brief(double seconds) {
    return seconds < 0.9995
        ? new BigDecimal(1e3 * seconds, new MathContext(3))
                .setScale(seconds < 0.00995 ? 2 : seconds < 0.0995 ? 1 : 0, RoundingMode.HALF_EVEN)
                .toPlainString()
            + " ms"
        : duration(seconds);
  }

  /** A duration: {@code 4.2 s}, {@code 3 min 20 s}, {@code 2 h 05 min}. */
  static String duration(double seconds) {
    if (seconds < 59.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
  }
}
