package dev.schuss.ml;

import dev.schuss.data.Blocks;
import dev.schuss.data.Columns;
import dev.schuss.data.DataException;
import dev.schuss.data.DataPreparation;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Invalid;
import dev.schuss.model.Predictor;
import dev.schuss.model.Preprocessing;
import dev.schuss.score.RowOutputs;
import dev.schuss.score.Scorer;
import dev.schuss.score.SkippedRows;
import dev.schuss.train.Evaluator;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all models of this package have: a network with its weights, and what is done with it. */
final class Fit implements Serializable {
  private static final long serialVersionUID = 1;
  private static final Logger log = LoggerFactory.getLogger(Fit.class);

  private FittedModel model;
  private transient NeuralNetworkTrainingSummary summary;
  private transient Predictor predictor;

  void set(FittedModel fitted, NeuralNetworkTrainingSummary how) {
    model = fitted;
    summary = how;
    predictor = null;
  }

  void set(Fit other) {
    set(other.model, other.summary);
  }

  void read(Path stage, Configuration hadoop) {
    set(ModelFiles.read(stage, hadoop), null);
  }

  FittedModel model() {
    if (model == null) {
      throw new IllegalStateException("the model has no weights: load it, or fit an estimator");
    }
    return model;
  }

  boolean hasSummary() {
    return summary != null;
  }

  NeuralNetworkTrainingSummary summary(String uid) {
    if (summary == null) {
      throw new IllegalStateException(
          "no training summary for " + uid + ": it is not saved with the model");
    }
    return summary;
  }

  String describe() {
    return "inputs=%d, outputs=%d, layers=%d, weights=%d"
        .formatted(
            model().network().inputs(),
            model().network().outputs(),
            model().network().hidden().size() + 1,
            model().weights().length);
  }

  /** Length of an autoencoder's code. */
  int codeWidth() {
    return predictor(model().preprocessing().invalid()).codeWidth();
  }

  /** A predictor of the rule that the params have now, which is kept until they have another. */
  private synchronized Predictor predictor(Invalid invalid) {
    if (predictor == null || predictor.model().preprocessing().invalid() != invalid) {
      predictor = Predictor.of(model(invalid));
    }
    return predictor;
  }

  /** The network's outputs for one row. */
  double[] scores(NeuralNetworkParams params, Vector features) {
    Predictor used = predictor(Fitting.invalid(params));
    float[] outputs = new float[used.outputs()];
    used.scores(features.toArray(), outputs);
    return ValueOutputs.doubles(outputs, 0, outputs.length);
  }

  /** What an autoencoder makes of one row, in the units of the features. */
  double[] reconstruction(NeuralNetworkParams params, Vector features) {
    double[] row = features.toArray();
    float[] inputs = new float[row.length];
    for (int i = 0; i < row.length; i++) {
      inputs[i] = (float) row[i];
    }
    Predictor used = predictor(Fitting.invalid(params));
    float[] outputs = new float[used.outputs()];
    used.reconstruction(inputs, outputs);
    return ValueOutputs.doubles(outputs, 0, outputs.length);
  }

  /** The rows with more columns. */
  Dataset<Row> transform(
      NeuralNetworkParams params, Dataset<?> rows, String features, RowOutputs outputs) {
    if (outputs.columns().isEmpty()) {
      return rows.toDF();
    }
    try {
      FittedModel used = model(Fitting.invalid(params));
      Scorer scorer = Scorer.of(used).features(features).outputs(outputs);
      return used.preprocessing().invalid() == Invalid.SKIP
          ? scorer.counting(leftOut(params, rows), null).transform(rows.toDF())
          : scorer.transform(rows.toDF());
    } catch (DataException e) {
      throw new IllegalArgumentException(Wording.of(e.getMessage()), e);
    }
  }

  /** Tells of rows that a table is scored without, once it is. */
  private static SkippedRows leftOut(NeuralNetworkParams params, Dataset<?> rows) {
    String count = "rows left out by " + params.uid();
    return SkippedRows.telling(
        rows.sparkSession(),
        count,
        first ->
            log.warn(
                "{} leaves out bad rows of what it scores, such as this: {}; Spark's UI counts them as \"{}\"",
                params.uid(),
                first,
                count));
  }

  /** The model with another rule for bad rows, which is a param of spark.ml's models. */
  FittedModel model(Invalid invalid) {
    Preprocessing p = model().preprocessing();
    return p.invalid() == invalid
        ? model
        : new FittedModel(
            model.network(),
            model.weights(),
            new Preprocessing(
                p.task(), p.inputs(), p.labels(), p.classes(), invalid, p.shift(), p.divisor()),
            model.provenance());
  }

  /**
   * The metrics of rows whose labels are known.
   *
   * @throws IllegalArgumentException if a column is missing or of another type
   */
  Map<String, Double> evaluate(
      NeuralNetworkParams params, Dataset<?> rows, String features, String... labels) {
    SparkSession spark = rows.sparkSession();
    StructType schema = rows.schema();
    Schemas.features(schema, features);
    for (String label : labels) {
      Schemas.numeric(schema, label);
    }
    Schemas.weight(params, schema);
    FittedModel used = model(Fitting.invalid(params));
    boolean weighted = params.isSet(params.weightCol()) && !params.getWeightCol().isEmpty();
    Columns columns =
        new Columns(
            List.of(features), List.of(labels), weighted ? params.getWeightCol() : null, null);
    Preprocessing indexed = Classes.byIndex(used.preprocessing());
    try (Blocks blocks = DataPreparation.scoring(rows.toDF(), columns, indexed, 0)) {
      Fitting.tell(params, "evaluation", blocks);
      return Evaluator.evaluate(spark, used.network(), used.weights(), blocks).figures();
    } catch (DataException e) {
      throw SparkMl.thrown(new SparkException(Wording.of(e.getMessage()), e));
    }
  }
}
