package dev.schuss.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.TestSpark;
import dev.schuss.data.Columns;
import dev.schuss.data.DataException;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.Persist;
import dev.schuss.data.Prepared;
import dev.schuss.data.Recipe;
import dev.schuss.model.Invalid;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Task;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be trained on, or scored: Spark's exceptions, with the values. */
class BadInputTest {
  private static final Row GOOD = Rows.row(1.0, 0, 1);
  private static final Row GOOD_TOO = Rows.row(0.0, 1, 1);
  private static final Row NAN = Rows.row(1.0, Double.NaN, 1);
  private static final Row INFINITE = Rows.row(1.0, 1, Double.NEGATIVE_INFINITY);
  private static final Row NO_FEATURES = RowFactory.create(null, 0.0);
  private static final Row NO_LABEL = RowFactory.create(Vectors.dense(1, 0), null);
  private static final Row NAN_LABEL = Rows.row(Double.NaN, 1, 0);

  private static final Vector ZERO_ONE = Vectors.dense(0, 1);

  private static NeuralNetworkClassifier classifier() {
    return new NeuralNetworkClassifier().setLayers(new int[] {2, 2}).setMaxIter(1);
  }

  private static Dataset<Row> with(Row bad) {
    return Rows.table(GOOD, GOOD_TOO, bad);
  }

  /** Good rows to train on, and this one to validate on. */
  private static Dataset<Row> marked(Row validation) {
    return Rows.table(GOOD, GOOD_TOO)
        .withColumn("v", functions.lit(false))
        .union(Rows.table(validation).withColumn("v", functions.lit(true)));
  }

  @Test
  void badRowsAreErrorsThatNameThem() {
    assertRowRefused(NAN, "features[0]", "NaN");
    assertRowRefused(INFINITE, "features[1]", "-Infinity");
    assertRowRefused(NO_FEATURES, "features", "missing");
    assertRowRefused(NO_LABEL, "label", "missing");
    assertRowRefused(NAN_LABEL, "label", "NaN");
  }

  private static void assertRowRefused(Row bad, String... said) {
    assertThatThrownBy(() -> classifier().fit(with(bad)))
        .isInstanceOf(SparkException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(said));
  }

  /** As where a function of the user's, of which a column is made, fails on some rows. */
  @Test
  void aSecondLookThatFailsDoesNotHideTheFirstError() {
    DataException first = new DataException("features[0]: NaN is not a finite number");
    IllegalStateException failed = new IllegalStateException("a UDF");
    assertThat(
            Fitting.plainest(
                first,
                () -> {
                  throw failed;
                }))
        .isSameAs(first)
        .hasSuppressedException(failed);
    IllegalArgumentException plain = new IllegalArgumentException("layers");
    assertThat(
            Fitting.plainest(
                first,
                () -> {
                  throw plain;
                }))
        .isSameAs(plain);
    assertThat(Fitting.plainest(first, () -> {})).isSameAs(first);
  }

  @Test
  void badRowsAreLeftOutOrKept() {
    for (Row bad : List.of(NAN, INFINITE, NO_FEATURES, NO_LABEL, NAN_LABEL)) {
      NeuralNetworkClassificationModel model = classifier().setHandleInvalid("skip").fit(with(bad));
      assertThat(model.summary().skippedRows()).isEqualTo(1);
      boolean scored = bad == NO_LABEL || bad == NAN_LABEL;
      assertThat(model.transform(with(bad)).count()).isEqualTo(scored ? 3 : 2);
    }
    for (Row bad : List.of(NAN, INFINITE, NO_FEATURES)) {
      NeuralNetworkClassificationModel model = classifier().setHandleInvalid("keep").fit(with(bad));
      assertThat(model.transform(with(bad)).count()).isEqualTo(3);
      assertThat(model.summary().skippedRows()).isZero();
    }
    for (Row bad : List.of(NO_LABEL, NAN_LABEL)) {
      assertThatThrownBy(() -> classifier().setHandleInvalid("keep").fit(with(bad)))
          .isInstanceOf(SparkException.class)
          .hasMessageContaining("label");
    }
  }

  /** Wherever it lies: before the first good row, and alone in its partition. */
  @Test
  void aRowWithoutFeaturesIsKeptAnywhere() {
    Dataset<Row> rows = Rows.table(NO_FEATURES, GOOD, GOOD_TOO);
    for (int partitions : new int[] {1, 3}) {
      NeuralNetworkClassificationModel model =
          classifier().setHandleInvalid("keep").fit(rows.repartition(partitions));
      assertThat(model.summary().skippedRows()).isZero();
    }
    assertThat(classifier().setHandleInvalid("keep").fit(rows).transform(rows).count())
        .isEqualTo(3);
    Dataset<Row> arrays =
        rows.withColumn(
            "features", functions.expr("if(features is null, null, array(1.0D, 2.0D))"));
    Dataset<Row> bytes =
        rows.withColumn("features", functions.expr("if(features is null, null, X'0102')"));
    for (Dataset<Row> others : List.of(arrays, bytes)) {
      Recipe recipe =
          new Recipe(
              new Columns(List.of("features"), List.of("label"), null, null),
              Task.CLASSIFICATION,
              Scaling.none(),
              null,
              Invalid.KEEP,
              Persist.MEMORY_AND_DISK,
              0,
              0,
              1,
              2);
      try (Prepared prepared = DataPreparation.training(others, recipe)) {
        assertThat(prepared.train().rows()).isEqualTo(3);
        assertThat(prepared.preprocessing().width()).isEqualTo(2);
      }
    }
  }

  @Test
  void regressorsAndAutoencodersTakeBadRowsAlike() {
    NeuralNetworkRegressor regressor =
        new NeuralNetworkRegressor().setLayers(new int[] {2, 1}).setMaxIter(1);
    Autoencoder autoencoder = new Autoencoder().setLayers(new int[] {2, 1, 2}).setMaxIter(1);
    for (Row bad : List.of(NAN, NO_FEATURES, INFINITE)) {
      for (String rule : List.of("error", "skip", "keep")) {
        regressor.setHandleInvalid(rule);
        autoencoder.setHandleInvalid(rule);
        if ("error".equals(rule)) {
          assertThatThrownBy(() -> regressor.fit(with(bad))).isInstanceOf(SparkException.class);
          assertThatThrownBy(() -> autoencoder.fit(with(bad))).isInstanceOf(SparkException.class);
        } else {
          int rows = "skip".equals(rule) ? 2 : 3;
          assertThat(regressor.fit(with(bad)).transform(with(bad)).count()).isEqualTo(rows);
          assertThat(autoencoder.fit(with(bad)).transform(with(bad)).count()).isEqualTo(rows);
        }
      }
    }
    for (Row bad : List.of(NO_LABEL, NAN_LABEL)) {
      assertThat(regressor.setHandleInvalid("skip").fit(with(bad)).summary().skippedRows())
          .isEqualTo(1);
      for (String rule : List.of("error", "keep")) {
        assertThatThrownBy(() -> regressor.setHandleInvalid(rule).fit(with(bad)))
            .isInstanceOf(SparkException.class)
            .hasMessageContaining("label");
      }
    }
  }

  /** The model has the param, too, and its own value of it. */
  @Test
  void badRowsAreScoredAsTheModelSays() {
    NeuralNetworkClassificationModel model = classifier().fit(with(GOOD));
    assertThatThrownBy(() -> model.transform(with(NAN)).collectAsList())
        .isInstanceOf(SparkException.class)
        .hasStackTraceContaining("features[0]")
        .hasStackTraceContaining("NaN")
        .hasStackTraceContaining("or set handleInvalid to skip or keep");
    model.set(model.handleInvalid(), "keep");
    assertThat(Rows.vectors(model.transform(with(NAN)), "rawPrediction").get(2))
        .isEqualTo(model.predictRaw(Vectors.dense(0, 1)));
    model.set(model.handleInvalid(), "skip");
    assertThat(model.transform(with(NAN)).count()).isEqualTo(2);
    model.set(model.handleInvalid(), "error");
    assertThatThrownBy(() -> model.transform(with(Rows.row(0.0, 1, 2, 3))).collectAsList())
        .isInstanceOf(SparkException.class)
        .hasStackTraceContaining("3 values, but 2 are expected");
  }

  @Test
  void oneRowIsPredictedByTheRuleOfTheModel() {
    Vector nan = Vectors.dense(Double.NaN, 1);
    NeuralNetworkClassificationModel model = classifier().fit(with(GOOD));
    assertThatThrownBy(() -> model.predictRaw(nan)).isInstanceOf(IllegalArgumentException.class);
    model.set(model.handleInvalid(), "keep");
    assertThat(model.predictRaw(nan))
        .isEqualTo(Rows.vectors(model.transform(Rows.table(NAN)), "rawPrediction").get(0));
    for (String rule : List.of("error", "skip")) {
      model.set(model.handleInvalid(), rule);
      assertThatThrownBy(() -> model.predictRaw(nan))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("features[0] = NaN");
    }
    NeuralNetworkRegressionModel regression =
        new NeuralNetworkRegressor().setLayers(new int[] {2, 1}).setMaxIter(1).fit(with(GOOD));
    regression.set(regression.handleInvalid(), "keep");
    assertThat(regression.predictVector(nan)).isEqualTo(regression.predictVector(ZERO_ONE));
    AutoencoderModel autoencoder =
        new Autoencoder().setLayers(new int[] {2, 1, 2}).setMaxIter(1).fit(with(GOOD));
    autoencoder.set(autoencoder.handleInvalid(), "keep");
    assertThat(autoencoder.predict(nan)).isEqualTo(autoencoder.predict(ZERO_ONE));
  }

  @Test
  void aRowOfAnotherLengthIsToldByBothLengths() {
    AutoencoderModel model =
        new Autoencoder().setLayers(new int[] {2, 1, 2}).setMaxIter(1).fit(with(GOOD));
    for (double[] row : new double[][] {{1}, {1, 2, 3}}) {
      assertThatThrownBy(() -> model.predict(Vectors.dense(row)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a row of %d numbers, but the model takes 2".formatted(row.length));
    }
  }

  private record Case(
      String name, Consumer<NeuralNetworkClassifier> set, Dataset<Row> rows, String... said) {}

  @TestFactory
  Stream<DynamicTest> whatDoesNotGoTogether() {
    Dataset<Row> good = with(GOOD);
    return Stream.of(
            new Case("inputs", e -> e.setLayers(new int[] {3, 2}), good, "begins with 3", "are 2 "),
            new Case("outputs", e -> {}, with(Rows.row(4.0, 1, 0)), "2 outputs", "label 4", "5"),
            new Case("negative", e -> {}, with(Rows.row(-1.0, 1, 0)), "label", "-1"),
            new Case("fraction", e -> {}, with(Rows.row(0.5, 1, 0)), "label", "0.5"),
            new Case(
                "optimizer", e -> e.setOptimizer("raddam"), good, "raddam", "did you mean radam"),
            new Case("key", e -> e.setOptimizer("rule = adam, beta = 1"), good, "beta", "beta1"),
            new Case("schedule", e -> e.setSchedule("cosin"), good, "cosin", "cosine"),
            new Case(
                "activation",
                e -> e.setLayers(new int[] {2, 3, 2}).setActivation("rellu"),
                good,
                "rellu",
                "relu"),
            new Case(
                "activation of nothing",
                e -> e.setActivation("relu"),
                good,
                "activation = relu is of hidden layers, and layers = [2, 2] has none"),
            new Case(
                "dropout of nothing",
                e -> e.setDropout(0.5),
                good,
                "dropout = 0.5 is of hidden layers"),
            new Case("job", e -> e.setJob("trian { epochs = 1 }"), good, "trian", "train"),
            new Case("network", e -> e.setNetwork("layers = []"), good, "layers and network"),
            new Case(
                "solver",
                e -> e.setSolver("gd").setOptimizer("adam"),
                good,
                "solver = gd and an optimizer"),
            new Case("batch", e -> e.setSolver("gd").setBatchSize(7), good, "batchSize = 7", "gd"),
            new Case(
                "weights",
                e -> e.setInitialWeights(Vectors.dense(1, 2)),
                good,
                "initialWeights holds 2",
                "6"),
            new Case(
                "weight",
                e -> e.setInitialWeights(Vectors.dense(1, 2, 3, Double.NaN, 5, 6)),
                good,
                "initialWeights[3] = NaN"),
            new Case(
                "large weight",
                e -> e.setInitialWeights(Vectors.dense(1, 2, 3, 4, 5, 1e300)),
                good,
                "initialWeights[5] = 1.0E300"),
            new Case("missing", e -> e.setFeaturesCol("x"), good, "x", "features"),
            new Case("features", e -> e.setFeaturesCol("label"), good, "label", "double"),
            new Case(
                "label",
                e -> {},
                good.withColumn("label", functions.lit("yes")),
                "label",
                "string"),
            new Case("validation", e -> e.setValidationIndicatorCol("v"), good, "v does not exist"),
            new Case(
                "validation's type",
                e -> e.setValidationIndicatorCol("v"),
                good.withColumn("v", functions.lit(1)),
                "v must be true or false",
                "int"),
            new Case(
                "no training rows",
                e -> e.setValidationIndicatorCol("v"),
                good.withColumn("v", functions.lit(true)),
                "v is true in every row"),
            new Case(
                "plateau",
                e -> e.setOptimizer("adam").setSchedule("plateau"),
                good,
                "schedule needs validation rows: set validationIndicatorCol"),
            new Case(
                "network and job",
                e -> {
                  e.clear(e.layers());
                  e.setNetwork("layers = []").setJob("model { layers = [] }");
                },
                good,
                "model of job and network"),
            new Case(
                "activation and job",
                e -> {
                  e.clear(e.layers());
                  e.setActivation("relu").setJob("model { layers = [] }");
                },
                good,
                "activation and the block model of job"),
            new Case(
                "dropout and job",
                e -> {
                  e.clear(e.layers());
                  e.setDropout(0.1).setJob("model { layers = [] }");
                },
                good,
                "dropout and the block model of job"),
            new Case(
                "images",
                e -> {
                  e.clear(e.layers());
                  e.setNetwork("layers = [ { type = conv2d, channels = 2, kernel = 3 } ]");
                },
                good,
                "set input in the param network = [channels, height, width]"),
            new Case("taken", e -> e.setPredictionCol("label"), good, "label", "already exists"),
            new Case(
                "taken but for case",
                e -> e.setPredictionCol("LABEL"),
                good,
                "Column label already exists, and LABEL differs by case alone."),
            new Case(
                "a label of validation rows",
                e -> e.setValidationIndicatorCol("v"),
                marked(Rows.row(4.0, 1, 0)),
                "layers ends with 2 outputs, for the labels 0 to 1, but column label holds the label 4"),
            new Case(
                "a label of validation rows beside a network",
                e -> {
                  e.clear(e.layers());
                  e.setNetwork("layers = []").setValidationIndicatorCol("v");
                },
                marked(Rows.row(2.0, 1, 0)),
                "holds the label 2 in validation rows",
                "need 2 classes, not 3"),
            new Case(
                "a fraction in validation rows",
                e -> e.setValidationIndicatorCol("v"),
                marked(Rows.row(0.5, 1, 0)),
                "holds the label 0.5: labels must be 0, 1, 2"),
            new Case("patience", e -> e.setEarlyStoppingPatience(2), good, "needs validation rows"),
            new Case(
                "no validation rows",
                e -> e.setValidationIndicatorCol("v"),
                good.withColumn("v", functions.lit(false)),
                "v is true in no row"))
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.name,
                    () -> {
                      NeuralNetworkClassifier estimator = classifier();
                      c.set.accept(estimator);
                      assertThatThrownBy(() -> estimator.fit(c.rows))
                          .isInstanceOf(IllegalArgumentException.class)
                          .satisfies(e -> assertThat(e.getMessage()).contains(c.said));
                    }));
  }

  /** Before any work: the row that is bad is not even read. */
  @Test
  void aLossWithoutProbabilitiesIsRefused() {
    assertThatThrownBy(
            () ->
                new NeuralNetworkClassifier()
                    .setNetwork("layers = [], loss = { kind = multiclass-hinge }")
                    .fit(with(NAN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Hinge");
  }

  @Test
  void rowsWithoutAMarkAreForTraining() {
    Dataset<Row> rows = with(GOOD).withColumn("a.b", functions.lit(null).cast("boolean"));
    Dataset<Row> marked = rows.union(with(GOOD).withColumn("a.b", functions.lit(true)));
    NeuralNetworkTrainingSummary summary =
        classifier().setValidationIndicatorCol("a.b").setSolver("gd").fit(marked).summary();
    assertThat(summary.result().rows()).isEqualTo(3);
    assertThat(summary.validationHistory()).containsKey("loss");
  }

  @Test
  void aModelToStartFromIsNamedOnce() {
    NeuralNetworkClassificationModel model = classifier().fit(with(GOOD));
    for (Consumer<NeuralNetworkClassifier> other :
        List.<Consumer<NeuralNetworkClassifier>>of(
            e -> e.setInitialWeights(model.weights()),
            e -> e.setInitialModel("folder"),
            e -> {
              e.clear(e.layers());
              e.setJob("model { layers = [], from = folder }");
            })) {
      NeuralNetworkClassifier estimator = classifier().setInitialModel(model);
      other.accept(estimator);
      assertThatThrownBy(() -> estimator.fit(with(GOOD)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the model of setInitialModel(model) are both set");
    }
  }

  /** Rather the model is the wrong one than each row is bad. */
  @Test
  void aModelOfAnotherLengthIsToldByBothLengths() {
    NeuralNetworkClassificationModel model = classifier().fit(with(GOOD));
    Dataset<Row> three = Rows.table(Rows.row(0.0, 1, 2, 3), Rows.row(1.0, 3, 2, 1));
    for (String rule : List.of("error", "skip", "keep")) {
      NeuralNetworkClassifier estimator =
          classifier().setLayers(new int[] {3, 2}).setInitialModel(model).setHandleInvalid(rule);
      assertThatThrownBy(() -> estimator.fit(three))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("it takes 2 inputs, but there are 3 numbers in column features");
    }
    NeuralNetworkClassifier more = classifier().setInitialModel(model);
    assertThatThrownBy(() -> more.fit(with(Rows.row(0.0, 1, 2, 3)))) // that row is bad
        .isInstanceOf(SparkException.class)
        .hasMessageContaining("3 values, but 2 are expected");
  }

  /** How many, beside the stage; the first of them, to whoever asks. */
  @Test
  void rowsThatAreLeftOutOfPredictionsAreCounted() throws Exception {
    NeuralNetworkClassificationModel model = classifier().setHandleInvalid("skip").fit(with(NAN));
    SparkContext context = TestSpark.session().sparkContext();
    Queue<String> counted = new ConcurrentLinkedQueue<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onStageCompleted(SparkListenerStageCompleted stage) {
            counted.add(stage.stageInfo().accumulables().values().mkString(" "));
          }
        };
    context.addSparkListener(listener);
    try {
      assertThat(model.transform(with(NAN).union(with(INFINITE))).count()).isEqualTo(4);
      context.listenerBus().waitUntilEmpty();
    } finally {
      context.removeSparkListener(listener);
    }
    assertThat(counted)
        .anySatisfy(
            values ->
                assertThat(values)
                    .contains("Some(rows left out by " + model.uid() + "),None,Some(2)"));
  }

  @Test
  void whatCannotBeEvaluatedIsToldAsWhatCannotBeFitted() {
    NeuralNetworkClassificationModel model = classifier().fit(with(GOOD));
    assertThatThrownBy(() -> model.evaluate(with(GOOD).drop("label")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label does not exist");
    assertThatThrownBy(() -> model.evaluate(with(GOOD).withColumn("label", functions.lit("yes"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label must be a number but was actually of type string");
    assertThatThrownBy(() -> model.evaluate(with(GOOD).withColumn("features", functions.lit(1.0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("features must be a vector");
    assertThatThrownBy(() -> model.evaluate(with(NAN)))
        .isInstanceOf(SparkException.class)
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> model.evaluate(with(Rows.row(7.0, 1, 2))))
        .isInstanceOf(SparkException.class)
        .hasMessageContaining("7");
    model.set(model.weightCol(), "w");
    assertThatThrownBy(() -> model.evaluate(with(GOOD)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("w does not exist");
  }

  @Test
  void aTableWithoutRowsIsRefused() {
    assertThatThrownBy(() -> classifier().fit(Rows.table()))
        .isInstanceOfAny(SparkException.class, IllegalArgumentException.class)
        .hasMessageContaining("row");
  }

  @Test
  void badWeightsAreRefused() {
    Dataset<Row> rows =
        TestSpark.session()
            .createDataFrame(
                List.of(
                    RowFactory.create(Vectors.dense(1, 2), 0.0, -2.5),
                    RowFactory.create(Vectors.dense(2, 2), 1.0, 1.0)),
                Rows.LABELLED.add("w", DataTypes.DoubleType));
    assertThatThrownBy(() -> classifier().setWeightCol("w").fit(rows))
        .isInstanceOf(SparkException.class)
        .hasMessageContaining("-2.5");
    Dataset<Row> missing = rows.withColumn("w", functions.expr("if(w < 0, null, w)"));
    for (String rule : List.of("error", "keep")) {
      assertThatThrownBy(() -> classifier().setWeightCol("w").setHandleInvalid(rule).fit(missing))
          .isInstanceOf(SparkException.class)
          .hasMessageContaining("column w: missing value");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maxIter=0", "tol=-1.0", "stepSize=0.0", "solver=newton", "handleInvalid=drop",
        "dropout=1.0", "aggregationDepth=1", "checkpointInterval=0", "batchSize=0", "reduction=mesh"
      })
  void valuesOutOfRangeAreRefusedAtOnce(String assignment) {
    String[] parts = assignment.split("=", -1);
    NeuralNetworkClassifier estimator = classifier();
    Object value =
        parts[1].matches("-?\\d+")
            ? (Object) Integer.valueOf(parts[1])
            : parts[1].matches("-?[\\d.]+") ? (Object) Double.valueOf(parts[1]) : parts[1];
    assertThatThrownBy(() -> estimator.set(estimator.getParam(parts[0]), value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(parts[0])
        .hasMessageContaining(parts[1]);
    assertThatThrownBy(() -> estimator.setLayers(new int[] {2, 0, 2}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
