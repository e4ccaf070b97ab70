package dev.schuss.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Least squares of relative errors, with constants that are not negative. */
final class Fit {
  private static final int SWEEPS = 20_000;

  private final List<double[]> terms = new ArrayList<>();
  private final List<Double> targets = new ArrayList<>();

  /** A measured value, at least a tenth of a microsecond, and the terms that make it up. */
  void add(double[] row, double seconds) {
    double scale = 1 / Math.max(seconds, 1e-7);
    terms.add(Arrays.stream(row).map(x -> x * scale).toArray());
    targets.add(seconds * scale);
  }

  /** The constants, by coordinate descent. */
  double[] constants() {
    int n = terms.get(0).length;
    double[] constants = new double[n];
    double[] left = targets.stream().mapToDouble(Double::doubleValue).toArray();
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int j = 0; j < n; j++) {
        double along = 0;
        double square = 0;
        for (int i = 0; i < left.length; i++) {
          double x = terms.get(i)[j];
          along += x * left[i];
          square += x * x;
        }
        if (square > 0) {
          double next = Math.max(0, constants[j] + along / square);
          for (int i = 0; i < left.length; i++) {
            left[i] -= (next - constants[j]) * terms.get(i)[j];
          }
          constants[j] = next;
        }
      }
    }
    return constants;
  }
}
