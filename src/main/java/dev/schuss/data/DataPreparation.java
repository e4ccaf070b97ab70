package dev.schuss.data;

import dev.schuss.model.Preprocessing;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Task;
import java.util.List;
import java.util.SortedMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a DataFrame to canonical blocks, through one shuffle. The blocks are a function of the rows
 * and of the number of partitions alone: files, splits, cores and retries leave no trace in them.
 */
public final class DataPreparation {
  private static final Logger log = LoggerFactory.getLogger(DataPreparation.class);

  private DataPreparation() {}

  /**
   * Prepares training data: reads it, keeps a part for validation, numbers the classes, and scales
   * the features (statistics over the training rows).
   *
   * @param data the table
   * @param columns what its columns are
   * @param task what is trained
   * @param scaling how features are scaled
   * @param validationFraction part of the rows that is kept for validation, in [0, 1); of each
   *     class the rounded part, chosen by a hash of the row's content
   * @param seed of that choice
   * @param partitions number of blocks; 0 for the cluster's task slots
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
    if (!(validationFraction >= 0 && validationFraction < 1)) {
      throw new IllegalArgumentException(
          "validation fraction " + validationFraction + ": must be in [0, 1)");
    }
    Table table = Table.of(data.schema(), columns, task);
    try (Raw raw = Raw.read(data, table, task, null, partitions)) {
      double[] classes = null;
      long[] counts = {raw.rows()};
      if (task == Task.CLASSIFICATION) {
        SortedMap<Double, Long> found = Classes.of(raw.summaries, table.labelNames().get(0));
        classes = found.keySet().stream().mapToDouble(c -> c).toArray();
        counts = found.values().stream().mapToLong(n -> n).toArray();
      }
      Split split =
          validationFraction == 0
              ? Split.none(classes, counts.length, seed)
              : Split.of(raw.rdd, classes, counts, validationFraction, seed);
      float[][] scale = ColumnStatistics.scale(raw.rdd, split, raw.width, scaling);
      Preprocessing preprocessing =
          new Preprocessing(
              task,
              table.featureNames(),
              raw.width,
              table.labelNames(),
              classes,
              scale == null ? null : scale[0],
              scale == null ? null : scale[1]);
      Blocks train = raw.finish(preprocessing, split, false, "schuss training blocks");
      if (validationFraction == 0) {
        return new Prepared(train, null, preprocessing);
      }
      Blocks validation = null;
      try {
        validation = validation(raw, preprocessing, split, validationFraction);
        return new Prepared(train, validation, preprocessing);
      } finally {
        if (validation == null) {
          train.close();
        }
      }
    }
  }

  private static Blocks validation(
      Raw raw, Preprocessing preprocessing, Split split, double fraction) {
    Blocks validation = raw.finish(preprocessing, split, true, "schuss validation blocks");
    if (validation.rows() == 0) {
      validation.close();
      throw new DataException(
          "a validation fraction of %s leaves no validation rows of %d: raise it or name a validation source"
              .formatted(fraction, raw.rows()));
    }
    return validation;
  }

  /**
   * Prepares labelled rows for an evaluation, with the preprocessing of the training.
   *
   * @param data the table
   * @param columns what its columns are, where they differ from those of the training; null for the
   *     same names, without weights. {@code "*"} stands for the training's features, by name
   * @param preprocessing the training's
   * @param partitions number of blocks; 0 for the cluster's task slots
   * @throws DataException if the data cannot be used: unknown classes, another number of features
   */
  public static Blocks scoring(
      Dataset<Row> data, Columns columns, Preprocessing preprocessing, int partitions) {
    Columns used =
        columns == null
            ? new Columns(preprocessing.features(), preprocessing.labels(), null, null)
            : columns.allFeatures()
                ? new Columns(
                    preprocessing.features(), columns.labels(), columns.weight(), columns.id())
                : columns;
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
    try (Raw raw = Raw.read(data, table, task, preprocessing.classes(), partitions)) {
      if (raw.width != preprocessing.width()) {
        throw new DataException(
            "the rows have %d features, but the model was trained on %d: name the same columns"
                .formatted(raw.width, preprocessing.width()));
      }
      Split split =
          Split.none(
              preprocessing.classes(),
              preprocessing.classes() == null ? 1 : preprocessing.classes().length,
              0);
      return raw.finish(preprocessing, split, false, "schuss scoring blocks");
    }
  }

  /**
   * The classes that this room sends over the network or spills to disk with the session's own
   * serializer: what a session with {@code spark.kryo.registrationRequired} registers. Each is
   * Externalizable and has a public constructor without arguments.
   */
  public static List<Class<?>> wireClasses() {
    return List.of(Block.class, RawBlock.class, Summary.class);
  }

  private static int slots(Dataset<Row> data) {
    return Math.max(1, data.sparkSession().sparkContext().defaultParallelism());
  }

  /** A group per task slot; where executors come and go, every partition is its own group. */
  private static Groups groups(Dataset<Row> data, int partitions) {
    boolean dynamic =
        data.sparkSession()
            .sparkContext()
            .conf()
            .getBoolean("spark.dynamicAllocation.enabled", false);
    return new Groups(partitions, dynamic ? partitions : slots(data));
  }

  /** Raw blocks, kept while they are looked at. */
  private static final class Raw implements AutoCloseable {
    private final JavaRDD<RawBlock> rdd;
    private final Table table;
    private List<Summary> summaries;
    private int width;

    private Raw(JavaRDD<RawBlock> rdd, Table table) {
      this.rdd = rdd;
      this.table = table;
    }

    static Raw read(Dataset<Row> data, Table table, Task task, double[] classes, int partitions) {
      if (partitions < 0) {
        throw new IllegalArgumentException(
            "partitions = " + partitions + ": must be at least 1, or 0 for the task slots");
      }
      int p = partitions == 0 ? slots(data) : partitions;
      long start = System.nanoTime();
      Raw raw =
          new Raw(
              Packer.pack(data, table, task, classes, p, groups(data, p))
                  .setName("schuss raw blocks")
                  .persist(StorageLevel.MEMORY_AND_DISK()),
              table);
      boolean good = false;
      try {
        boolean countLabels = task == Task.CLASSIFICATION && classes == null;
        raw.summaries = raw.rdd.map(block -> new Summary(block, countLabels)).collect();
        raw.width = Problems.width(raw.summaries, table, data);
        good = true;
      } catch (Exception e) {
        DataException ofSource = dataException(e);
        if (ofSource != null) {
          throw ofSource;
        }
        throw e;
      } finally {
        if (!good) {
          raw.close();
        }
      }
      log.info(
          "packed {} rows of {} features into {} partitions in {} ms",
          raw.rows(),
          raw.width,
          p,
          (System.nanoTime() - start) / 1_000_000);
      return raw;
    }

    long rows() {
      return summaries.stream().mapToLong(Summary::rows).sum();
    }

    Blocks finish(Preprocessing preprocessing, Split split, boolean validation, String name) {
      Finisher finisher =
          new Finisher(
              preprocessing, split, validation, table.weight() != null, table.id() != null);
      return Blocks.keep(
          rdd.map(finisher::finish), name, preprocessing.width(), preprocessing.targetWidth());
    }

    @Override
    public void close() {
      rdd.unpersist(false);
    }
  }

  /** A source's own error, without the failed job around it; null if there is none. */
  private static DataException dataException(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof DataException data) {
        return data;
      }
    }
    return null;
  }
}
