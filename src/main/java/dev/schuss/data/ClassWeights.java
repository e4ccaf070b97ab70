package dev.schuss.data;

import dev.schuss.model.ClassLabels;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights of the classes of a classification. Each training row's weight is multiplied by that of
 * its class; validation and test rows keep their own, so that metrics are those of the data as it
 * is.
 */
public sealed interface ClassWeights extends Serializable {

  /**
   * Each class counts the same: rows / (classes x rows of the class), so that the mean weight is 1.
   */
  record Balanced() implements ClassWeights {}

  /**
   * Given weights; a class that is not named has 1.
   *
   * @param weights by label, each positive and finite
   */
  record Given(Map<String, Double> weights) implements ClassWeights {
    /** Checks the weights. */
    public Given {
      weights = new LinkedHashMap<>(weights);
      weights.forEach(
          (label, weight) -> {
            if (!(weight > 0 && Float.isFinite(weight.floatValue()))) {
              throw new IllegalArgumentException(
                  "the weight of class %s is %s: must be a positive number"
                      .formatted(label, weight));
            }
          });
    }
  }

  /** Each class counts the same. */
  static ClassWeights balanced() {
    return new Balanced();
  }

  /** These weights by label, 1 for other classes. */
  static ClassWeights of(Map<String, Double> weights) {
    return new Given(weights);
  }

  /**
   * The weight of each class.
   *
   * @param rows of each class
   * @throws DataException if a weight is given for what is no class
   */
  default float[] resolve(ClassLabels classes, long[] rows) {
    float[] resolved = new float[classes.size()];
    if (this instanceof Given given) {
      Arrays.fill(resolved, 1f);
      given.weights.forEach(
          (label, weight) -> {
            int index = classes.index(label);
            if (index < 0) {
              throw new DataException(
                  "classWeights names the class %s, which the data does not have; it has %s"
                      .formatted(label, classes.list()));
            }
            resolved[index] = weight.floatValue();
          });
      return resolved;
    }
    long all = Arrays.stream(rows).sum();
    for (int c = 0; c < resolved.length; c++) {
      resolved[c] = (float) ((double) all / ((double) resolved.length * rows[c]));
    }
    return resolved;
  }
}
