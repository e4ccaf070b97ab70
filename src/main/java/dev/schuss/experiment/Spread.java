package dev.schuss.experiment;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers of several runs in a few.
 *
 * @param n how many there are
 * @param mean NaN where there are none
 * @param deviation the standard deviation of a sample, with n - 1; NaN below two
 * @param low the smallest; NaN where there are none
 * @param high the largest; NaN where there are none
 */
public record Spread(int n, double mean, double deviation, double low, double high) {

  /** Of these numbers, those left out that are not finite. */
  public static Spread of(Collection<Double> all) {
    double[] x = all.stream().mapToDouble(Double::doubleValue).filter(Double::isFinite).toArray();
    if (x.length == 0) {
      return new Spread(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
    double sum = 0;
    double low = x[0];
    double high = x[0];
    for (double v : x) {
      sum += v;
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    double mean = sum / x.length;
    double squares = 0;
    for (double v : x) {
      squares += (v - mean) * (v - mean);
    }
    double deviation = x.length < 2 ? Double.NaN : Math.sqrt(squares / (x.length - 1));
    return new Spread(x.length, mean, deviation, low, high);
  }

  /** The numbers by their names. */
  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("n", n);
    tree.put("mean", mean);
    tree.put("deviation", deviation);
    tree.put("low", low);
    tree.put("high", high);
    return tree;
  }
}
