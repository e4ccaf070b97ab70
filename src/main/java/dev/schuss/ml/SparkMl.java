package dev.schuss.ml;

import dev.schuss.model.FittedModel;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationTrainingSummary;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.shared.HasWeightCol;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.mllib.evaluation.MulticlassMetrics;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Tuple3;

/**
 * All that touches what is private in Spark's Scala, and public in its bytecode: this is the file
 * to look at when a new line of Spark breaks something.
 */
final class SparkMl {
  private SparkMl() {}

  /**
   * A uid on its way into a half-built object: the constructors of Spark's classes make the
   * inherited params, and each asks {@code uid()} of the object before any field of ours is set.
   */
  private record Uid(String text) {
    private static final ThreadLocal<String> HANDED = new ThreadLocal<>();

    /** To be called among the arguments of {@code this(...)}, before the constructor above runs. */
    static Uid hand(String text) {
      HANDED.set(text);
      return new Uid(text);
    }

    static String handed() {
      return HANDED.get();
    }

    String arrived() {
      HANDED.remove();
      return text;
    }
  }

  /** What Spark asks of whoever has row weights; the setter of the Scala trait is never called. */
  interface Weighted extends HasWeightCol {
    @Override
    @SuppressWarnings("checkstyle:MethodName")
    default void org$apache$spark$ml$param$shared$HasWeightCol$_setter_$weightCol_$eq(
        Param<String> param) {
      throw new UnsupportedOperationException("weightCol is a param of ours");
    }
  }

  /**
   * The figures of MLlib's summary of a classification, which Spark takes of the predictions. The
   * trait makes them when an object of Scala is built; here they are made when one is asked for.
   */
  interface Figures extends MultilayerPerceptronClassificationTrainingSummary {
    /** Predictions, labels and weights, counted. */
    MulticlassMetrics figures();

    @Override
    @SuppressWarnings("checkstyle:MethodName")
    default MulticlassMetrics
        org$apache$spark$ml$classification$ClassificationSummary$$multiclassMetrics() {
      return figures();
    }

    @Override
    @SuppressWarnings("checkstyle:MethodName")
    default void
        org$apache$spark$ml$classification$ClassificationSummary$_setter_$org$apache$spark$ml$classification$ClassificationSummary$$multiclassMetrics_$eq(
            MulticlassMetrics metrics) {
      throw new UnsupportedOperationException("the figures are made when they are asked for");
    }

    /** Counts the rows of a prediction, a label and a weight. */
    static MulticlassMetrics of(Dataset<Row> rows) {
      return new MulticlassMetrics(
          rows.toJavaRDD()
              .map(row -> new Tuple3<>(row.getDouble(0), row.getDouble(1), row.getDouble(2)))
              .rdd());
    }
  }

  /** A classifier that knows its uid. */
  abstract static class ClassifierBase<
          E extends ClassifierBase<E, M>, M extends ProbabilisticClassificationModel<Vector, M>>
      extends ProbabilisticClassifier<Vector, E, M> {
    private static final long serialVersionUID = 1;

    private String uid;

    ClassifierBase(String uid) {
      this(Uid.hand(uid));
    }

    private ClassifierBase(Uid handed) {
      uid = handed.arrived();
    }

    @Override
    public String uid() {
      return uid == null ? Uid.handed() : uid;
    }

    @Override
    public String explainParam(Param<?> param) {
      return Explained.of(this, param);
    }
  }

  /** The model of a classifier that knows its uid. */
  abstract static class ClassificationModelBase<M extends ClassificationModelBase<M>>
      extends ProbabilisticClassificationModel<Vector, M> {
    private static final long serialVersionUID = 1;

    private String uid;

    ClassificationModelBase(String uid) {
      this(Uid.hand(uid));
    }

    private ClassificationModelBase(Uid handed) {
      uid = handed.arrived();
    }

    @Override
    public String uid() {
      return uid == null ? Uid.handed() : uid;
    }

    @Override
    public String explainParam(Param<?> param) {
      return Explained.of(this, param);
    }

    /** Two classes of Spark declare it with types that Java cannot unite. */
    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public Tuple3 findSummaryModel() {
      return super.findSummaryModel();
    }
  }

  /** A regressor that knows its uid. */
  abstract static class RegressorBase<
          E extends RegressorBase<E, M>, M extends RegressionModel<Vector, M>>
      extends Regressor<Vector, E, M> {
    private static final long serialVersionUID = 1;

    private String uid;

    RegressorBase(String uid) {
      this(Uid.hand(uid));
    }

    private RegressorBase(Uid handed) {
      uid = handed.arrived();
    }

    @Override
    public String uid() {
      return uid == null ? Uid.handed() : uid;
    }

    @Override
    public String explainParam(Param<?> param) {
      return Explained.of(this, param);
    }
  }

  /** The model of a regressor that knows its uid. */
  abstract static class RegressionModelBase<M extends RegressionModelBase<M>>
      extends RegressionModel<Vector, M> {
    private static final long serialVersionUID = 1;

    private String uid;

    RegressionModelBase(String uid) {
      this(Uid.hand(uid));
    }

    private RegressionModelBase(Uid handed) {
      uid = handed.arrived();
    }

    @Override
    public String uid() {
      return uid == null ? Uid.handed() : uid;
    }

    @Override
    public String explainParam(Param<?> param) {
      return Explained.of(this, param);
    }
  }

  /** An estimator that knows its uid. */
  abstract static class EstimatorBase<M extends Model<M>> extends Estimator<M> {
    private static final long serialVersionUID = 1;

    private String uid;

    EstimatorBase(String uid) {
      this(Uid.hand(uid));
    }

    private EstimatorBase(Uid handed) {
      uid = handed.arrived();
    }

    @Override
    public String uid() {
      return uid == null ? Uid.handed() : uid;
    }

    @Override
    public String explainParam(Param<?> param) {
      return Explained.of(this, param);
    }
  }

  /** A model that knows its uid. */
  abstract static class ModelBase<M extends ModelBase<M>> extends Model<M> {
    private static final long serialVersionUID = 1;

    private String uid;

    ModelBase(String uid) {
      this(Uid.hand(uid));
    }

    private ModelBase(Uid handed) {
      uid = handed.arrived();
    }

    @Override
    public String uid() {
      return uid == null ? Uid.handed() : uid;
    }

    @Override
    public String explainParam(Param<?> param) {
      return Explained.of(this, param);
    }
  }

  /** Gives a stage that was read what stands beside Spark's metadata. */
  interface Reader<T> {
    /** Completes the stage from this folder. */
    void complete(T stage, Path folder, Configuration hadoop);
  }

  /**
   * Writes an estimator's class, uid and params as Spark does.
   *
   * @param warm the model in memory that it starts from, which is written as well; null for none
   */
  static MLWriter warmWriter(Params estimator, FittedModel warm) {
    return new Writer(estimator, warm, ModelFiles.WARM);
  }

  /**
   * Writes a model's class, uid and params as Spark does, and then the project's own files, with
   * the rule for bad rows that the param has: whoever reads these alone goes by it, too.
   */
  static MLWriter writer(NeuralNetworkParams model, Fit fit) {
    return new Writer(model, fit.model(Fitting.invalid(model)), ModelFiles.FOLDER);
  }

  private static final class Writer extends MLWriter {
    private final Params stage;
    private final FittedModel model;
    private final String folder;

    Writer(Params stage, FittedModel model, String folder) {
      this.stage = stage;
      this.model = model;
      this.folder = folder;
    }

    @Override
    public void saveImpl(String path) {
      try {
        new DefaultParamsWriter(stage).session(sparkSession()).save(path);
        if (model != null) {
          ModelFiles.write(
              model, new Path(path, folder), sparkSession().sparkContext().hadoopConfiguration());
        }
      } catch (IOException e) {
        throw thrown(e); // as MLWriter.save declares
      }
    }
  }

  /** Reads what a writer of ours wrote; a folder of another class is refused as Spark does. */
  static <T> MLReader<T> reader(Class<T> type, Reader<T> more) {
    return new MLReader<>() {
      @Override
      public T load(String path) {
        Object read = stage(path, type, sparkSession());
        if (!type.isInstance(read)) {
          throw ofAnotherClass(path, read.getClass().getName(), type, null);
        }
        T stage = type.cast(read);
        more.complete(stage, new Path(path), sparkSession().sparkContext().hadoopConfiguration());
        return stage;
      }
    };
  }

  /** Spark makes any class that has the constructor of ours; a PipelineModel has not. */
  private static Object stage(String path, Class<?> type, SparkSession session) {
    try {
      DefaultParamsReader<Object> reader = new DefaultParamsReader<>();
      reader.session(session);
      return reader.load(path);
    } catch (Exception e) {
      if (e instanceof NoSuchMethodException) {
        String name = String.valueOf(e.getMessage()).replaceFirst("\\.<init>.*", "");
        throw ofAnotherClass(path, name, type, e);
      }
      throw thrown(e);
    }
  }

  private static IllegalArgumentException ofAnotherClass(
      String path, String found, Class<?> type, Exception cause) {
    return new IllegalArgumentException(
        "%s holds a %s, not a %s: load it by its own class".formatted(path, found, type.getName()),
        cause);
  }

  /** Sets a param; Spark's own setter is final and protected in Scala. */
  static <T> void set(Params stage, Param<T> param, T value) {
    stage.set(param, value);
  }

  /** Gives a param a default. */
  static <T> void setDefault(Params stage, Param<T> param, T value) {
    stage.setDefault(param, value);
  }

  /** What a param holds. */
  static <T> T value(Params stage, Param<T> param) {
    return stage.getOrDefault(param);
  }

  /**
   * Throws an exception that Java has to declare and Scala has not, as Spark does.
   *
   * @return never; for {@code throw SparkMl.thrown(...)}
   */
  static RuntimeException thrown(Exception e) {
    SparkMl.<RuntimeException>undeclared(e);
    return new IllegalStateException(e);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Exception> void undeclared(Exception e) throws E {
    throw (E) e;
  }
}
