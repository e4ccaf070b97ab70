package dev.schuss.data;

import dev.schuss.model.Scaling;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/**
 * Minimum, maximum, mean and sum of squared deviations of each feature over the training rows, in
 * double precision; partitions are merged in their order (Chan, Golub and LeVeque 1979), so the
 * same blocks give the same bits.
 */
final class ColumnStatistics {
  private final int width;
  private double rows;
  private final double[] min;
  private final double[] max;
  private final double[] mean;
  private final double[] squares;

  private ColumnStatistics(int width) {
    this.width = width;
    min = new double[width];
    max = new double[width];
    mean = new double[width];
    squares = new double[width];
    Arrays.fill(min, Double.POSITIVE_INFINITY);
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
  }

  /** Shift and divisor of each feature; null where features are taken as they are. */
  static float[][] scale(JavaRDD<RawBlock> raw, Split split, int width, Scaling scaling) {
    if (scaling instanceof Scaling.None) {
      return null;
    }
    float[] shift = new float[width];
    float[] divisor = new float[width];
    if (scaling instanceof Scaling.Divisor d) {
      Arrays.fill(divisor, (float) d.by());
      return new float[][] {shift, divisor};
    }
    ColumnStatistics all = new ColumnStatistics(width);
    List<double[]> parts = raw.map(block -> of(block, split, width).packed()).collect();
    for (double[] part : parts) {
      all.merge(part);
    }
    for (int j = 0; j < width; j++) {
      boolean standard = scaling instanceof Scaling.Standard;
      shift[j] = (float) (standard ? all.mean[j] : all.min[j]);
      float by =
          (float) (standard ? Math.sqrt(all.squares[j] / all.rows) : all.max[j] - all.min[j]);
      // A constant column becomes 0; it says nothing, but it does no harm either.
      divisor[j] = all.min[j] == all.max[j] || by == 0 || !Float.isFinite(by) ? 1f : by;
    }
    return new float[][] {shift, divisor};
  }

  private static ColumnStatistics of(RawBlock raw, Split split, int width) {
    ColumnStatistics s = new ColumnStatistics(width);
    Block block = raw.block();
    for (int pass = 0; pass < 2; pass++) {
      for (int row = 0; row < block.rows(); row++) {
        if (!split.validates(raw, row)) {
          float[] page = block.featurePage(row);
          int at = block.featureOffset(row);
          if (pass == 0) {
            s.addFirst(page, at);
          } else {
            s.addSquares(page, at);
          }
        }
      }
      if (pass == 0 && s.rows > 0) {
        for (int j = 0; j < width; j++) {
          s.mean[j] /= s.rows;
        }
      }
    }
    return s;
  }

  private void addFirst(float[] x, int at) {
    rows++;
    for (int j = 0; j < width; j++) {
      double v = x[at + j];
      mean[j] += v;
      min[j] = Math.min(min[j], v);
      max[j] = Math.max(max[j], v);
    }
  }

  private void addSquares(float[] x, int at) {
    for (int j = 0; j < width; j++) {
      double d = x[at + j] - mean[j];
      squares[j] += d * d;
    }
  }

  private double[] packed() {
    double[] packed = new double[1 + 4 * width];
    packed[0] = rows;
    System.arraycopy(min, 0, packed, 1, width);
    System.arraycopy(max, 0, packed, 1 + width, width);
    System.arraycopy(mean, 0, packed, 1 + 2 * width, width);
    System.arraycopy(squares, 0, packed, 1 + 3 * width, width);
    return packed;
  }

  private void merge(double[] part) {
    double n = part[0];
    if (n == 0) {
      return;
    }
    double total = rows + n;
    for (int j = 0; j < width; j++) {
      min[j] = Math.min(min[j], part[1 + j]);
      max[j] = Math.max(max[j], part[1 + width + j]);
      double delta = part[1 + 2 * width + j] - mean[j];
      squares[j] += part[1 + 3 * width + j] + delta * delta * rows * n / total;
      mean[j] += delta * n / total;
    }
    rows = total;
  }
}
