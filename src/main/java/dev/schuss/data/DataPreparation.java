package dev.schuss.data;

import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.Invalid;
import dev.schuss.model.Preprocessing;
import dev.schuss.model.Scaling;
import dev.schuss.model.SparseScaling;
import dev.schuss.objective.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * From a DataFrame to canonical blocks, through one shuffle. The blocks are a function of the rows
 * and of the number of partitions alone: files, splits, cores and retries leave no trace in them.
 */
public final class DataPreparation {

  private DataPreparation() {}

  /**
   * Prepares training data with few wishes; see {@link #training(Dataset, Recipe)}.
   *
   * @throws DataException if the data cannot be used, in one line
   */
  public static Prepared training(
      Dataset<Row> data,
      Columns columns,
      Task task,
      Scaling scaling,
      double validationFraction,
      long seed,
      int partitions) {
    return training(
        data,
        new Recipe(
            columns,
            task,
            scaling,
            null,
            Invalid.ERROR,
            Persist.MEMORY_AND_DISK,
            validationFraction,
            0,
            seed,
            partitions));
  }

  /**
   * Prepares training data: reads it, keeps parts for validation and test, numbers classes and
   * categories, and scales the features.
   *
   * @param data the table
   * @throws DataException if the data cannot be used, in one line
   */
  public static Prepared training(Dataset<Row> data, Recipe recipe) {
    return training(data, recipe, null);
  }

  /**
   * Prepares the data of a training that starts from a fitted model. Where the feature columns are
   * that model's, its categories and its scaling are kept, since its weights know no others.
   *
   * @param data the table
   * @param from the model's preprocessing; null for none
   * @throws DataException if the data cannot be used, in one line
   */
  public static Prepared training(Dataset<Row> data, Recipe recipe, Preprocessing from) {
    return training(data, recipe, from, null);
  }

  /**
   * Prepares the data of a training whose classes are not just those that the rows happen to have.
   *
   * @param data the table
   * @param from a fitted model's preprocessing, as above; null for none
   * @param classes the classes to have, among them all that the rows have, which it is given; it
   *     may throw. Null for those of the rows
   * @throws DataException if the data cannot be used, in one line
   */
  public static Prepared training(
      Dataset<Row> data, Recipe recipe, Preprocessing from, UnaryOperator<ClassLabels> classes) {
    return SparkErrors.unwrapped(() -> prepare(data, recipe, from, classes));
  }

  /** Whether these are the columns of that model, categories as such. */
  private static boolean sameFeatures(Table table, Preprocessing from) {
    return from != null
        && table.featureNames().equals(from.features())
        && table.features().stream()
            .filter(f -> f.kind() == Table.Kind.CATEGORY)
            .map(Table.Field::name)
            .toList()
            .equals(from.categorical());
  }

  private static Prepared prepare(
      Dataset<Row> data, Recipe recipe, Preprocessing from, UnaryOperator<ClassLabels> chosen) {
    Table table = Table.of(data.schema(), recipe.columns(), recipe.task());
    boolean kept = sameFeatures(table, from);
    List<Feature> features = kept ? from.inputs() : Survey.of(data, table, recipe.invalid());
    try (RawTable raw =
        RawTable.read(
            data,
            table,
            features,
            recipe.task(),
            null,
            recipe.invalid(),
            recipe.persist(),
            recipe.partitions())) {
      boolean classification = recipe.task() == Task.CLASSIFICATION;
      Classes classes = classification ? raw.classes(chosen) : null;
      long[] counts = classification ? classes.counts() : new long[] {raw.rows()};
      Split split =
          Split.of(
              raw.rdd(),
              classification ? classes.codes().codes() : null,
              counts,
              recipe.validationFraction(),
              recipe.testFraction(),
              recipe.seed());
      int always =
          kept ? new SparseScaling(from).always() : centred(recipe.scaling(), raw.features());
      boolean sparse = raw.sparse(always);
      float[][] scale =
          kept
              ? (from.scales() ? new float[][] {from.shift(), from.divisor()} : null)
              : ColumnStatistics.scale(raw.rdd(), split, raw.features(), recipe.scaling(), sparse);
      Preprocessing preprocessing =
          new Preprocessing(
              recipe.task(),
              raw.features(),
              table.labelNames(),
              classification ? classes.labels() : null,
              recipe.invalid(),
              scale == null ? null : scale[0],
              scale == null ? null : scale[1]);
      float[] weights =
          recipe.classWeights() == null
              ? null
              : recipe.classWeights().resolve(classes.labels(), classes.rowsOfClasses());
      Finishing finishing =
          new Finishing(raw, table, preprocessing, split, recipe.persist(), sparse);
      return finishing.all(weights, recipe.validationFraction(), recipe.testFraction());
    }
  }

  /** Columns in which 0 is shifted: single numbers; the elements of sparse vectors are not. */
  private static int centred(Scaling scaling, List<Feature> features) {
    boolean shifts = scaling instanceof Scaling.Standard || scaling instanceof Scaling.MinMax;
    return shifts
        ? (int) features.stream().filter(f -> !f.isCategory() && f.width() == 1).count()
        : 0;
  }

  /**
   * Prepares labelled rows for an evaluation, held in memory and on disk.
   *
   * @throws DataException if the data cannot be used
   */
  public static Blocks scoring(
      Dataset<Row> data, Columns columns, Preprocessing preprocessing, int partitions) {
    return scoring(data, columns, preprocessing, Persist.MEMORY_AND_DISK, partitions);
  }

  /**
   * Prepares labelled rows for an evaluation, with the preprocessing of the training.
   *
   * @param data the table
   * @param columns what its columns are, where they differ from those of the training; null for the
   *     same names, without weights. {@code "*"} stands for the training's features, by name
   * @param preprocessing the training's
   * @param persist where the rows are kept
   * @param partitions number of blocks; 0 for the cluster's task slots
   * @throws DataException if the data cannot be used: unknown classes, another number of features
   */
  public static Blocks scoring(
      Dataset<Row> data,
      Columns columns,
      Preprocessing preprocessing,
      Persist persist,
      int partitions) {
    return SparkErrors.unwrapped(() -> score(data, columns, preprocessing, persist, partitions));
  }

  private static Blocks score(
      Dataset<Row> data,
      Columns columns,
      Preprocessing preprocessing,
      Persist persist,
      int partitions) {
    Columns used = scoringColumns(columns, preprocessing);
    Task task = preprocessing.task();
    Table table = Table.of(data.schema(), used, task);
    if (table.labels().size() != preprocessing.labels().size()) {
      throw new DataException(
          "%d label columns, but the model was trained on %d (%s)"
              .formatted(
                  table.labels().size(),
                  preprocessing.labels().size(),
                  String.join(", ", preprocessing.labels())));
    }
    // Other columns will do if they hold the same number of features, as a vector of them does.
    boolean same = table.features().size() == preprocessing.inputs().size();
    List<Feature> features =
        same ? preprocessing.inputs() : Survey.of(data, table, preprocessing.invalid());
    try (RawTable raw =
        RawTable.read(
            data,
            table,
            features,
            task,
            preprocessing.classes(),
            preprocessing.invalid(),
            persist,
            partitions)) {
      if (raw.width() != preprocessing.width()) {
        throw new DataException(
            "the rows have %d features, but the model was trained on %d: name the same columns"
                .formatted(raw.width(), preprocessing.width()));
      }
      LabelCode codes =
          preprocessing.classes() == null ? null : LabelCode.of(preprocessing.classes());
      Split split = Split.none(codes == null ? null : codes.codes(), strata(preprocessing), 0);
      int always = new SparseScaling(preprocessing).always();
      Finishing finishing =
          new Finishing(raw, table, preprocessing, split, persist, raw.sparse(always));
      return finishing.part(Split.Part.TRAIN, null, "schuss scoring blocks", raw.skipped());
    }
  }

  private static int strata(Preprocessing preprocessing) {
    return preprocessing.classes() == null ? 1 : preprocessing.classes().size();
  }

  private static Columns scoringColumns(Columns columns, Preprocessing preprocessing) {
    Columns given =
        columns == null
            ? new Columns(preprocessing.features(), preprocessing.labels(), null, null)
            : columns;
    List<String> features = given.allFeatures() ? preprocessing.features() : given.features();
    List<String> categorical = new ArrayList<>();
    for (int f = 0; f < features.size() && features.size() == preprocessing.inputs().size(); f++) {
      if (preprocessing.inputs().get(f).isCategory()) {
        categorical.add(features.get(f));
      }
    }
    return new Columns(features, given.labels(), categorical, given.weight(), given.id());
  }

  /**
   * The classes that this room sends over the network or spills to disk with the session's own
   * serializer: what a session with {@code spark.kryo.registrationRequired} registers. Each is
   * Externalizable and has a public constructor without arguments.
   */
  public static List<Class<?>> wireClasses() {
    return List.of(Block.class, RawBlock.class, Summary.class, Survey.class);
  }

  /** The last step: raw blocks to those that are kept. */
  private record Finishing(
      RawTable raw,
      Table table,
      Preprocessing preprocessing,
      Split split,
      Persist persist,
      boolean sparse) {

    /** All parts of a split; what was made is freed if another cannot be. */
    Prepared all(float[] classWeights, double validationFraction, double testFraction) {
      List<Blocks> made = new ArrayList<>();
      boolean good = false;
      try {
        Blocks train =
            add(
                made,
                () ->
                    part(Split.Part.TRAIN, classWeights, "schuss training blocks", raw.skipped()));
        Blocks validation =
            validationFraction == 0
                ? null
                : add(made, () -> held(Split.Part.VALIDATION, "validation", validationFraction));
        Blocks test =
            testFraction == 0 ? null : add(made, () -> held(Split.Part.TEST, "test", testFraction));
        good = true;
        return new Prepared(train, validation, test, preprocessing);
      } finally {
        if (!good) {
          made.forEach(Blocks::close);
        }
      }
    }

    private static Blocks add(List<Blocks> made, Supplier<Blocks> next) {
      Blocks blocks = next.get();
      made.add(blocks);
      return blocks;
    }

    private Blocks held(Split.Part part, String name, double fraction) {
      Blocks blocks = part(part, null, "schuss " + name + " blocks", Skipped.NONE);
      if (blocks.rows() == 0) {
        blocks.close();
        throw new DataException(
            "a %s fraction of %s leaves no %s rows of %d: raise it or name a %s source"
                .formatted(name, fraction, name, raw.rows(), name));
      }
      return blocks;
    }

    Blocks part(Split.Part part, float[] classWeights, String name, Skipped skipped) {
      Finisher finisher =
          new Finisher(
              preprocessing,
              preprocessing.classes() == null ? null : LabelCode.of(preprocessing.classes()),
              split,
              part,
              table.weight() != null,
              classWeights,
              table.id() != null,
              sparse ? Math.max(0, raw.mostEntries()) : -1);
      JavaRDD<Block> blocks = raw.rdd().map(finisher::finish);
      Blocks.Form form =
          new Blocks.Form(preprocessing.width(), preprocessing.targetWidth(), sparse);
      return Blocks.keep(blocks, name, persist, form, skipped);
    }
  }
}
