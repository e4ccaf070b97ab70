package dev.schuss.score;

import dev.schuss.data.Skipped;
import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.AccumulatorV2;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts the rows that a model of {@code invalid = skip} leaves out. Spark computes a partition
 * again when an executor is lost, or when the same table is used twice: its rows count again then.
 */
public final class SkippedRows implements Serializable {
  private static final long serialVersionUID = 1;

  /** Each task tells of so many rows. */
  static final int EXAMPLES = 3;

  private final LongAccumulator rows;
  private final CollectionAccumulator<String> examples;

  private SkippedRows(LongAccumulator rows, CollectionAccumulator<String> examples) {
    this.rows = rows;
    this.examples = examples;
  }

  /** A count that starts at 0. */
  public static SkippedRows on(SparkSession spark) {
    return new SkippedRows(
        spark.sparkContext().longAccumulator(), spark.sparkContext().collectionAccumulator());
  }

  /**
   * A count that tells of the first row while the rows are scored, and that Spark's UI shows beside
   * the stages that score them. It keeps no examples, for a stream may go on for long.
   *
   * @param name of the count
   * @param first is told what is wrong with a row, once, on the driver
   */
  public static SkippedRows telling(SparkSession spark, String name, Consumer<String> first) {
    First examples = new First(first);
    spark.sparkContext().register(examples);
    return new SkippedRows(spark.sparkContext().longAccumulator(name), examples);
  }

  /** The driver's end: it merges what each task adds, which has a plain one. */
  private static final class First extends CollectionAccumulator<String> {
    private static final long serialVersionUID = 1;

    private final transient Consumer<String> told;
    private transient boolean done;

    First(Consumer<String> told) {
      this.told = told;
    }

    @Override
    public void merge(AccumulatorV2<String, List<String>> task) {
      if (!done && !task.value().isEmpty()) {
        done = true;
        told.accept(task.value().get(0));
      }
    }
  }

  void add(String example) {
    rows.add(1);
    if (example != null) {
      examples.add(example);
    }
  }

  /** What was left out so far. */
  public Skipped soFar() {
    List<String> first = examples.value().stream().limit(EXAMPLES).toList();
    return new Skipped(rows.value(), first);
  }
}
