package dev.schuss.objective;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.LinkedHashMap;
import java.util.Map;

/** The loss of some rows and the objective's {@link Tally} of them: what metrics are made of. */
public final class Evaluation implements Externalizable {
  private static final long serialVersionUID = 2;

  private double lossSum;
  private double weightSum;
  private long rows;
  private Tally tally;

  /** For deserialization. */
  public Evaluation() {}

  private Evaluation(Tally tally) {
    this.tally = tally;
  }

  /** An evaluation of no row yet. */
  public static Evaluation of(Objective objective) {
    return new Evaluation(objective.tally());
  }

  /** Accounts for evaluated rows. */
  public void addRows(double weightedLossSum, double weights, long count) {
    lossSum += weightedLossSum;
    weightSum += weights;
    rows += count;
  }

  /** The objective's own sums, to be added to. */
  public Tally tally() {
    return tally;
  }

  /** Adds another evaluation, by the same objective, into this one. */
  public Evaluation merge(Evaluation other) {
    addRows(other.lossSum, other.weightSum, other.rows);
    tally.merge(other.tally);
    return this;
  }

  /** The weighted sum of the row losses. */
  public double lossSum() {
    return lossSum;
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

  /**
   * The metrics by name, {@code loss} first.
   *
   * @return without those that the rows do not define; empty where the weights sum to 0
   */
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    if (weightSum != 0) {
      figures.put(Metric.LOSS.name(), meanLoss());
      figures.putAll(tally.figures());
    }
    return figures;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeDouble(lossSum);
    out.writeDouble(weightSum);
    out.writeLong(rows);
    out.writeObject(tally);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
    lossSum = in.readDouble();
    weightSum = in.readDouble();
    rows = in.readLong();
    tally = (Tally) in.readObject();
  }
}
