package dev.schuss.ml;

import dev.schuss.model.FittedModel;
import dev.schuss.objective.Task;
import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * An autoencoder: a network that is trained to give its inputs again, through a layer that is
 * narrower than they are. It needs no labels.
 *
 * <pre>{@code
 * new Autoencoder().setLayers(new int[] {784, 128, 16, 128, 784}).setCodeCol("code").fit(rows);
 * }</pre>
 */
public final class Autoencoder extends SparkMl.EstimatorBase<AutoencoderModel>
    implements NeuralNetworkSetters<Autoencoder>, AutoencoderParams, MLWritable {
  private static final long serialVersionUID = 1;

  private final NetworkParams held;
  private final CodeParams columns;
  private FittedModel warm;

  /** An autoencoder with a uid of its own. */
  public Autoencoder() {
    this(Identifiable.randomUID("ae"));
  }

  /** An autoencoder with this uid. */
  public Autoencoder(String uid) {
    super(uid);
    held = new NetworkParams(this, CodeParams.ENDS);
    columns = new CodeParams(this);
  }

  @Override
  public NetworkParams held() {
    return held;
  }

  @Override
  public CodeParams columns() {
    return columns;
  }

  @Override
  public Autoencoder self() {
    return this;
  }

  /** The column of vectors. */
  public Autoencoder setFeaturesCol(String name) {
    SparkMl.set(this, featuresCol(), name);
    return this;
  }

  /** The column of the code; empty for none. */
  public Autoencoder setCodeCol(String name) {
    SparkMl.set(this, codeCol(), name);
    return this;
  }

  /** The column of the reconstruction; empty for none. */
  public Autoencoder setReconstructionCol(String name) {
    SparkMl.set(this, reconstructionCol(), name);
    return this;
  }

  /** Starts from a model's weights; it is no param, as that of {@link NeuralNetworkClassifier}. */
  public Autoencoder setInitialModel(AutoencoderModel model) {
    warm = model == null ? null : model.model();
    return this;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    Schemas.weight(this, schema);
    return columns.schema(this, schema);
  }

  @Override
  public AutoencoderModel fit(Dataset<?> rows) {
    transformSchema(rows.schema());
    Fitting fitting =
        new Fitting(this, Task.RECONSTRUCTION, getFeaturesCol(), List.of(), null, warm);
    Fitting.Fitted fitted = fitting.fit(rows);
    AutoencoderModel model = new AutoencoderModel(uid(), fitted.model(), fitted.summary());
    return copyValues(model, new ParamMap()).setParent(this);
  }

  @Override
  public Autoencoder copy(ParamMap extra) {
    Autoencoder copy = defaultCopy(extra);
    copy.warm = warm;
    copy.held.listener = held.listener;
    return copy;
  }

  @Override
  public MLWriter write() {
    return SparkMl.warmWriter(this, warm);
  }

  /** Reads a saved autoencoder. */
  public static MLReader<Autoencoder> read() {
    return SparkMl.reader(
        Autoencoder.class, (stage, folder, hadoop) -> stage.warm = ModelFiles.warm(folder, hadoop));
  }

  /** Reads a saved autoencoder. */
  public static Autoencoder load(String path) {
    return read().load(path);
  }
}
