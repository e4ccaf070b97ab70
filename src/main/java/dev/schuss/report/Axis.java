package dev.schuss.report;

import java.util.ArrayList;
import java.util.List;

/** One axis of a plot: numbers to pixels, and where its ticks stand. */
final class Axis {
  private final boolean log;
  private final double low; // of the logarithm where it is one
  private final double high;
  private final double from;
  private final double to;

  /** The smallest and the largest of numbers that an axis can show. */
  static final class Range {
    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;

    void add(double[] values, boolean log) {
      for (double value : values) {
        if (Double.isFinite(value) && (!log || value > 0)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
  }

  /**
   * An axis.
   *
   * @param from the pixel of its low end
   * @param to the pixel of its high end
   * @param margin room beyond the numbers, as a share of them
   */
  Axis(Range range, boolean log, double from, double to, double margin) {
    boolean any = range.low <= range.high;
    double a = scaled(any ? range.low : log ? 1 : 0, log);
    double b = scaled(any ? range.high : log ? 10 : 1, log);
    double room = a == b ? (a == 0 || log ? 0.5 : Math.abs(a) / 2) : margin * (b - a);
    this.log = log;
    this.low = a - room;
    this.high = b + room;
    this.from = from;
    this.to = to;
  }

  private static double scaled(double value, boolean log) {
    return log ? Math.log10(value) : value;
  }

  /** Whether the axis can show a number. */
  boolean takes(double value) {
    return Double.isFinite(value) && (!log || value > 0);
  }

  /** The pixel of a number. */
  double at(double value) {
    return from + (to - from) * (scaled(value, log) - low) / (high - low);
  }

  /** Round numbers within the axis, about so many. */
  List<Double> ticks(int about) {
    return log ? logTicks(about) : plainTicks(about);
  }

  private List<Double> plainTicks(int about) {
    double step = step((high - low) / about);
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** 1, 2 or 5 times a power of 10, at least this. */
  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= least * 0.999) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private List<Double> logTicks(int about) {
    int decades = (int) (Math.floor(high) - Math.ceil(low));
    double[] factors = decades >= 3 ? new double[] {1} : new double[] {1, 2, 5};
    int every = Math.max(1, (decades + about - 1) / about);
    List<Double> ticks = new ArrayList<>();
    for (int power = (int) Math.floor(low); power <= high; power++) {
      for (double factor : factors) {
        double tick = factor * Math.pow(10, power);
        double at = Math.log10(tick);
        if (at >= low - 1e-9 && at <= high + 1e-9 && Math.floorMod(power, every) == 0) {
          ticks.add(tick);
        }
      }
    }
    return ticks.size() < 2 ? denseTicks(about) : ticks;
  }

  /** Where not two round numbers lie within: those of a plain axis. */
  private List<Double> denseTicks(int about) {
    double a = Math.pow(10, low);
    double b = Math.pow(10, high);
    double step = step((b - a) / about);
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(a / step); i * step <= b; i++) {
      if (i > 0) {
        ticks.add(i * step);
      }
    }
    return ticks;
  }

  /** A tick as people write it. */
  String name(double tick) {
    return Math.abs(tick) < 1e-12 * Math.max(Math.abs(low), Math.abs(high)) && !log
        ? "0"
        : Numbers.compact(tick);
  }
}
