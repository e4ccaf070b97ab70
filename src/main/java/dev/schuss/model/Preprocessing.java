package dev.schuss.model;

import dev.schuss.nn.Shape;
import dev.schuss.objective.Task;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What was done to the columns of the training data, to be done again wherever the model is used:
 * {@link InputRow} makes raw inputs of a row, {@link #apply} (or {@link SparseScaling}) scales
 * them.
 *
 * @param task what the model is for
 * @param inputs the feature columns, in order
 * @param labels names of the label columns; empty for a reconstruction
 * @param classes the classes, whose places are the class indexes; null unless the task is
 *     classification
 * @param invalid what becomes of rows with missing values
 * @param shift subtracted from each input; null when inputs are not scaled
 * @param divisor each input is then divided by it; null when inputs are not scaled
 */
public record Preprocessing(
    Task task,
    List<Feature> inputs,
    List<String> labels,
    ClassLabels classes,
    Invalid invalid,
    float[] shift,
    float[] divisor)
    implements Serializable {

  /** Checks that the parts fit together. */
  public Preprocessing {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(invalid, "invalid");
    inputs = List.copyOf(inputs);
    labels = List.copyOf(labels);
    int width = inputs.stream().mapToInt(Feature::width).sum();
    if (inputs.isEmpty() || inputs.stream().anyMatch(f -> f.width() == 0)) {
      throw new IllegalArgumentException("features " + inputs + ": each must have a width");
    }
    if ((classes != null) != (task == Task.CLASSIFICATION)) {
      throw new IllegalArgumentException("classes belong to a classification, and only there");
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

  /** Names of the feature columns, in order. */
  public List<String> features() {
    return inputs.stream().map(Feature::name).toList();
  }

  /** Names of the feature columns that hold categories. */
  public List<String> categorical() {
    return inputs.stream().filter(Feature::isCategory).map(Feature::name).toList();
  }

  /** The inputs that are categories, column by column. */
  public List<Shape.Category> categories() {
    List<Shape.Category> categories = new ArrayList<>();
    int from = 0;
    for (Feature feature : inputs) {
      if (feature.isCategory()) {
        categories.add(new Shape.Category(from, feature.width()));
      }
      from += feature.width();
    }
    return categories;
  }

  /** Inputs per row, over all feature columns. */
  public int width() {
    int width = 0;
    for (int f = 0; f < inputs.size(); f++) { // a stream would be garbage with every row
      width += inputs.get(f).width();
    }
    return width;
  }

  /** Whether inputs are scaled. */
  public boolean scales() {
    return shift != null;
  }

  /** Whether {@link #apply} may change anything. */
  public boolean changes() {
    return shift != null || invalid == Invalid.KEEP;
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
   * Scales raw inputs in place; one that is missing becomes 0.
   *
   * @param values row-major, at least rows x width
   * @param rows number of rows to be scaled
   */
  public void apply(float[] values, int rows) {
    int width = width();
    if (shift != null) {
      for (int row = 0; row < rows; row++) {
        int at = row * width;
        for (int j = 0; j < width; j++) {
          values[at + j] = (values[at + j] - shift[j]) / divisor[j];
        }
      }
    }
    if (invalid == Invalid.KEEP) {
      for (int i = 0; i < rows * width; i++) {
        values[i] = Float.isNaN(values[i]) ? 0f : values[i];
      }
    }
  }

  /**
   * Takes scaled inputs back to the units of the columns, in place.
   *
   * @param values row-major, at least rows x width
   */
  public void revert(float[] values, int rows) {
    int width = width();
    for (int row = 0; shift != null && row < rows; row++) {
      int at = row * width;
      for (int j = 0; j < width; j++) {
        values[at + j] = values[at + j] * divisor[j] + shift[j];
      }
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Preprocessing p
        && task == p.task
        && inputs.equals(p.inputs)
        && labels.equals(p.labels)
        && Objects.equals(classes, p.classes)
        && invalid == p.invalid
        && Arrays.equals(shift, p.shift)
        && Arrays.equals(divisor, p.divisor);
  }

  @Override
  public int hashCode() {
    return Objects.hash(task, inputs, labels, classes, invalid);
  }
}
