package dev.schuss.data;

import dev.schuss.model.Invalid;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Task;

/**
 * How training data is prepared.
 *
 * @param columns what the table's columns are
 * @param task what is trained
 * @param scaling how features are scaled, by statistics over the training rows
 * @param classWeights weights of classes; null for none
 * @param invalid what becomes of rows with missing values
 * @param persist where the packed rows are kept
 * @param validationFraction part of the rows that is kept for validation, in [0, 1); of each class
 *     the rounded part, chosen by a hash of the row's content
 * @param testFraction part of the rows that is kept for the test, in [0, 1), chosen likewise
 * @param seed of that choice
 * @param partitions number of blocks; 0 for the cluster's task slots
 */
public record Recipe(
    Columns columns,
    Task task,
    Scaling scaling,
    ClassWeights classWeights,
    Invalid invalid,
    Persist persist,
    double validationFraction,
    double testFraction,
    long seed,
    int partitions) {

  /** Checks the numbers. */
  public Recipe {
    checkFraction("validation", validationFraction);
    checkFraction("test", testFraction);
    if (validationFraction + testFraction >= 1) {
      throw new IllegalArgumentException(
          "validation fraction %s and test fraction %s leave no training rows"
              .formatted(validationFraction, testFraction));
    }
    if (classWeights != null && task != Task.CLASSIFICATION) {
      throw new IllegalArgumentException("classWeights belong to a classification");
    }
    if (partitions < 0) {
      throw new IllegalArgumentException(
          "partitions = " + partitions + ": must be at least 1, or 0 for the task slots");
    }
  }

  private static void checkFraction(String what, double fraction) {
    if (!(fraction >= 0 && fraction < 1)) {
      throw new IllegalArgumentException(what + " fraction " + fraction + ": must be in [0, 1)");
    }
  }

  /** All rows for training, as they are; bad ones are errors. */
  public static Recipe of(Columns columns, Task task) {
    return new Recipe(
        columns, task, Scaling.none(), null, Invalid.ERROR, Persist.MEMORY_AND_DISK, 0, 0, 1, 0);
  }
}
