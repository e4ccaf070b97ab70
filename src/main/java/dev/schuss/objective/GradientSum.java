package dev.schuss.objective;

import dev.schuss.math.Blas;
import dev.schuss.math.Vectors;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a partition's share of a round amounts to: the gradient of the weighted loss sum, that sum,
 * and the sum of weights to divide by. The zero value is empty, so that it costs nothing in a task;
 * the array is allocated at the first use.
 */
public final class GradientSum implements Externalizable {
  private static final long serialVersionUID = 1;

  /** Parameters that a thread adds up at a time. */
  private static final int CHUNK = 1 << 16;

  private int size;
  private float[] gradient;
  private double lossSum;
  private double weightSum;
  private long rows;
  private int blas;
  private int nonFinite = -1;
  private long computeNanos;

  /** For deserialization. */
  public GradientSum() {}

  /**
   * An empty sum.
   *
   * @param size number of parameters
   */
  public GradientSum(int size) {
    this.size = size;
  }

  /** The gradient of the loss sum so far, to be added to; allocated at the first call. */
  public float[] gradient() {
    if (gradient == null) {
      gradient = new float[size];
    }
    return gradient;
  }

  /** Makes this the empty sum again, and keeps its array for the next round. */
  public void clear() {
    if (gradient != null) {
      Arrays.fill(gradient, 0);
    }
    lossSum = 0;
    weightSum = 0;
    rows = 0;
    blas = 0;
    nonFinite = -1;
    computeNanos = 0;
  }

  /** Number of parameters. */
  public int size() {
    return size;
  }

  /** Accounts for rows whose gradient was added. */
  public void addRows(double weightedLossSum, double weights, long count) {
    lossSum += weightedLossSum;
    weightSum += weights;
    rows += count;
  }

  /**
   * Ends a partition's share: notes what it was computed with and how long that took, and whether
   * its loss and gradient are finite.
   */
  public void seal(int partition, Blas.Kind kind, long nanos) {
    blas |= kind.bit();
    computeNanos = Math.max(computeNanos, nanos);
    boolean finite =
        Double.isFinite(lossSum) && (gradient == null || Vectors.allFinite(gradient, 0, size));
    if (!finite) {
      nonFinite = partition;
    }
  }

  /**
   * Adds another sum into this one.
   *
   * @throws IllegalArgumentException if the two are of different sizes
   */
  public GradientSum merge(GradientSum other) {
    mergeCounts(other);
    if (gradient == null) {
      gradient = other.gradient;
    } else if (other.gradient != null) {
      Vectors.add(gradient, other.gradient);
    }
    return this;
  }

  /**
   * Adds other sums into this one, in their order; the parameters are shared out among threads,
   * which does not change the bits. No array is taken over: the others may be used again.
   *
   * @throws IllegalArgumentException if one of them is of another size
   */
  public GradientSum mergeAll(List<GradientSum> others) {
    others.forEach(this::mergeCounts);
    float[] total = gradient();
    IntStream.rangeClosed(0, (size - 1) / CHUNK)
        .parallel()
        .forEach(
            chunk -> {
              int from = chunk * CHUNK;
              int to = (int) Math.min((long) from + CHUNK, size);
              for (GradientSum other : others) {
                if (other.gradient != null) {
                  Vectors.axpy(1, other.gradient, total, from, to);
                }
              }
            });
    return this;
  }

  private void mergeCounts(GradientSum other) {
    if (size != other.size) {
      throw new IllegalArgumentException(
          "cannot add a gradient of " + other.size + " parameters to one of " + size);
    }
    addRows(other.lossSum, other.weightSum, other.rows);
    blas |= other.blas;
    computeNanos = Math.max(computeNanos, other.computeNanos);
    if (other.nonFinite >= 0 && (nonFinite < 0 || other.nonFinite < nonFinite)) {
      nonFinite = other.nonFinite;
    }
  }

  /** The weighted sum of the row losses. */
  public double lossSum() {
    return lossSum;
  }

  /** The sum of the row weights. */
  public double weightSum() {
    return weightSum;
  }

  /** Number of rows, whatever their weights. */
  public long rows() {
    return rows;
  }

  /** The weighted mean loss; 0 where the weights sum to 0. */
  public double meanLoss() {
    return weightSum == 0 ? 0 : lossSum / weightSum;
  }

  /** The {@link Blas.Kind#bit} of every kind that contributed. */
  public int blas() {
    return blas;
  }

  /** Nanoseconds that the slowest partition worked on its share. */
  public long computeNanos() {
    return computeNanos;
  }

  /** The smallest partition whose loss or gradient held NaN or infinity; -1 if none. */
  public int nonFinitePartition() {
    return nonFinite;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(size);
    Wire.writeFloats(out, gradient);
    out.writeDouble(lossSum);
    out.writeDouble(weightSum);
    out.writeLong(rows);
    out.writeInt(blas);
    out.writeInt(nonFinite);
    out.writeLong(computeNanos);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    size = in.readInt();
    gradient = Wire.readFloats(in);
    lossSum = in.readDouble();
    weightSum = in.readDouble();
    rows = in.readLong();
    blas = in.readInt();
    nonFinite = in.readInt();
    computeNanos = in.readLong();
  }
}
