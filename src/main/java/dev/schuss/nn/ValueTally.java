package dev.schuss.nn;

import dev.schuss.objective.Metric;
import dev.schuss.objective.Tally;
import dev.schuss.objective.Wire;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far predicted values are from the true ones, by row weight: squared and absolute errors and,
 * where they are wanted, the moments of the true values that R2 compares them with. These are kept
 * as mean and sum of squared deviations from it (Chan, Golub and LeVeque 1983), because values far
 * from 0 would lose their variance in a difference of large sums.
 */
public final class ValueTally extends OutputTally implements Externalizable {
  private static final long serialVersionUID = 1;

  private int outputs;
  private boolean moments;
  private double weightSum;
  private double absoluteErrors;
  private double[] squaredErrors = {}; // of each output
  private double[] means = {}; // of the true values
  private double[] deviations = {}; // sum of w (t - mean)^2

  /** For deserialization. */
  public ValueTally() {}

  /**
   * Of so many outputs.
   *
   * @param moments whether they are labels, for R2; else a reconstructed row, for its squared error
   */
  ValueTally(int outputs, boolean moments) {
    this.outputs = outputs;
    this.moments = moments;
    squaredErrors = new double[outputs];
    means = new double[moments ? outputs : 0];
    deviations = new double[moments ? outputs : 0];
  }

  @Override
  void add(float[] values, float[] targets, float[] weights, int rows) {
    for (int r = 0; r < rows; r++) {
      double c = weights[r];
      if (c == 0) {
        continue;
      }
      weightSum += c;
      int row = r * outputs;
      double absolute = 0;
      for (int j = 0; j < outputs; j++) {
        double error = (double) values[row + j] - targets[row + j];
        squaredErrors[j] += c * error * error;
        absolute += Math.abs(error);
      }
      absoluteErrors += c * absolute;
      double share = c / weightSum;
      for (int j = 0; j < means.length; j++) {
        double delta = targets[row + j] - means[j];
        means[j] += share * delta;
        deviations[j] += c * delta * (targets[row + j] - means[j]);
      }
    }
  }

  @Override
  public void merge(Tally other) {
    if (!(other instanceof ValueTally t) || t.outputs != outputs || t.moments != moments) {
      throw new IllegalArgumentException("cannot add " + other + " to " + this);
    }
    if (t.weightSum == 0) {
      return;
    }
    double total = weightSum + t.weightSum;
    for (int j = 0; j < means.length; j++) {
      double delta = t.means[j] - means[j];
      deviations[j] += t.deviations[j] + delta * delta * weightSum / total * t.weightSum;
      means[j] += delta * t.weightSum / total;
    }
    for (int j = 0; j < outputs; j++) {
      squaredErrors[j] += t.squaredErrors[j];
    }
    absoluteErrors += t.absoluteErrors;
    weightSum = total;
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    metrics.add(Metric.lower("rmse"));
    metrics.add(Metric.lower("mae"));
    metrics.add(moments ? Metric.higher("r2").sometimes() : Metric.lower("squaredError"));
    return metrics;
  }

  @Override
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    if (weightSum == 0) {
      return figures;
    }
    double squares = 0;
    for (double s : squaredErrors) {
      squares += s;
    }
    figures.put("rmse", Math.sqrt(squares / outputs / weightSum));
    figures.put("mae", absoluteErrors / outputs / weightSum);
    if (!moments) {
      figures.put("squaredError", squares / weightSum);
    }
    double sum = 0;
    int defined = 0;
    for (int j = 0; j < means.length; j++) {
      if (deviations[j] != 0) {
        sum += 1 - squaredErrors[j] / deviations[j];
        defined++;
      }
    }
    if (defined > 0) {
      figures.put("r2", sum / defined);
    }
    return figures;
  }

  /** Number of outputs. */
  public int outputs() {
    return outputs;
  }

  /** The root of the mean squared error of one output; 0 without rows. */
  public double rmse(int output) {
    return weightSum == 0 ? 0 : Math.sqrt(squaredErrors[output] / weightSum);
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(outputs);
    out.writeBoolean(moments);
    out.writeDouble(weightSum);
    out.writeDouble(absoluteErrors);
    Wire.writeDoubles(out, squaredErrors);
    Wire.writeDoubles(out, means);
    Wire.writeDoubles(out, deviations);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    outputs = in.readInt();
    moments = in.readBoolean();
    weightSum = in.readDouble();
    absoluteErrors = in.readDouble();
    squaredErrors = Wire.readDoubles(in);
    means = Wire.readDoubles(in);
    deviations = Wire.readDoubles(in);
  }

  @Override
  public String toString() {
    return "a tally of " + outputs + " values" + (moments ? " and their moments" : "");
  }
}
