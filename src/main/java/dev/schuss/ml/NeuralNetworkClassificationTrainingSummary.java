package dev.schuss.ml;

import org.apache.spark.mllib.evaluation.MulticlassMetrics;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * How a classifier was trained, and how well it knows its training rows: the summary of MLlib's
 * {@code MultilayerPerceptronClassifier}, with {@code accuracy}, {@code labels}, {@code
 * precisionByLabel}, {@code recallByLabel}, {@code weightedFMeasure} and the others.
 *
 * <p>Those figures are computed when the first of them is asked for, in a job of Spark over the
 * rows that {@code fit} was given, validation rows aside.
 */
public final class NeuralNetworkClassificationTrainingSummary extends NeuralNetworkTrainingSummary
    implements SparkMl.Figures {
  private static final long serialVersionUID = 1;

  private final transient NeuralNetworkClassificationModel model;
  private final transient Dataset<Row> rows;
  private transient Dataset<Row> predictions;
  private transient MulticlassMetrics figures;

  /**
   * A summary of a training.
   *
   * @param model to score with, which nobody else changes
   * @param rows of the training
   */
  NeuralNetworkClassificationTrainingSummary(
      NeuralNetworkTrainingSummary how, NeuralNetworkClassificationModel model, Dataset<Row> rows) {
    super(how);
    this.rows = rows;
    this.model = model;
    if (predictionCol().isEmpty()) {
      model.setPredictionCol("prediction_" + model.uid());
    }
  }

  /** The training rows with the columns that the model adds. */
  @Override
  public synchronized Dataset<Row> predictions() {
    if (predictions == null) {
      predictions = model.transform(rows);
    }
    return predictions;
  }

  @Override
  public String predictionCol() {
    return model.getPredictionCol();
  }

  @Override
  public String labelCol() {
    return model.getLabelCol();
  }

  /** The column of row weights; empty for none. */
  @Override
  public String weightCol() {
    return model.isSet(model.weightCol()) ? model.getWeightCol() : "";
  }

  @Override
  public synchronized MulticlassMetrics figures() {
    if (figures == null) {
      Column label = column(labelCol()).cast(DataTypes.DoubleType);
      Column weight =
          weightCol().isEmpty()
              ? functions.lit(1.0)
              : column(weightCol()).cast(DataTypes.DoubleType);
      // What handleInvalid = skip left out for its label or weight is scored all the same.
      Column trained = label.between(0, Double.MAX_VALUE).and(weight.between(0, Double.MAX_VALUE));
      figures =
          SparkMl.Figures.of(
              predictions().filter(trained).select(column(predictionCol()), label, weight));
    }
    return figures;
  }

  private Column column(String name) {
    return predictions().col("`" + name.replace("`", "``") + "`");
  }
}
