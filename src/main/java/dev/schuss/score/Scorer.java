package dev.schuss.score;

import dev.schuss.data.FeatureColumns;
import dev.schuss.model.FittedModel;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/**
 * Adds a model's predictions to the rows of a DataFrame.
 *
 * <pre>{@code
 * Dataset<Row> scored = Scorer.of(model).transform(rows);
 * }</pre>
 *
 * <p>A classification adds {@code prediction} (a string, or a bigint, or a double where the classes
 * are no whole numbers) and {@code probability} (an array of floats in the order of {@code
 * model.preprocessing().classes()}, whose names are in the column's metadata under {@code
 * schuss.classes}). An array is what every file format but CSV and every SQL function takes, which
 * a vector of spark.ml is not. Where the loss knows no probabilities, as the hinge loss, {@code
 * score} takes the place of {@code probability}. A regression adds {@code prediction}: a double, or
 * an array of doubles where there are several labels; by binary cross-entropy they are
 * probabilities. A reconstruction adds {@code reconstruction}, in the units of the columns, and
 * {@code code}, the activations of the narrowest hidden layer, both arrays of floats.
 *
 * <p>Rows keep their order and their partitions. Neither labels nor weights need be there.
 */
public final class Scorer {
  private final FittedModel model;
  private final OutputColumns names;
  private final RowOutputs own;
  private final List<String> features;
  private final SkippedRows skipped;
  private final LongAccumulator scored;

  private Scorer(
      FittedModel model,
      OutputColumns names,
      RowOutputs own,
      List<String> features,
      SkippedRows skipped,
      LongAccumulator scored) {
    this.model = model;
    this.names = names;
    this.own = own;
    this.features = List.copyOf(features);
    this.skipped = skipped;
    this.scored = scored;
  }

  /** A scorer of this model, which finds the features by the names that they had in training. */
  public static Scorer of(FittedModel model) {
    return new Scorer(model, OutputColumns.DEFAULTS, null, List.of(), null, null);
  }

  /** The same scorer, which gives its columns these names. */
  public Scorer columns(OutputColumns newNames) {
    return new Scorer(model, newNames, null, features, skipped, scored);
  }

  /**
   * The same scorer, which adds these columns instead.
   *
   * @param outputs makes them of the network's outputs
   */
  public Scorer outputs(RowOutputs outputs) {
    return new Scorer(model, names, outputs, features, skipped, scored);
  }

  /**
   * The same scorer, which takes the features from these columns.
   *
   * @param newFeatures in the order of the training's; one vector of all numbers will do, too
   */
  public Scorer features(String... newFeatures) {
    return new Scorer(model, names, own, List.of(newFeatures), skipped, scored);
  }

  /**
   * The same scorer, which counts.
   *
   * @param left receives the rows that are left out; null for nobody
   * @param given counts the others, as they are asked for; null for nobody
   */
  public Scorer counting(SkippedRows left, LongAccumulator given) {
    return new Scorer(model, names, own, features, left, given);
  }

  /** The columns that are added. */
  public List<StructField> added() {
    return own == null ? Output.columns(model, names) : own.columns();
  }

  /**
   * The rows with the predictions beside their columns. Nothing is computed before the result is
   * used; a row that cannot be scored ends the job then, unless the model skips such rows.
   *
   * @throws dev.schuss.data.DataException if a feature column is missing or of a type that cannot
   *     be used, or the data has a column of the same name as one that is added
   */
  public Dataset<Row> transform(Dataset<Row> rows) {
    FeatureColumns columns = FeatureColumns.of(rows.schema(), model.preprocessing(), features);
    List<StructField> added = added();
    StructType schema = Output.schema(rows.schema(), columns.malformed(), added);
    SentModel sent =
        new SentModel(JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext()), model);
    RowOutputs outputs = own;
    SkippedRows left = skipped;
    LongAccumulator given = scored;
    MapPartitionsFunction<Row, Row> task =
        part -> new ScoredRows(part, columns, sent.model(), outputs, left, given);
    return described(rows.mapPartitions(task, Encoders.row(schema)), schema);
  }

  /** An encoder drops what is known of the columns beside their types. */
  private static Dataset<Row> described(Dataset<Row> rows, StructType schema) {
    // By place, since names may hold dots, or be there twice.
    String[] places = new String[schema.size()];
    Arrays.setAll(places, i -> "c" + i);
    Dataset<Row> renamed = rows.toDF(places);
    Column[] columns = new Column[places.length];
    Arrays.setAll(
        columns,
        i -> renamed.col(places[i]).as(schema.fields()[i].name(), schema.fields()[i].metadata()));
    return renamed.select(columns);
  }
}
