package dev.schuss.nn;

import dev.schuss.math.Transcendental;
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
 * What a classifier got right: the confusion of classes, the ranks of the true ones, their
 * probabilities and, for two classes, the area under the ROC curve. All sums are by row weight. The
 * predicted class is that of the largest score, the first of equal ones. docs/metrics.md has the
 * formulas.
 */
public final class ClassTally extends OutputTally implements Externalizable {
  private static final long serialVersionUID = 2;

  /** Up to so many classes the whole confusion matrix is kept. */
  public static final int MAX_CONFUSION = 100;

  /** spark.ml's bound: no probability counts as smaller, nor as closer to 1. */
  private static final double EPSILON = 1e-15;

  private static final double LARGEST_LOSS = -Math.log(EPSILON);
  private static final double SMALLEST_LOSS = -Math.log1p(-EPSILON);

  private int classes;
  private boolean probabilities;
  private double weightSum;
  private double logLossSum;
  private double top3;
  private double top5;
  private double[] truePositives = {};
  private double[] predicted = {};
  private double[] actual = {};
  private double[] rows = {};
  private double[] confusion; // classes x classes, a row per actual class; null beyond the limit
  private AreaUnderRoc roc; // null unless there are two classes

  /** For deserialization. */
  public ClassTally() {}

  ClassTally(int classes) {
    this(classes, true);
  }

  /**
   * Of so many classes.
   *
   * @param probabilities whether the softmax of the scores are such; else there is no log loss
   */
  ClassTally(int classes, boolean probabilities) {
    this.classes = classes;
    this.probabilities = probabilities;
    truePositives = new double[classes];
    predicted = new double[classes];
    actual = new double[classes];
    rows = new double[classes];
    confusion = classes <= MAX_CONFUSION ? new double[classes * classes] : null;
    roc = classes == 2 ? new AreaUnderRoc() : null;
  }

  @Override
  void add(float[] scores, float[] targets, float[] weights, int count) {
    double[] e = exponentials(scores, count);
    for (int r = 0; r < count; r++) {
      int row = r * classes;
      int y = (int) targets[r];
      int p = Network.largest(scores, row, classes);
      float c = weights[r];
      double sum = 0;
      int above = 0; // scores that come before the true class's
      for (int j = 0; j < classes; j++) {
        sum += e[row + j];
        boolean below = scores[row + j] < scores[row + y];
        above += below || (scores[row + j] == scores[row + y] && j >= y) ? 0 : 1;
      }
      double logLoss = -Math.log(e[row + y] / sum);
      logLossSum += c * Math.min(Math.max(logLoss, SMALLEST_LOSS), LARGEST_LOSS);
      weightSum += c;
      actual[y] += c;
      predicted[p] += c;
      rows[y]++;
      truePositives[y] += p == y ? c : 0;
      top3 += above < 3 ? c : 0;
      top5 += above < 5 ? c : 0;
      if (confusion != null) {
        confusion[y * classes + p] += c;
      }
      if (roc != null) {
        roc.add(scores[row + 1] - scores[row], y == 1, c);
      }
    }
  }

  /** e^(s - the row's largest s). */
  private double[] exponentials(float[] scores, int count) {
    int n = count * classes;
    double[] e = Scratch.ofThread().doubles(n);
    for (int row = 0; row < n; row += classes) {
      float max = scores[row];
      for (int j = row + 1; j < row + classes; j++) {
        max = Math.max(max, scores[j]);
      }
      for (int j = row; j < row + classes; j++) {
        e[j] = (double) scores[j] - max;
      }
    }
    Transcendental.exp(e, 0, n);
    return e;
  }

  @Override
  public void merge(Tally other) {
    if (!(other instanceof ClassTally t)
        || t.classes != classes
        || t.probabilities != probabilities) {
      throw new IllegalArgumentException("cannot add " + other + " to " + this);
    }
    weightSum += t.weightSum;
    logLossSum += t.logLossSum;
    top3 += t.top3;
    top5 += t.top5;
    addTo(truePositives, t.truePositives);
    addTo(predicted, t.predicted);
    addTo(actual, t.actual);
    addTo(rows, t.rows);
    if (confusion != null) {
      addTo(confusion, t.confusion);
    }
    if (roc != null) {
      roc.merge(t.roc);
    }
  }

  private static void addTo(double[] sum, double[] more) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    metrics.add(Metric.higher("accuracy"));
    if (classes == 2) {
      metrics.add(Metric.higher("auc").sometimes());
    }
    if (probabilities) {
      metrics.add(Metric.lower("logLoss"));
    }
    metrics.add(Metric.higher("f1"));
    metrics.add(Metric.higher("f1Weighted"));
    metrics.add(Metric.higher("precision"));
    metrics.add(Metric.higher("precisionWeighted"));
    metrics.add(Metric.higher("recall"));
    if (classes > 3) {
      metrics.add(Metric.higher("top3"));
    }
    if (classes > 5) {
      metrics.add(Metric.higher("top5"));
    }
    return metrics;
  }

  @Override
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    if (weightSum == 0) {
      return figures;
    }
    figures.put("accuracy", sum(truePositives) / weightSum);
    Double area = roc == null ? null : roc.value();
    if (area != null) {
      figures.put("auc", area);
    }
    if (probabilities) {
      figures.put("logLoss", logLossSum / weightSum);
    }
    figures.put("f1", mean(this::f1));
    figures.put("f1Weighted", weightedMean(this::f1));
    figures.put("precision", mean(this::precision));
    figures.put("precisionWeighted", weightedMean(this::precision));
    figures.put("recall", mean(this::recall));
    if (classes > 3) {
      figures.put("top3", top3 / weightSum);
    }
    if (classes > 5) {
      figures.put("top5", top5 / weightSum);
    }
    return figures;
  }

  private interface OfClass {
    double value(int index);
  }

  /** Over the classes that occur, be it in the rows or in the predictions. */
  private double mean(OfClass figure) {
    double total = 0;
    int seen = 0;
    for (int c = 0; c < classes; c++) {
      if (actual[c] + predicted[c] > 0) {
        total += figure.value(c);
        seen++;
      }
    }
    return total / seen;
  }

  private double weightedMean(OfClass figure) {
    double total = 0;
    for (int c = 0; c < classes; c++) {
      total += actual[c] * figure.value(c);
    }
    return total / weightSum;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /** Rows of a class, counted without their weights. */
  public long rows(int c) {
    return (long) rows[c];
  }

  /** The share of the rows predicted as this class that are of it; 0 where none is. */
  public double precision(int c) {
    return predicted[c] == 0 ? 0 : truePositives[c] / predicted[c];
  }

  /** The share of this class's rows that are predicted as it; 0 where there are none. */
  public double recall(int c) {
    return actual[c] == 0 ? 0 : truePositives[c] / actual[c];
  }

  /** The harmonic mean of precision and recall; 0 where the class does not occur. */
  public double f1(int c) {
    double both = actual[c] + predicted[c];
    return both == 0 ? 0 : 2 * truePositives[c] / both;
  }

  /** Whether {@link #confusion} is known: for up to {@link #MAX_CONFUSION} classes. */
  public boolean hasConfusion() {
    return confusion != null;
  }

  /**
   * The weight of the rows of one class that are predicted as another.
   *
   * @throws IllegalStateException if there are too many classes, see {@link #hasConfusion}
   */
  public double confusion(int actualClass, int predictedClass) {
    if (confusion == null) {
      throw new IllegalStateException(
          classes + " classes are too many for a confusion matrix: at most " + MAX_CONFUSION);
    }
    return confusion[actualClass * classes + predictedClass];
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(classes);
    out.writeBoolean(probabilities);
    out.writeDouble(weightSum);
    out.writeDouble(logLossSum);
    out.writeDouble(top3);
    out.writeDouble(top5);
    Wire.writeDoubles(out, truePositives);
    Wire.writeDoubles(out, predicted);
    Wire.writeDoubles(out, actual);
    Wire.writeDoubles(out, rows);
    Wire.writeDoubles(out, confusion);
    if (roc != null) {
      roc.write(out);
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    classes = in.readInt();
    probabilities = in.readBoolean();
    weightSum = in.readDouble();
    logLossSum = in.readDouble();
    top3 = in.readDouble();
    top5 = in.readDouble();
    truePositives = Wire.readDoubles(in);
    predicted = Wire.readDoubles(in);
    actual = Wire.readDoubles(in);
    rows = Wire.readDoubles(in);
    confusion = Wire.readDoubles(in);
    roc = classes == 2 ? AreaUnderRoc.read(in) : null;
  }

  @Override
  public String toString() {
    return "a tally of " + classes + " classes";
  }
}
