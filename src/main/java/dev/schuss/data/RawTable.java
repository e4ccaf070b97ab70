package dev.schuss.data;

import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.Invalid;
import dev.schuss.objective.Task;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The raw blocks of a table, kept while they are looked at. */
final class RawTable implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RawTable.class);

  /**
   * Rows of fewer entries than this part of their width are kept sparse. Above it a dense row takes
   * about as much time, for its product runs in BLAS, and not much more memory.
   */
  private static final double SPARSE = 0.2;

  private final JavaRDD<RawBlock> rdd;
  private final Table table;
  private final List<Summary> summaries;
  private final Problems problems;
  private final Skipped skipped;
  private final List<Feature> features;

  private RawTable(
      JavaRDD<RawBlock> rdd,
      Table table,
      List<Summary> summaries,
      Problems problems,
      Invalid invalid,
      List<Feature> known) {
    this.rdd = rdd;
    this.table = table;
    this.summaries = summaries;
    this.problems = problems;
    this.skipped = problems.skipped(invalid);
    int[] widths = problems.widths();
    this.features =
        IntStream.range(0, widths.length)
            .mapToObj(
                f -> {
                  Feature feature = known.get(f);
                  return feature.isCategory() ? feature : Feature.vector(feature.name(), widths[f]);
                })
            .toList();
  }

  /**
   * Packs the rows of a table.
   *
   * @param features the table's, with what is known of them
   * @param classes the only labels that are allowed; null if any is
   * @throws DataException if a row is bad, unless those are skipped
   */
  static RawTable read(
      Dataset<Row> data,
      Table table,
      List<Feature> features,
      Task task,
      ClassLabels classes,
      Invalid invalid,
      Persist persist,
      int partitions) {
    int p = partitions == 0 ? slots(data) : partitions;
    long start = System.nanoTime();
    JavaRDD<RawBlock> rdd =
        Packer.pack(data, table, features, task, classes, invalid, p, groups(data, p))
            .setName("schuss raw blocks")
            .persist(persist.level());
    RawTable raw = null;
    try {
      boolean countLabels = task == Task.CLASSIFICATION && classes == null;
      List<Summary> summaries = rdd.map(block -> new Summary(block, countLabels)).collect();
      raw =
          new RawTable(
              rdd, table, summaries, new Problems(summaries, table, data), invalid, features);
      log.info(
          "packed {} rows of {} features into {} partitions in {} ms",
          raw.rows(),
          raw.width(),
          p,
          (System.nanoTime() - start) / 1_000_000);
      return raw;
    } finally {
      if (raw == null) {
        Blocks.free(rdd);
      }
    }
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

  JavaRDD<RawBlock> rdd() {
    return rdd;
  }

  long rows() {
    return summaries.stream().mapToLong(Summary::rows).sum();
  }

  /** The feature columns, all of them with their widths. */
  List<Feature> features() {
    return features;
  }

  int width() {
    return features.stream().mapToInt(Feature::width).sum();
  }

  /**
   * The distinct labels of a classification.
   *
   * @param chosen the classes to have, given those that the rows have; null for the latter
   */
  Classes classes(UnaryOperator<ClassLabels> chosen) {
    return Classes.of(summaries, table.labelNames().get(0), problems::say, chosen);
  }

  /**
   * Whether rows are to be kept sparse: a function of the rows as a whole, wherever they lie.
   *
   * @param always entries that each row gets by scaling
   */
  boolean sparse(int always) {
    double entries = problems.entries() + (double) always * rows();
    return table.maybeSparse() && entries <= SPARSE * rows() * width();
  }

  /** Entries of the fullest row. */
  int mostEntries() {
    return problems.mostEntries();
  }

  Skipped skipped() {
    return skipped;
  }

  @Override
  public void close() {
    Blocks.free(rdd);
  }
}
