package dev.schuss.data;

import dev.schuss.math.SparseRows;
import dev.schuss.model.Feature;
import dev.schuss.model.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;

/**
 * Minimum, maximum, mean and sum of squared deviations of each feature over the training rows, in
 * double precision; partitions are merged in their order (Chan, Golub and LeVeque 1979), so the
 * same blocks give the same bits. Missing values do not count.
 */
final class ColumnStatistics {
  private final int width;
  private final double[] count;
  private final double[] min;
  private final double[] max;
  private final double[] mean;
  private final double[] squares;

  private ColumnStatistics(int width) {
    this.width = width;
    count = new double[width];
    min = new double[width];
    max = new double[width];
    mean = new double[width];
    squares = new double[width];
    Arrays.fill(min, Double.POSITIVE_INFINITY);
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
  }

  /**
   * Shift and divisor of each feature; null where features are taken as they are. Categories are
   * not scaled. In sparse rows the elements of vectors are divided only, so that zeros stay.
   *
   * @throws DataException if sparse vectors are to be scaled by minimum and maximum
   */
  static float[][] scale(
      JavaRDD<RawBlock> raw, Split split, List<Feature> features, Scaling scaling, boolean sparse) {
    if (scaling instanceof Scaling.None) {
      return null;
    }
    int width = features.stream().mapToInt(Feature::width).sum();
    float[] shift = new float[width];
    float[] divisor = new float[width];
    Arrays.fill(divisor, 1f);
    ColumnStatistics all = null;
    if (!(scaling instanceof Scaling.Divisor)) {
      all = new ColumnStatistics(width);
      // The largest part of the work is done where the rows are; the sums are small beside them.
      List<double[]> parts = raw.map(block -> of(block, split, width).packed()).collect();
      for (double[] part : parts) {
        all.merge(part);
      }
    }
    int at = 0;
    for (Feature feature : features) {
      boolean divideOnly = sparse && feature.width() > 1;
      if (divideOnly && !feature.isCategory() && scaling instanceof Scaling.MinMax) {
        throw new DataException(
            "scale = minmax would fill the zeros of the sparse vectors in column %s: use maxabs, which divides only"
                .formatted(feature.name()));
      }
      for (int j = at; j < at + feature.width() && !feature.isCategory(); j++) {
        if (scaling instanceof Scaling.Divisor d) {
          divisor[j] = (float) d.by();
        } else {
          shift[j] = divideOnly ? 0f : (float) all.shift(j, scaling);
          divisor[j] = all.divisor(j, scaling);
        }
      }
      at += feature.width();
    }
    return new float[][] {shift, divisor};
  }

  private double shift(int j, Scaling scaling) {
    if (count[j] == 0 || scaling instanceof Scaling.MaxAbs) {
      return 0;
    }
    return scaling instanceof Scaling.Standard ? mean[j] : min[j];
  }

  private float divisor(int j, Scaling scaling) {
    float by;
    if (scaling instanceof Scaling.Standard) {
      by = (float) Math.sqrt(squares[j] / count[j]);
    } else if (scaling instanceof Scaling.MaxAbs) {
      by = (float) Math.max(Math.abs(min[j]), Math.abs(max[j]));
    } else {
      by = (float) (max[j] - min[j]);
    }
    // A constant column becomes 0; it says nothing, but it does no harm either.
    boolean constant = min[j] == max[j] && !(scaling instanceof Scaling.MaxAbs);
    return constant || by == 0 || !Float.isFinite(by) ? 1f : by;
  }

  private static ColumnStatistics of(RawBlock raw, Split split, int width) {
    ColumnStatistics s = new ColumnStatistics(width);
    Block block = raw.block();
    int[] rows =
        IntStream.range(0, block.rows())
            .filter(row -> split.part(raw, row) == Split.Part.TRAIN)
            .toArray();
    if (block.sparse()) {
      s.addSparse(block, rows);
      return s;
    }
    for (int row : rows) {
      s.addFirst(block.featurePage(row), block.featureOffset(row));
    }
    for (int j = 0; j < width; j++) {
      s.mean[j] /= Math.max(1, s.count[j]);
    }
    for (int row : rows) {
      s.addSquares(block.featurePage(row), block.featureOffset(row));
    }
    return s;
  }

  private void addFirst(float[] x, int at) {
    for (int j = 0; j < width; j++) {
      double v = x[at + j];
      if (!Double.isNaN(v)) { // which stands for a missing value
        count[j]++;
        mean[j] += v;
        min[j] = Math.min(min[j], v);
        max[j] = Math.max(max[j], v);
      }
    }
  }

  private void addSquares(float[] x, int at) {
    for (int j = 0; j < width; j++) {
      double d = x[at + j] - mean[j];
      if (!Double.isNaN(d)) {
        squares[j] += d * d;
      }
    }
  }

  /** The same over entries; what is no entry is 0. */
  private void addSparse(Block block, int[] rows) {
    double[] entries = new double[width];
    Arrays.fill(count, rows.length);
    for (int row : rows) {
      SparseRows page = block.sparsePage(row);
      int r = block.inPage(row);
      for (int k = page.offsets()[r]; k < page.offsets()[r + 1]; k++) {
        int j = page.indices()[k];
        double v = page.values()[k];
        if (!Double.isNaN(v)) {
          entries[j]++;
          mean[j] += v;
          min[j] = Math.min(min[j], v);
          max[j] = Math.max(max[j], v);
        } else {
          count[j]--;
        }
      }
    }
    for (int j = 0; j < width; j++) {
      double zeros = count[j] - entries[j];
      mean[j] /= Math.max(1, count[j]);
      squares[j] = zeros * mean[j] * mean[j];
      if (zeros > 0) {
        min[j] = Math.min(min[j], 0);
        max[j] = Math.max(max[j], 0);
      }
    }
    for (int row : rows) {
      SparseRows page = block.sparsePage(row);
      int r = block.inPage(row);
      for (int k = page.offsets()[r]; k < page.offsets()[r + 1]; k++) {
        double d = page.values()[k] - mean[page.indices()[k]];
        if (!Double.isNaN(d)) {
          squares[page.indices()[k]] += d * d;
        }
      }
    }
  }

  private double[] packed() {
    double[] packed = new double[5 * width];
    System.arraycopy(count, 0, packed, 0, width);
    System.arraycopy(min, 0, packed, width, width);
    System.arraycopy(max, 0, packed, 2 * width, width);
    System.arraycopy(mean, 0, packed, 3 * width, width);
    System.arraycopy(squares, 0, packed, 4 * width, width);
    return packed;
  }

  private void merge(double[] part) {
    for (int j = 0; j < width; j++) {
      double n = part[j];
      if (n > 0) {
        double total = count[j] + n;
        min[j] = Math.min(min[j], part[width + j]);
        max[j] = Math.max(max[j], part[2 * width + j]);
        double delta = part[3 * width + j] - mean[j];
        squares[j] += part[4 * width + j] + delta * delta * count[j] * n / total;
        mean[j] += delta * n / total;
        count[j] = total;
      }
    }
  }
}
