package dev.schuss.job;

import dev.schuss.data.ClassWeights;
import dev.schuss.data.Columns;
import dev.schuss.data.Csv;
import dev.schuss.data.Idx;
import dev.schuss.data.LibSvm;
import dev.schuss.data.Persist;
import dev.schuss.data.Recipe;
import dev.schuss.data.Source;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.model.Invalid;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Task;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * The block {@code data} of a job file.
 *
 * @param validation null for none
 * @param test null for none
 * @param weight null for unit weights
 * @param classWeights null for none
 * @param id null for none
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

  /** A part of the training rows, stratified by class. */
  record Fraction(@Range(above = 0, below = 1) double fraction) implements Validation, Test {
    Fraction {
      Ranges.check(Fraction.class, fraction);
    }
  }

  /** A source as a job file names it. */
  sealed interface From extends Validation, Test permits FromCsv, FromIdx, FromLibSvm {
    Source source();
  }

  /** Separated values. */
  record FromCsv(
      String path,
      boolean header,
      String delimiter,
      List<String> columns,
      Map<String, String> options)
      implements From {
    FromCsv {
      new Csv(path, header, delimiter, columns, options);
    }

    static FromCsv defaults(String path) {
      Csv csv = new Csv(path);
      return new FromCsv(path, csv.header(), csv.delimiter(), csv.columns(), csv.options());
    }

    @Override
    public Source source() {
      return new Csv(path, header, delimiter, columns, options);
    }
  }

  /** Lines of {@code label index:value ...}. */
  record FromLibSvm(String path, Integer features) implements From {
    FromLibSvm {
      new LibSvm(path, features);
    }

    static FromLibSvm defaults(String path) {
      return new FromLibSvm(path, null);
    }

    @Override
    public Source source() {
      return new LibSvm(path, features);
    }
  }

  /**
   * MNIST's files.
   *
   * @param path the folder that holds the files; null where they have paths of their own
   */
  record FromIdx(String path, String images, String labels) implements From {
    static FromIdx defaults(String images, String labels) {
      return new FromIdx(null, images, labels);
    }

    @Override
    public Source source() {
      return new Idx(in(images), in(labels));
    }

    private String in(String file) {
      return path == null ? file : new Path(path, file).toString();
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
