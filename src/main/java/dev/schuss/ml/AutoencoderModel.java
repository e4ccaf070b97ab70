package dev.schuss.ml;

import dev.schuss.model.FittedModel;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A trained {@link Autoencoder}. It adds the columns {@code code}, the activations of the narrowest
 * hidden layer, and {@code reconstruction}; one that is named {@code ""} is left out.
 */
public final class AutoencoderModel extends SparkMl.ModelBase<AutoencoderModel>
    implements AutoencoderParams, MLWritable {
  private static final long serialVersionUID = 1;

  private final NetworkParams held;
  private final CodeParams columns;
  private final Fit fit = new Fit();

  /** A model without weights, which a reader gives it. */
  public AutoencoderModel(String uid) {
    super(uid);
    held = new NetworkParams(this, CodeParams.ENDS);
    columns = new CodeParams(this);
  }

  AutoencoderModel(String uid, FittedModel model, NeuralNetworkTrainingSummary summary) {
    this(uid);
    fit.set(model, summary);
  }

  @Override
  public NetworkParams held() {
    return held;
  }

  @Override
  public CodeParams columns() {
    return columns;
  }

  /** The column of vectors. */
  public AutoencoderModel setFeaturesCol(String name) {
    SparkMl.set(this, featuresCol(), name);
    return this;
  }

  /** The column of the code; empty for none. */
  public AutoencoderModel setCodeCol(String name) {
    SparkMl.set(this, codeCol(), name);
    return this;
  }

  /** The column of the reconstruction; empty for none. */
  public AutoencoderModel setReconstructionCol(String name) {
    SparkMl.set(this, reconstructionCol(), name);
    return this;
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

  /** Length of the feature vectors. */
  public int numFeatures() {
    return model().network().inputs();
  }

  /** Length of the code; 0 for a network without a hidden layer. */
  public int codeSize() {
    return fit.codeWidth();
  }

  /** What the network makes of one row. */
  public Vector predict(Vector features) {
    return Vectors.dense(fit.reconstruction(this, features));
  }

  /** The metrics of the reconstruction of these rows: {@code loss}, {@code rmse} ..., by name. */
  public Map<String, Double> evaluate(Dataset<?> rows) {
    return fit.evaluate(this, rows, getFeaturesCol());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return columns.schema(this, schema);
  }

  @Override
  public Dataset<Row> transform(Dataset<?> rows) {
    transformSchema(rows.schema());
    String code = getCodeCol();
    if (!code.isEmpty() && codeSize() == 0) {
      throw new IllegalArgumentException(
          "%s: the network has no hidden layer, and so no code: set codeCol to \"\""
              .formatted(uid()));
    }
    String reconstruction = getReconstructionCol();
    return fit.transform(
        this,
        rows,
        getFeaturesCol(),
        new CodeOutputs(
            code.isEmpty() ? null : code,
            codeSize(),
            reconstruction.isEmpty() ? null : reconstruction,
            numFeatures()));
  }

  @Override
  public AutoencoderModel copy(ParamMap extra) {
    AutoencoderModel copy = new AutoencoderModel(uid());
    copy.fit.set(fit);
    copyValues(copy, extra);
    return copy.setParent(parent());
  }

  @Override
  public MLWriter write() {
    return SparkMl.writer(this, fit);
  }

  /** Reads a saved model. */
  public static MLReader<AutoencoderModel> read() {
    return SparkMl.reader(
        AutoencoderModel.class, (stage, folder, hadoop) -> stage.fit.read(folder, hadoop));
  }

  /** Reads a saved model. */
  public static AutoencoderModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "AutoencoderModel: uid=" + uid() + ", " + fit.describe();
  }
}
