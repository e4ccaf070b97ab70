package dev.schuss.nn;

import dev.schuss.objective.Metric;
import dev.schuss.objective.Tally;
import dev.schuss.objective.Wire;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well labels of 0 and 1 that do not exclude each other are told, each by an output z, the
 * logarithm of its odds; 1 is predicted where z is above 0. All sums are by row weight.
 * docs/metrics.md has the formulas.
 */
public final class LabelTally extends OutputTally implements Externalizable {
  private static final long serialVersionUID = 1;

  /** As {@link ClassTally} has them. */
  private static final double LARGEST_LOSS = -Math.log(1e-15);

  private static final double SMALLEST_LOSS = -Math.log1p(-1e-15);

  private int labels;
  private double weightSum;
  private double logLossSum;
  private double right; // weights of right labels
  private double allRight; // weights of rows whose labels are all right
  private double[] truePositives = {};
  private double[] predicted = {};
  private double[] actual = {};
  private AreaUnderRoc[] areas = {};

  /** For deserialization. */
  public LabelTally() {}

  LabelTally(int labels) {
    this.labels = labels;
    truePositives = new double[labels];
    predicted = new double[labels];
    actual = new double[labels];
    areas = new AreaUnderRoc[labels];
    for (int j = 0; j < labels; j++) {
      areas[j] = new AreaUnderRoc();
    }
  }

  @Override
  void add(float[] logits, float[] targets, float[] weights, int rows) {
    for (int r = 0; r < rows; r++) {
      float c = weights[r];
      int matches = 0;
      for (int j = 0; j < labels; j++) {
        double z = logits[r * labels + j];
        boolean positive = targets[r * labels + j] >= 0.5;
        boolean said = z > 0;
        double against = positive ? -z : z;
        double loss = Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(z)));
        logLossSum += c * Math.min(Math.max(loss, SMALLEST_LOSS), LARGEST_LOSS);
        matches += said == positive ? 1 : 0;
        truePositives[j] += said && positive ? c : 0;
        predicted[j] += said ? c : 0;
        actual[j] += positive ? c : 0;
        areas[j].add((float) z, positive, c);
      }
      weightSum += c;
      right += (double) c * matches;
      allRight += matches == labels ? c : 0;
    }
  }

  @Override
  public void merge(Tally other) {
    if (!(other instanceof LabelTally t) || t.labels != labels) {
      throw new IllegalArgumentException("cannot add " + other + " to " + this);
    }
    weightSum += t.weightSum;
    logLossSum += t.logLossSum;
    right += t.right;
    allRight += t.allRight;
    for (int j = 0; j < labels; j++) {
      truePositives[j] += t.truePositives[j];
      predicted[j] += t.predicted[j];
      actual[j] += t.actual[j];
      areas[j].merge(t.areas[j]);
    }
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.higher("accuracy"),
        Metric.higher("auc").sometimes(),
        Metric.lower("logLoss"),
        Metric.higher("f1").sometimes(),
        Metric.higher("exactMatch"));
  }

  @Override
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    if (weightSum == 0) {
      return figures;
    }
    figures.put("accuracy", right / labels / weightSum);
    double area = 0;
    int areasKnown = 0;
    double f1 = 0;
    int f1Known = 0;
    for (int j = 0; j < labels; j++) {
      Double one = areas[j].value();
      area += one == null ? 0 : one;
      areasKnown += one == null ? 0 : 1;
      double both = predicted[j] + actual[j];
      f1 += both == 0 ? 0 : 2 * truePositives[j] / both;
      f1Known += both == 0 ? 0 : 1;
    }
    if (areasKnown > 0) {
      figures.put("auc", area / areasKnown);
    }
    figures.put("logLoss", logLossSum / labels / weightSum);
    if (f1Known > 0) {
      figures.put("f1", f1 / f1Known);
    }
    figures.put("exactMatch", allRight / weightSum);
    return figures;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(labels);
    out.writeDouble(weightSum);
    out.writeDouble(logLossSum);
    out.writeDouble(right);
    out.writeDouble(allRight);
    Wire.writeDoubles(out, truePositives);
    Wire.writeDoubles(out, predicted);
    Wire.writeDoubles(out, actual);
    for (AreaUnderRoc area : areas) {
      area.write(out);
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    labels = in.readInt();
    weightSum = in.readDouble();
    logLossSum = in.readDouble();
    right = in.readDouble();
    allRight = in.readDouble();
    truePositives = Wire.readDoubles(in);
    predicted = Wire.readDoubles(in);
    actual = Wire.readDoubles(in);
    areas = new AreaUnderRoc[labels];
    for (int j = 0; j < labels; j++) {
      areas[j] = AreaUnderRoc.read(in);
    }
  }

  @Override
  public String toString() {
    return "a tally of " + labels + " labels";
  }
}
