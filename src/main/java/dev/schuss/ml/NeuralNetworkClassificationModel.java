package dev.schuss.ml;

import dev.schuss.model.ClassLabels;
import dev.schuss.model.FittedModel;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A trained {@link NeuralNetworkClassifier}. It adds the columns {@code rawPrediction} (the scores
 * before the softmax), {@code probability} and {@code prediction}; one that is named {@code ""} is
 * left out. Where the label column named its classes, so does the prediction's, and IndexToString
 * needs no labels.
 */
public final class NeuralNetworkClassificationModel
    extends SparkMl.ClassificationModelBase<NeuralNetworkClassificationModel>
    implements NeuralNetworkParams, MLWritable {
  private static final long serialVersionUID = 1;

  static final String ENDS =
      "the first is the length of the feature vectors, the last the number of classes";

  private final NetworkParams held;
  private final Fit fit = new Fit();

  /** A model without weights, which a reader gives it. */
  public NeuralNetworkClassificationModel(String uid) {
    super(uid);
    held = new NetworkParams(this, ENDS);
  }

  NeuralNetworkClassificationModel(String uid, FittedModel model) {
    this(uid);
    fit.set(model, null);
  }

  /** The same model with the summary of its training, which scores rows by the model itself. */
  NeuralNetworkClassificationModel with(NeuralNetworkClassificationTrainingSummary summary) {
    fit.set(model(), summary);
    return this;
  }

  @Override
  public NetworkParams held() {
    return held;
  }

  /**
   * Names of the classes in the order of their indexes, from the label column's metadata; empty
   * where that had none.
   */
  public List<String> classNames() {
    ClassLabels classes = model().preprocessing().classes();
    return classes.isNamed() ? classes.names() : List.of();
  }

  /** The network with its weights, as the rest of the library uses it. */
  public FittedModel model() {
    return fit.model();
  }

  /** How it was trained; an IllegalStateException for a model that was loaded. */
  public NeuralNetworkClassificationTrainingSummary summary() {
    return (NeuralNetworkClassificationTrainingSummary) fit.summary(uid());
  }

  /** Whether there is a {@link #summary}. */
  public boolean hasSummary() {
    return fit.hasSummary();
  }

  /**
   * The weights in the order of MLlib's MultilayerPerceptronClassificationModel.
   *
   * @throws IllegalArgumentException unless all layers are fully connected
   */
  public Vector weights() {
    return MlpWeights.of(model().network(), model().weights());
  }

  @Override
  public int numClasses() {
    return model().network().outputs();
  }

  @Override
  public int numFeatures() {
    return model().network().inputs();
  }

  @Override
  public Vector predictRaw(Vector features) {
    return Vectors.dense(fit.scores(this, features));
  }

  @Override
  public Vector raw2probabilityInPlace(Vector raw) {
    ClassOutputs.softmax(((DenseVector) raw).values());
    return raw;
  }

  /**
   * The metrics of rows whose labels are known: {@code loss}, {@code accuracy}, {@code f1} ..., by
   * name; thresholds have no part in them.
   *
   * @throws IllegalArgumentException if a column is missing or of another type
   */
  public Map<String, Double> evaluate(Dataset<?> rows) {
    return fit.evaluate(this, rows, getFeaturesCol(), getLabelCol());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    StructType out = Schemas.added(schema, super.transformSchema(schema));
    String prediction = getPredictionCol();
    if (prediction.isEmpty() || classNames().isEmpty()) {
      return out;
    }
    StructField[] fields = out.fields().clone();
    fields[out.fieldIndex(prediction)] =
        NominalAttribute.defaultAttr()
            .withName(prediction)
            .withValues(classNames().toArray(String[]::new))
            .toStructField();
    return new StructType(fields);
  }

  @Override
  public Dataset<Row> transform(Dataset<?> rows) {
    StructType schema = transformSchema(rows.schema());
    double[] thresholds = isDefined(thresholds()) ? getThresholds() : null;
    if (thresholds != null && thresholds.length != numClasses()) {
      throw new IllegalArgumentException(
          "%s: thresholds has %d values, but there are %d classes"
              .formatted(uid(), thresholds.length, numClasses()));
    }
    ClassOutputs outputs =
        new ClassOutputs(
            added(schema, getRawPredictionCol(), SQLDataTypes.VectorType()),
            added(schema, getProbabilityCol(), SQLDataTypes.VectorType()),
            added(schema, getPredictionCol(), DataTypes.DoubleType),
            numClasses(),
            thresholds);
    return fit.transform(this, rows, getFeaturesCol(), outputs);
  }

  /** A column with what Spark and the labels say of it; null where it has no name. */
  private static StructField added(StructType schema, String name, DataType type) {
    return name.isEmpty()
        ? null
        : new StructField(name, type, false, schema.apply(name).metadata());
  }

  @Override
  public NeuralNetworkClassificationModel copy(ParamMap extra) {
    NeuralNetworkClassificationModel copy = new NeuralNetworkClassificationModel(uid());
    copy.fit.set(fit);
    copyValues(copy, extra);
    return copy.setParent(parent());
  }

  @Override
  public MLWriter write() {
    return SparkMl.writer(this, fit);
  }

  /** Reads a saved model. */
  public static MLReader<NeuralNetworkClassificationModel> read() {
    return SparkMl.reader(
        NeuralNetworkClassificationModel.class,
        (stage, folder, hadoop) -> stage.fit.read(folder, hadoop));
  }

  /** Reads a saved model. */
  public static NeuralNetworkClassificationModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "NeuralNetworkClassificationModel: uid=" + uid() + ", " + fit.describe();
  }
}
