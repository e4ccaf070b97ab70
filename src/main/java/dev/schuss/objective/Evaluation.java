package dev.schuss.objective;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/** The loss and the counters of some rows, for metrics; sums that add up over partitions. */
public final class Evaluation implements Externalizable {
  private static final long serialVersionUID = 1;

  private double lossSum;
  private double weightSum;
  private long rows;
  private double[] counters = new double[0];

  /** For deserialization. */
  public Evaluation() {}

  /**
   * An empty evaluation.
   *
   * @param counters how many numbers the objective keeps beside the loss
   */
  public Evaluation(int counters) {
    this.counters = new double[counters];
  }

  /** Accounts for evaluated rows. */
  public void addRows(double weightedLossSum, double weights, long count) {
    lossSum += weightedLossSum;
    weightSum += weights;
    rows += count;
  }

  /** The objective's own numbers, to be added to. */
  public double[] counters() {
    return counters;
  }

  /**
   * Adds another evaluation into this one.
   *
   * @throws IllegalArgumentException if they hold different numbers of counters
   */
  public Evaluation merge(Evaluation other) {
    if (counters.length != other.counters.length) {
      throw new IllegalArgumentException(
          "cannot add " + other.counters.length + " counters to " + counters.length);
    }
    addRows(other.lossSum, other.weightSum, other.rows);
    for (int i = 0; i < counters.length; i++) {
      counters[i] += other.counters[i];
    }
    return this;
  }

  /** The sum of the row weights. */
  public double weightSum() {
    return weightSum;
  }

  /** Number of rows. */
  public long rows() {
    return rows;
  }

  /** The weighted mean loss; 0 where the weights sum to 0. */
  public double meanLoss() {
    return weightSum == 0 ? 0 : lossSum / weightSum;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeDouble(lossSum);
    out.writeDouble(weightSum);
    out.writeLong(rows);
    out.writeInt(counters.length);
    for (double counter : counters) {
      out.writeDouble(counter);
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    lossSum = in.readDouble();
    weightSum = in.readDouble();
    rows = in.readLong();
    counters = new double[in.readInt()];
    for (int i = 0; i < counters.length; i++) {
      counters[i] = in.readDouble();
    }
  }
}
