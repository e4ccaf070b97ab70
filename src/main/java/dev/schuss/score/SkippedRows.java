package dev.schuss.score;

import dev.schuss.data.Skipped;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.SparkSession;
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
