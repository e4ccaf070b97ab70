package dev.schuss.ml;

import dev.schuss.nn.Network;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.StructField;

/**
 * The columns of a classification as spark.ml has them: vectors of doubles, and the class index as
 * a double.
 *
 * @param raw column of the scores; null for none
 * @param probability column of the probabilities; null for none
 * @param prediction column of the class; null for none
 * @param classes how many there are
 * @param thresholds of the classes; null for the most probable class
 */
record ClassOutputs(
    StructField raw,
    StructField probability,
    StructField prediction,
    int classes,
    double[] thresholds)
    implements Outputs {

  @Override
  public List<StructField> columns() {
    List<StructField> columns = new ArrayList<>();
    for (StructField field : new StructField[] {raw, probability, prediction}) {
      if (field != null) {
        columns.add(field);
      }
    }
    return columns;
  }

  @Override
  public void write(
      float[] outputs,
      double[] likelihoods,
      int from,
      float[] code,
      int codeFrom,
      Object[] values,
      int first) {
    int at = first;
    if (raw != null) {
      values[at++] = Vectors.dense(ValueOutputs.doubles(outputs, from, classes));
    }
    double[] probabilities = new double[classes];
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      sum += likelihoods[from + i];
    }
    for (int i = 0; i < classes; i++) {
      probabilities[i] = likelihoods[from + i] / sum;
    }
    if (probability != null) {
      values[at++] = Vectors.dense(probabilities);
    }
    if (prediction != null) {
      values[at] =
          (double)
              (thresholds == null
                  ? Network.largest(outputs, from, classes)
                  : largest(probabilities, thresholds));
    }
  }

  /** Scores to probabilities, in place. */
  static double[] softmax(double[] scores) {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      max = Math.max(max, score);
    }
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - max);
      sum += scores[i];
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= sum;
    }
    return scores;
  }

  /**
   * The first class with the largest value, or quotient of value and threshold; as in Spark, a
   * class of threshold 0 wins unless its value is 0, too.
   */
  private static int largest(double[] values, double[] thresholds) {
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      double value = values[i] / thresholds[i];
      if (value > most) {
        most = value;
        best = i;
      }
    }
    return best;
  }
}
