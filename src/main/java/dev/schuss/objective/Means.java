package dev.schuss.objective;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Metrics that are weighted means over rows, such as the share of rows that are right. */
public final class Means implements Tally, Externalizable {
  private static final long serialVersionUID = 1;

  private String[] names = {};
  private boolean[] higherIsBetter = {};
  private double[] sums = {};
  private double weightSum;

  /** Of no metric at all; also for deserialization. */
  public Means() {}

  /** Means without a row. */
  public Means(Metric... metrics) {
    names = new String[metrics.length];
    higherIsBetter = new boolean[metrics.length];
    sums = new double[metrics.length];
    for (int i = 0; i < metrics.length; i++) {
      names[i] = metrics[i].name();
      higherIsBetter[i] = metrics[i].higherIsBetter();
    }
  }

  /**
   * Accounts for a row.
   *
   * @param weight of the row, 0 or more
   * @param values the row's value of each metric
   * @throws IllegalArgumentException if there are more or fewer values than metrics
   */
  public void add(double weight, double... values) {
    if (values.length != sums.length) {
      throw new IllegalArgumentException(
          values.length + " values of a row for " + sums.length + " metrics");
    }
    weightSum += weight;
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weight * values[i];
    }
  }

  @Override
  public void merge(Tally other) {
    if (!(other instanceof Means means) || !List.of(names).equals(List.of(means.names))) {
      throw new IllegalArgumentException("cannot add " + other + " to " + this);
    }
    weightSum += means.weightSum;
    for (int i = 0; i < sums.length; i++) {
      sums[i] += means.sums[i];
    }
  }

  @Override
  public List<Metric> metrics() {
    Metric[] metrics = new Metric[names.length];
    for (int i = 0; i < metrics.length; i++) {
      metrics[i] = new Metric(names[i], higherIsBetter[i], true);
    }
    return List.of(metrics);
  }

  @Override
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (int i = 0; i < names.length && weightSum != 0; i++) {
      figures.put(names[i], sums[i] / weightSum);
    }
    return figures;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeDouble(weightSum);
    out.writeInt(names.length);
    for (int i = 0; i < names.length; i++) {
      out.writeUTF(names[i]);
      out.writeBoolean(higherIsBetter[i]);
      out.writeDouble(sums[i]);
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    weightSum = in.readDouble();
    int n = in.readInt();
    names = new String[n];
    higherIsBetter = new boolean[n];
    sums = new double[n];
    for (int i = 0; i < n; i++) {
      names[i] = in.readUTF();
      higherIsBetter[i] = in.readBoolean();
      sums[i] = in.readDouble();
    }
  }

  @Override
  public String toString() {
    return "means of " + List.of(names);
  }
}
