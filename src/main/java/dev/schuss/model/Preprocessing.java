package dev.schuss.model;

import dev.schuss.objective.Task;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What was done to the columns of the training data, to be done again wherever the model is used.
 *
 * @param task what the model is for
 * @param features names of the feature columns, in order; a vector column counts once
 * @param width features per row, over all feature columns
 * @param labels names of the label columns; empty for a reconstruction
 * @param classes the distinct labels in ascending order, whose places are the class indexes; null
 *     unless the task is classification
 * @param shift subtracted from each feature; null when features are not scaled
 * @param divisor each feature is then divided by it; null when features are not scaled
 */
public record Preprocessing(
    Task task,
    List<String> features,
    int width,
    List<String> labels,
    double[] classes,
    float[] shift,
    float[] divisor)
    implements Serializable {

  /** Checks that the parts fit together. */
  public Preprocessing {
    Objects.requireNonNull(task, "task");
    features = List.copyOf(features);
    labels = List.copyOf(labels);
    if (width < 1) {
      throw new IllegalArgumentException("width = " + width + ": must be at least 1");
    }
    if ((classes != null) != (task == Task.CLASSIFICATION)) {
      throw new IllegalArgumentException("classes belong to a classification, and only there");
    }
    for (int i = 1; classes != null && i < classes.length; i++) {
      if (!(classes[i - 1] < classes[i])) {
        throw new IllegalArgumentException("classes are not in ascending order at place " + i);
      }
    }
    if ((shift == null) != (divisor == null)) {
      throw new IllegalArgumentException("shift and divisor belong together");
    }
    if (shift != null && (shift.length != width || divisor.length != width)) {
      throw new IllegalArgumentException(
          "%d shifts and %d divisors for %d features"
              .formatted(shift.length, divisor.length, width));
    }
  }

  /** Whether {@link #apply} changes anything. */
  public boolean scales() {
    return shift != null;
  }

  /** Targets per row of the network's training: 1 for a class index, 0 for a reconstruction. */
  public int targetWidth() {
    return switch (task) {
      case CLASSIFICATION -> 1;
      case REGRESSION -> labels.size();
      case RECONSTRUCTION -> 0;
    };
  }

  /**
   * Scales raw features in place.
   *
   * @param values row-major, at least rows x width
   * @param rows number of rows to be scaled
   */
  public void apply(float[] values, int rows) {
    if (shift == null) {
      return;
    }
    for (int row = 0; row < rows; row++) {
      int at = row * width;
      for (int j = 0; j < width; j++) {
        values[at + j] = (values[at + j] - shift[j]) / divisor[j];
      }
    }
  }

  /**
   * The index of a class.
   *
   * @return from 0; negative if the label is none of the classes
   */
  public int classIndex(double label) {
    return Arrays.binarySearch(classes, label + 0.0); // -0 is 0
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Preprocessing p
        && task == p.task
        && features.equals(p.features)
        && width == p.width
        && labels.equals(p.labels)
        && Arrays.equals(classes, p.classes)
        && Arrays.equals(shift, p.shift)
        && Arrays.equals(divisor, p.divisor);
  }

  @Override
  public int hashCode() {
    return Objects.hash(task, features, width, labels, Arrays.hashCode(classes));
  }
}
