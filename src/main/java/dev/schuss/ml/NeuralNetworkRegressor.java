package dev.schuss.ml;

import dev.schuss.model.FittedModel;
import dev.schuss.objective.Task;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * A regression by a neural network, of one number or, where {@code labelCols} names several
 * columns, of as many.
 *
 * <pre>{@code
 * new NeuralNetworkRegressor().setLayers(new int[] {9, 64, 1}).setActivation("relu").fit(rows);
 * new NeuralNetworkRegressor().setLayers(new int[] {9, 64, 2}).setLabelCols("x", "y").fit(rows);
 * }</pre>
 *
 * <p>Labels are taken as they are: bring them to about unit size, and features too.
 */
public final class NeuralNetworkRegressor
    extends SparkMl.RegressorBase<NeuralNetworkRegressor, NeuralNetworkRegressionModel>
    implements NeuralNetworkSetters<NeuralNetworkRegressor>, MLWritable {
  private static final long serialVersionUID = 1;

  private final NetworkParams held;
  private final StringArrayParam labelCols;
  private FittedModel warm;

  /** A regressor with a uid of its own. */
  public NeuralNetworkRegressor() {
    this(Identifiable.randomUID("nnr"));
  }

  /** A regressor with this uid. */
  public NeuralNetworkRegressor(String uid) {
    super(uid);
    held = new NetworkParams(this, NeuralNetworkRegressionModel.ENDS);
    labelCols = NeuralNetworkRegressionModel.labelCols(this);
  }

  @Override
  public NetworkParams held() {
    return held;
  }

  @Override
  public NeuralNetworkRegressor self() {
    return this;
  }

  /** The param {@code labelCols}. */
  public StringArrayParam labelCols() {
    return labelCols;
  }

  /** What the param {@code labelCols} holds. */
  public String[] getLabelCols() {
    return SparkMl.value(this, labelCols);
  }

  /** Label columns where there are several; the prediction is then a vector. */
  public NeuralNetworkRegressor setLabelCols(String... names) {
    SparkMl.set(this, labelCols, names);
    return this;
  }

  /** Starts from a model's weights; it is no param, as that of {@link NeuralNetworkClassifier}. */
  public NeuralNetworkRegressor setInitialModel(NeuralNetworkRegressionModel model) {
    warm = model == null ? null : model.model();
    return this;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return getLabelCols().length == 0
        ? Schemas.added(schema, super.transformSchema(schema))
        : Schemas.regression(this, schema, getLabelCols(), true);
  }

  /** Several label columns are not the one that Spark's own regressors check and cast. */
  @Override
  public NeuralNetworkRegressionModel fit(Dataset<?> rows) {
    if (getLabelCols().length == 0) {
      return super.fit(rows);
    }
    transformSchema(rows.schema());
    return copyValues(train(rows), new ParamMap()).setParent(this);
  }

  @Override
  public NeuralNetworkRegressionModel train(Dataset<?> rows) {
    String[] several = getLabelCols();
    List<String> labels = several.length == 0 ? List.of(getLabelCol()) : Arrays.asList(several);
    Fitting fitting = new Fitting(this, Task.REGRESSION, getFeaturesCol(), labels, null, warm);
    Fitting.Fitted fitted = fitting.fit(rows);
    return new NeuralNetworkRegressionModel(uid(), fitted.model(), fitted.summary());
  }

  @Override
  public NeuralNetworkRegressor copy(ParamMap extra) {
    NeuralNetworkRegressor copy = defaultCopy(extra);
    copy.warm = warm;
    copy.held.listener = held.listener;
    return copy;
  }

  @Override
  public MLWriter write() {
    return SparkMl.warmWriter(this, warm);
  }

  /** Reads a saved regressor. */
  public static MLReader<NeuralNetworkRegressor> read() {
    return SparkMl.reader(
        NeuralNetworkRegressor.class,
        (stage, folder, hadoop) -> stage.warm = ModelFiles.warm(folder, hadoop));
  }

  /** Reads a saved regressor. */
  public static NeuralNetworkRegressor load(String path) {
    return read().load(path);
  }
}
