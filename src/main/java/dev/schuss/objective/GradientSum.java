package dev.schuss.objective;

import dev.schuss.math.Blas;
import dev.schuss.math.FloatPool;
import dev.schuss.math.Vectors;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/**
 * What a partition's share of a round amounts to: the gradient of the weighted loss sum, that sum,
 * and the sum of weights to divide by. An empty sum costs nothing in a task: the array is taken
 * from the {@link FloatPool} at the first use.
 */
public final class GradientSum implements Externalizable {
  private static final long serialVersionUID = 4;

  private int size;
  private float[] gradient;
  private double lossSum;
  private double weightSum;
  private long rows;
  private long weightlessRows;
  private long statisticsRows;
  private int blas;
  private int nonFinite = -1;
  private Work work = Work.NONE;

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
      gradient = FloatPool.zeros(size);
    }
    return gradient;
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
    weightlessRows += weights == 0 ? count : 0;
  }

  /**
   * Accounts for rows whose change of the buffers, such as running statistics, was added to their
   * place in the gradient.
   */
  public void addStatistics(long count) {
    statisticsRows += count;
  }

  /**
   * Ends a partition's share: notes what it was computed with, and whether its loss and gradient
   * are finite.
   */
  public void seal(int partition, Blas.Kind kind) {
    blas |= kind.bit();
    boolean finite =
        Double.isFinite(lossSum) && (gradient == null || Vectors.allFinite(gradient, 0, size));
    if (!finite && (nonFinite < 0 || partition < nonFinite)) {
      nonFinite = partition;
    }
  }

  /** Accounts for a task's work on this sum. */
  public void worked(Work done) {
    work = work.plus(done);
  }

  /**
   * Adds another sum into this one. The other is used up: its array goes to this sum or to the
   * pool.
   *
   * @throws IllegalArgumentException if the two are of different sizes
   */
  public GradientSum merge(GradientSum other) {
    if (size != other.size) {
      throw new IllegalArgumentException(
          "cannot add a gradient of " + other.size + " parameters to one of " + size);
    }
    if (gradient == null) {
      gradient = other.gradient;
      other.gradient = null;
    } else if (other.gradient != null) {
      Vectors.add(gradient, other.gradient);
      other.recycle();
    }
    lossSum += other.lossSum;
    weightSum += other.weightSum;
    rows += other.rows;
    weightlessRows += other.weightlessRows;
    statisticsRows += other.statisticsRows;
    blas |= other.blas;
    work = work.plus(other.work);
    if (other.nonFinite >= 0 && (nonFinite < 0 || other.nonFinite < nonFinite)) {
      nonFinite = other.nonFinite;
    }
    return this;
  }

  /** Gives the array back; nobody may use it any more. */
  public void recycle() {
    FloatPool.give(gradient);
    gradient = null;
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

  /** Number of rows that were accounted for together and whose weights summed to 0. */
  public long weightlessRows() {
    return weightlessRows;
  }

  /** Number of rows that the changes of the buffers were measured on. */
  public long statisticsRows() {
    return statisticsRows;
  }

  /** The weighted mean loss; 0 where the weights sum to 0. */
  public double meanLoss() {
    return weightSum == 0 ? 0 : lossSum / weightSum;
  }

  /** The {@link Blas.Kind#bit} of every kind that contributed. */
  public int blas() {
    return blas;
  }

  /** What the tasks did for it. */
  public Work work() {
    return work;
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
    out.writeLong(weightlessRows);
    out.writeLong(statisticsRows);
    out.writeInt(blas);
    out.writeInt(nonFinite);
    work.write(out);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    size = in.readInt();
    gradient = Wire.readFloats(in);
    lossSum = in.readDouble();
    weightSum = in.readDouble();
    rows = in.readLong();
    weightlessRows = in.readLong();
    statisticsRows = in.readLong();
    blas = in.readInt();
    nonFinite = in.readInt();
    work = Work.read(in);
  }
}
