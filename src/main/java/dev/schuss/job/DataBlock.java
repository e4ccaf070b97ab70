package dev.schuss.job;

import dev.schuss.data.Cifar;
import dev.schuss.data.ClassWeights;
import dev.schuss.data.Columns;
import dev.schuss.data.Persist;
import dev.schuss.data.Recipe;
import dev.schuss.job.Sources.From;
import dev.schuss.job.Sources.FromCifar;
import dev.schuss.job.Sources.FromCsv;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.model.Invalid;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Task;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The block {@code data} of a job file.
 *
 * @param train the training rows
 * @param validation rows that early stopping and schedules look at after every epoch; null for none
 * @param test rows that are used once, at the end; null for none
 * @param label the column with the answer; a regression may name several, a reconstruction needs
 *     none
 * @param features columns that the network sees, in the order of its inputs; {@code *} for all but
 *     label, weight and id
 * @param categorical those of the features whose values are names; each becomes zeros and a one
 * @param weight column of row weights, 0 or more; null for unit weights
 * @param classWeights factors on the row weights of classes, for training alone; null for none
 * @param id column of whole numbers that tell rows apart, which is no feature; null for none
 * @param scale how the numbers among the features are scaled; categories are not
 * @param invalid what becomes of rows with missing or non-finite values
 * @param persist where the packed rows are held while they are trained on
 */
record DataBlock(
    From train,
    Validation validation,
    Test test,
    List<String> label,
    List<String> features,
    List<String> categorical,
    String weight,
    ClassWeights classWeights,
    String id,
    Scaling scale,
    Invalid invalid,
    Persist persist) {

  /** Rows to validate on: a part of the training rows, or a source of their own. */
  sealed interface Validation permits Fraction, From {}

  /** Rows to test on: a part of the training rows, or a source of their own. */
  sealed interface Test permits Fraction, From {}

  /**
   * A part of the training rows, stratified by class.
   *
   * @param fraction how much of the training rows is kept for this; the same rows for the same
   *     seed, however the files are split
   */
  record Fraction(@Range(above = 0, below = 1) double fraction) implements Validation, Test {
    Fraction {
      Ranges.check(Fraction.class, fraction);
    }
  }

  static DataBlock defaults(From train) {
    Recipe usual = Recipe.of(Columns.labelled("label"), Task.CLASSIFICATION);
    return new DataBlock(
        train,
        null,
        null,
        usual.columns().labels(),
        usual.columns().features(),
        usual.columns().categorical(),
        null,
        usual.classWeights(),
        null,
        usual.scaling(),
        usual.invalid(),
        usual.persist());
  }

  /** The same training rows, where others are not read. */
  DataBlock trainingAlone() {
    return new DataBlock(
        train,
        validation instanceof Fraction ? validation : null,
        test instanceof Fraction ? test : null,
        label,
        features,
        categorical,
        weight,
        classWeights,
        id,
        scale,
        invalid,
        persist);
  }

  /** All sources that are named. */
  From[] sources() {
    return Stream.of(train, validation, test)
        .filter(From.class::isInstance)
        .map(From.class::cast)
        .toArray(From[]::new);
  }

  /** Features of a row where the job alone tells how many; else empty. */
  OptionalInt width() {
    if (train instanceof FromCifar) {
      return OptionalInt.of(Cifar.IMAGE);
    }
    boolean numbers = train instanceof FromCsv csv && csv.derive().isEmpty();
    return numbers && categorical.isEmpty() && !columns().allFeatures()
        ? OptionalInt.of(features.size())
        : OptionalInt.empty();
  }

  Columns columns() {
    return new Columns(features, label, categorical, weight, id);
  }

  /**
   * How the training source is prepared.
   *
   * @param partitions null for the cluster's task slots
   */
  Recipe recipe(Task task, long seed, Integer partitions) {
    return new Recipe(
        columns(),
        task,
        scale,
        classWeights,
        invalid,
        persist,
        validation instanceof Fraction part ? part.fraction : 0,
        test instanceof Fraction part ? part.fraction : 0,
        seed,
        partitions == null ? 0 : partitions);
  }
}
