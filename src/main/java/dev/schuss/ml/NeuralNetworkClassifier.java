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
 * A classifier by a neural network, in the place of MLlib's {@code MultilayerPerceptronClassifier}:
 * its params are there and mean the same, but that {@code solver} is {@code auto} where it is not
 * set.
 *
 * <pre>{@code
 * new NeuralNetworkClassifier().setLayers(new int[] {64, 100, 10}).fit(rows).transform(others);
 * new NeuralNetworkClassifier()
 *     .setLayers(new int[] {64, 256, 10}).setActivation("relu").setDropout(0.2)
 *     .setOptimizer("radam").setSchedule("cosine").setBatchSize(1024).setEpochs(30)
 *     .fit(rows);
 * }</pre>
 *
 * <p>Features are vectors, labels the numbers 0, 1, 2 ... of any numeric type.
 */
public final class NeuralNetworkClassifier
    extends SparkMl.ClassifierBase<NeuralNetworkClassifier, NeuralNetworkClassificationModel>
    implements NeuralNetworkSetters<NeuralNetworkClassifier>, MLWritable {
  private static final long serialVersionUID = 1;
  private final NetworkParams held;
  private FittedModel warm;

  /** A classifier with a uid of its own. */
  public NeuralNetworkClassifier() {
    this(Identifiable.randomUID("nnc"));
  }

  /** A classifier with this uid. */
  public NeuralNetworkClassifier(String uid) {
    super(uid);
    held = new NetworkParams(this, NeuralNetworkClassificationModel.ENDS);
  }

  @Override
  public NetworkParams held() {
    return held;
  }

  @Override
  public NeuralNetworkClassifier self() {
    return this;
  }

  /**
   * Starts from a model's weights: from all of them where it has the same classes, else from all
   * but the last layer's. The model is no param; it is saved with the estimator, as {@code
   * initialModel} in its folder.
   */
  public NeuralNetworkClassifier setInitialModel(NeuralNetworkClassificationModel model) {
    warm = model == null ? null : model.model();
    return this;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return Schemas.added(schema, super.transformSchema(schema));
  }

  @Override
  public NeuralNetworkClassificationModel train(Dataset<?> rows) {
    String label = getLabelCol();
    String[] names = Classes.names(rows.schema().apply(label));
    int[] layers = isSet(layers()) ? getLayers() : null;
    Fitting fitting =
        new Fitting(
            this,
            Task.CLASSIFICATION,
            getFeaturesCol(),
            List.of(label),
            Classes.chosen(label, layers, names),
            warm);
    Fitting.Fitted fitted = fitting.fit(rows);
    NeuralNetworkClassificationModel model =
        new NeuralNetworkClassificationModel(uid(), fitted.model());
    return model.with(
        new NeuralNetworkClassificationTrainingSummary(
            fitted.summary(),
            copyValues(model, new ParamMap()).copy(new ParamMap()),
            Fitting.part(this, rows.toDF(), false)));
  }

  @Override
  public NeuralNetworkClassifier copy(ParamMap extra) {
    NeuralNetworkClassifier copy = defaultCopy(extra);
    copy.warm = warm;
    copy.held.listener = held.listener;
    return copy;
  }

  @Override
  public MLWriter write() {
    return SparkMl.warmWriter(this, warm);
  }

  /** Reads a saved classifier. */
  public static MLReader<NeuralNetworkClassifier> read() {
    return SparkMl.reader(
        NeuralNetworkClassifier.class,
        (stage, folder, hadoop) -> stage.warm = ModelFiles.warm(folder, hadoop));
  }

  /** Reads a saved classifier. */
  public static NeuralNetworkClassifier load(String path) {
    return read().load(path);
  }
}
