package dev.schuss.ml;

import dev.schuss.model.FittedModel;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A trained {@link NeuralNetworkRegressor}. It adds the column {@code prediction}: a double, or a
 * vector in the order of {@code labelCols}.
 */
public final class NeuralNetworkRegressionModel
    extends SparkMl.RegressionModelBase<NeuralNetworkRegressionModel>
    implements NeuralNetworkParams, MLWritable {
  private static final long serialVersionUID = 1;

  static final String ENDS =
      "the first is the length of the feature vectors, the last the number of label columns";

  private final NetworkParams held;
  private final StringArrayParam labelCols;
  private final Fit fit = new Fit();

  /** A model without weights, which a reader gives it. */
  public NeuralNetworkRegressionModel(String uid) {
    super(uid);
    held = new NetworkParams(this, ENDS);
    labelCols = labelCols(this);
  }

  NeuralNetworkRegressionModel(
      String uid, FittedModel model, NeuralNetworkTrainingSummary summary) {
    this(uid);
    fit.set(model, summary);
  }

  static StringArrayParam labelCols(Params stage) {
    StringArrayParam param =
        new StringArrayParam(
            stage,
            "labelCols",
            "label column names where there are several, which take the place of labelCol; the prediction is then a vector");
    SparkMl.setDefault(stage, param, new String[0]);
    return param;
  }

  @Override
  public NetworkParams held() {
    return held;
  }

  /** The param {@code labelCols}. */
  public StringArrayParam labelCols() {
    return labelCols;
  }

  /** What the param {@code labelCols} holds. */
  public String[] getLabelCols() {
    return SparkMl.value(this, labelCols);
  }

  /** The network with its weights, as the rest of the library uses it. */
  public FittedModel model() {
    return fit.model();
  }

  /** How it was trained; an IllegalStateException for a model that was loaded. */
  public NeuralNetworkTrainingSummary summary() {
    return fit.summary(uid());
  }

  /** Whether there is a {@link #summary}. */
  public boolean hasSummary() {
    return fit.hasSummary();
  }

  @Override
  public int numFeatures() {
    return model().network().inputs();
  }

  /**
   * The value for one row.
   *
   * @throws UnsupportedOperationException if there are several label columns
   */
  @Override
  public double predict(Vector features) {
    if (several()) {
      throw new UnsupportedOperationException(
          "the model predicts %d numbers: use predictVector"
              .formatted(model().network().outputs()));
    }
    return fit.scores(this, features)[0];
  }

  /** The values for one row, in the order of the label columns. */
  public Vector predictVector(Vector features) {
    return Vectors.dense(fit.scores(this, features));
  }

  private boolean several() {
    return getLabelCols().length > 0;
  }

  /**
   * The metrics of rows whose labels are known: {@code loss}, {@code rmse}, {@code r2} ..., by
   * name.
   *
   * @throws IllegalArgumentException if a column is missing or of another type
   */
  public Map<String, Double> evaluate(Dataset<?> rows) {
    return fit.evaluate(
        this, rows, getFeaturesCol(), several() ? getLabelCols() : new String[] {getLabelCol()});
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return several()
        ? Schemas.regression(this, schema, getLabelCols(), false)
        : Schemas.added(schema, super.transformSchema(schema));
  }

  @Override
  public Dataset<Row> transform(Dataset<?> rows) {
    transformSchema(rows.schema());
    String name = getPredictionCol();
    return fit.transform(
        this,
        rows,
        getFeaturesCol(),
        new ValueOutputs(name.isEmpty() ? null : name, several(), model().network().outputs()));
  }

  @Override
  public NeuralNetworkRegressionModel copy(ParamMap extra) {
    NeuralNetworkRegressionModel copy = new NeuralNetworkRegressionModel(uid());
    copy.fit.set(fit);
    copyValues(copy, extra);
    return copy.setParent(parent());
  }

  @Override
  public MLWriter write() {
    return SparkMl.writer(this, fit);
  }

  /** Reads a saved model. */
  public static MLReader<NeuralNetworkRegressionModel> read() {
    return SparkMl.reader(
        NeuralNetworkRegressionModel.class,
        (stage, folder, hadoop) -> stage.fit.read(folder, hadoop));
  }

  /** Reads a saved model. */
  public static NeuralNetworkRegressionModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "NeuralNetworkRegressionModel: uid=" + uid() + ", " + fit.describe();
  }
}
