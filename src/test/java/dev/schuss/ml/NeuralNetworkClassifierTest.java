package dev.schuss.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.TestSpark;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Predictor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What MLlib expects of its MultilayerPerceptronClassifier, of ours. */
class NeuralNetworkClassifierTest {

  private static NeuralNetworkClassifier classifier(int... layers) {
    return new NeuralNetworkClassifier().setLayers(layers);
  }

  @Test
  void learnsTheExclusiveOr() {
    NeuralNetworkClassificationModel model =
        classifier(2, 5, 2).setBlockSize(1).setMaxIter(100).setSolver("l-bfgs").fit(Rows.xor());
    Dataset<Row> out = model.transform(Rows.xor());
    assertThat(Rows.numbers(out, "prediction")).isEqualTo(Rows.numbers(Rows.xor(), "label"));
    assertThat(out.columns())
        .containsExactly("features", "label", "rawPrediction", "probability", "prediction");
    assertThat(Rows.vectors(out, "probability"))
        .allSatisfy(p -> assertThat(Arrays.stream(p.toArray()).sum()).isCloseTo(1, within(1e-12)));
    assertThat(model.summary().totalIterations()).isBetween(2, 100);
    double[] objective = model.summary().objectiveHistory();
    assertThat(objective)
        .hasSize(model.summary().totalIterations() + 1)
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(objective[objective.length - 1]).isLessThan(0.1 * objective[0]);
  }

  @Test
  void isCloseToTheLogisticModel() {
    Dataset<Row> rows = Rows.multinomial(1000, 42).cache();
    List<Double> theirs =
        Rows.numbers(new LogisticRegression().fit(rows).transform(rows), "prediction");
    NeuralNetworkClassificationModel same = classifier(4, 3).setMaxIter(200).fit(rows);
    assertThat(same(same, rows, theirs)).isGreaterThan(980); // it is the logistic model
    NeuralNetworkClassificationModel model = classifier(4, 5, 4, 3).setSeed(3).fit(rows);
    assertThat(same(model, rows, theirs)).isGreaterThan(850); // MLlib's: 700 to 950 by the seed
    assertThat(model.numClasses()).isEqualTo(3);
    assertThat(model.numFeatures()).isEqualTo(4);
    rows.unpersist();
  }

  private static long same(
      NeuralNetworkClassificationModel model, Dataset<Row> rows, List<Double> theirs) {
    List<Double> ours = Rows.numbers(model.transform(rows), "prediction");
    return IntStream.range(0, ours.size()).filter(i -> ours.get(i).equals(theirs.get(i))).count();
  }

  @Test
  void predictsOneRowAsItDoesMany() {
    Dataset<Row> rows = Rows.multinomial(50, 1);
    NeuralNetworkClassificationModel model = classifier(4, 6, 3).setMaxIter(5).fit(rows);
    Dataset<Row> out = model.transform(rows);
    for (Row row : out.collectAsList()) {
      Vector features = row.getAs("features");
      assertThat(model.predict(features)).isEqualTo(row.<Double>getAs("prediction"));
      assertThat(model.predictRaw(features)).isEqualTo(row.getAs("rawPrediction"));
      close(model.predictProbability(features), row.getAs("probability"), 1e-12);
    }
  }

  /** A network's weights mean the same in MLlib and here. */
  @Test
  void takesAndGivesWeightsInTheOrderOfMllib() {
    Dataset<Row> rows = Rows.multinomial(100, 5);
    MultilayerPerceptronClassificationModel theirs =
        new MultilayerPerceptronClassifier()
            .setLayers(new int[] {4, 5, 6, 3})
            .setMaxIter(20)
            .setSeed(1)
            .fit(rows);
    NeuralNetworkClassificationModel ours =
        classifier(4, 5, 6, 3)
            .setInitialWeights(theirs.weights())
            .setSolver("gd")
            .setStepSize(1e-12)
            .setMaxIter(1)
            .fit(rows);
    close(ours.weights(), theirs.weights(), 1e-6);
    List<Vector> a = Rows.vectors(ours.transform(rows), "probability");
    List<Vector> b = Rows.vectors(theirs.transform(rows), "probability");
    for (int i = 0; i < a.size(); i++) {
      close(a.get(i), b.get(i), 1e-5);
    }
    double[] objective = ours.summary().objectiveHistory();
    assertThat(objective[0])
        .isCloseTo(theirs.summary().objectiveHistory()[20], within(1e-3 * objective[0]));
  }

  private static void close(Vector a, Vector b, double tolerance) {
    assertThat(a.toArray()).hasSize(b.size());
    for (int i = 0; i < b.size(); i++) {
      assertThat(a.apply(i)).isCloseTo(b.apply(i), within(tolerance));
    }
  }

  @Test
  void goesOnFromItsOwnWeights() {
    Dataset<Row> rows = Rows.multinomial(200, 6);
    NeuralNetworkClassificationModel first = classifier(4, 8, 3).setMaxIter(5).fit(rows);
    NeuralNetworkClassificationModel more =
        classifier(4, 8, 3).setInitialWeights(first.weights()).setMaxIter(5).fit(rows);
    double end = last(first.summary().objectiveHistory());
    assertThat(more.summary().objectiveHistory()[0]).isCloseTo(end, within(1e-5));
    assertThat(last(more.summary().objectiveHistory())).isLessThan(end);
    assertThat(classifier(4, 8, 3).setInitialModel(first).setMaxIter(5).fit(rows).weights())
        .isEqualTo(more.weights());
  }

  private static double last(double[] values) {
    return values[values.length - 1];
  }

  @Test
  void keepsTheLabelsNamesForIndexToString(@TempDir Path temp) throws IOException {
    Dataset<Row> rows =
        Rows.xor()
            .withColumn(
                "name", functions.when(functions.col("label").equalTo(1), "odd").otherwise("even"))
            .drop("label");
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new StringIndexer().setInputCol("name").setOutputCol("label"),
                  classifier(2, 8, 2),
                  new IndexToString().setInputCol("prediction").setOutputCol("said")
                });
    PipelineModel fitted = pipeline.fit(rows);
    for (Row row : fitted.transform(rows).collectAsList()) {
      assertThat(row.<String>getAs("said")).isEqualTo(row.getAs("name"));
    }
    NeuralNetworkClassificationModel model = (NeuralNetworkClassificationModel) fitted.stages()[1];
    assertThat(model.classNames()).containsExactly("even", "odd");
    String folder = temp.resolve("model").toString();
    model.save(folder);
    assertThat(NeuralNetworkClassificationModel.load(folder).classNames())
        .isEqualTo(model.classNames());
    Predictor predictor = Predictor.load(temp.resolve("model/model")); // without Spark
    assertThat(predictor.label(new double[] {0, 1})).isEqualTo("odd");
    assertThat(model.evaluate(fitted.stages()[0].transform(rows)).get("accuracy")).isEqualTo(1);
  }

  /** Names of the label column's metadata, fewer or more than there are classes. */
  @Test
  void hasANameForEachClassOrNone() {
    assertThat(classifier(2, 2).setMaxIter(1).fit(Rows.xor()).classNames()).isEmpty();
    NominalAttribute three =
        NominalAttribute.defaultAttr().withValues(new String[] {"a", "b", "c"});
    Dataset<Row> named =
        Rows.xor()
            .withColumn(
                "label", functions.col("label").as("label", three.withName("label").toMetadata()));
    assertThat(classifier(2, 2).setMaxIter(1).fit(named).classNames()).containsExactly("a", "b");
    assertThat(classifier(2, 4).setMaxIter(1).fit(named).classNames())
        .containsExactly("a", "b", "c", "3");
    assertThat(
            new NeuralNetworkClassifier()
                .setNetwork("layers = []")
                .setMaxIter(1)
                .fit(named)
                .classNames())
        .containsExactly("a", "b", "c");
  }

  /** A class without a name has one that no other class has. */
  @Test
  void makesNamesThatTellClassesApart() {
    assertThat(names(4, "2", "1")).containsExactly("2", "1", "class 2", "class 3");
    assertThat(names(3, "2.0", "1")).containsExactly("2.0", "1", "class 2");
    assertThat(names(3, "0", "b")).containsExactly("0", "b", "2");
    assertThat(names(3, "class 2", "7")).containsExactly("class 2", "7", "class class 2");
    assertThat(names(2, "b", "a", "c")).containsExactly("b", "a");
  }

  private static List<String> names(int classes, String... given) {
    return Classes.chosen("label", new int[] {2, classes}, given)
        .apply(ClassLabels.of(0, 1))
        .names();
  }

  /** Labels are indexes here, whatever the classes are called. */
  @Test
  void evaluatesAndValidatesByIndexes() {
    NominalAttribute turned = NominalAttribute.defaultAttr().withValues(new String[] {"1", "0"});
    Dataset<Row> named =
        Rows.xor()
            .withColumn(
                "label", functions.col("label").as("label", turned.withName("label").toMetadata()))
            .withColumn("held", functions.lit(false));
    NeuralNetworkClassificationModel model =
        classifier(2, 8, 2)
            .setValidationIndicatorCol("held")
            .fit(named.union(named.withColumn("held", functions.lit(true))));
    assertThat(model.classNames()).containsExactly("1", "0");
    assertThat(model.evaluate(Rows.xor()).get("accuracy")).isEqualTo(1);
    double[] accuracy = model.summary().validationHistory().get("accuracy");
    assertThat(last(accuracy)).isEqualTo(1);
  }

  @Test
  void saysHowManyClassesThePredictionHas() {
    NeuralNetworkClassificationModel model = classifier(2, 3).setMaxIter(1).fit(Rows.xor());
    StructType schema = model.transformSchema(Rows.LABELLED);
    Dataset<Row> out = model.transform(Rows.xor());
    for (String column : new String[] {"prediction", "probability", "rawPrediction"}) {
      assertThat(out.schema().apply(column).metadata())
          .as(column)
          .isEqualTo(schema.apply(column).metadata());
    }
    assertThat(out.schema().apply("prediction").metadata().json()).contains("\"num_vals\":3");
  }

  @Test
  void respectsThresholds() {
    Dataset<Row> rows = Rows.multinomial(200, 9);
    NeuralNetworkClassificationModel model = classifier(4, 5, 3).setMaxIter(20).fit(rows);
    assertThat(Rows.numbers(model.transform(rows), "prediction")).contains(0.0, 1.0);
    model.setThresholds(new double[] {1, 0, 1});
    assertThat(Rows.numbers(model.transform(rows), "prediction")).containsOnly(1.0);
    double[] thresholds = {0.2, 0.5, 0.3};
    model.setThresholds(thresholds);
    for (Row row : model.transform(rows).collectAsList()) {
      double[] p = row.<Vector>getAs("probability").toArray();
      double prediction = row.<Double>getAs("prediction");
      for (int i = 0; i < 3; i++) {
        assertThat(p[i] / thresholds[i])
            .isLessThanOrEqualTo(p[(int) prediction] / thresholds[(int) prediction]);
      }
      assertThat(model.predict(row.getAs("features"))).isEqualTo(prediction);
    }
  }

  @Test
  void takesWeightsAsRowsThatAreThereSoOften() {
    List<Row> rows = Rows.multinomial(60, 11).collectAsList();
    List<Row> repeated = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      for (int k = 0; k < i % 4; k++) {
        repeated.add(rows.get(i));
      }
    }
    List<Row> withWeight = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      withWeight.add(RowFactory.create(rows.get(i).get(0), rows.get(i).get(1), i % 4));
    }
    Dataset<Row> weighted =
        TestSpark.session().createDataFrame(withWeight, Rows.LABELLED.add("w", "int"));
    NeuralNetworkClassifier estimator =
        classifier(4, 5, 3).setSolver("gd").setStepSize(0.1).setMaxIter(10);
    Vector duplicated = estimator.fit(Rows.table(repeated.toArray(Row[]::new))).weights();
    close(estimator.setWeightCol("w").fit(weighted).weights(), duplicated, 1e-5);
    assertThat(estimator.setWeightCol("").fit(weighted).weights()).isNotEqualTo(duplicated);
  }

  @ParameterizedTest
  @ValueSource(strings = {"byte", "float", "decimal(10,0)"})
  void takesLabelsOfAnyNumericType(String type) {
    Dataset<Row> rows = Rows.xor();
    Dataset<Row> cast = rows.withColumn("label", functions.col("label").cast(type));
    NeuralNetworkClassifier estimator = classifier(2, 2).setMaxIter(3);
    assertThat(estimator.fit(cast).weights()).isEqualTo(estimator.fit(rows).weights());
  }

  @Test
  void hasAsManyClassesAsItsLastLayerSays() {
    assertThat(classifier(2, 3, 7).setMaxIter(2).fit(Rows.xor()).numClasses()).isEqualTo(7);
    NeuralNetworkClassificationModel model =
        new NeuralNetworkClassifier().setNetwork("layers = []").setMaxIter(2).fit(Rows.xor());
    assertThat(model.numClasses()).isEqualTo(2);
  }

  @Test
  void leavesOutColumnsWithoutAName() {
    NeuralNetworkClassificationModel model = classifier(2, 2).setMaxIter(2).fit(Rows.xor());
    model.setRawPredictionCol("").setProbabilityCol("p");
    assertThat(model.transform(Rows.xor()).columns())
        .containsExactly("features", "label", "p", "prediction");
    model.setProbabilityCol("").setPredictionCol("");
    assertThat(model.transform(Rows.xor()).columns()).containsExactly("features", "label");
  }

  @Test
  void scoresWithTheSlowWeightsOfLookahead() {
    Dataset<Row> rows = Rows.multinomial(64, 2);
    NeuralNetworkClassifier estimator =
        classifier(4, 3)
            .setOptimizer("rule = sgd, learningRate = 0.5, lookahead { every = 100, alpha = 0.5 }")
            .setBatchSize(8)
            .setEpochs(2);
    Vector start =
        classifier(4, 3).setSolver("gd").setStepSize(1e-12).setMaxIter(1).fit(rows).weights();
    close(estimator.fit(rows).weights(), start, 1e-6); // 16 updates: the slow weights never moved
    assertThat(estimator.setOptimizer("rule = sgd, learningRate = 0.5").fit(rows).weights())
        .isNotEqualTo(start);
  }

  @Test
  void trainsByMinibatchesOfAnyRule() {
    Dataset<Row> rows = Rows.multinomial(300, 8);
    NeuralNetworkClassificationModel model =
        classifier(4, 16, 3)
            .setActivation("relu")
            .setDropout(0.1)
            .setOptimizer("radam")
            .setStepSize(0.02)
            .setSchedule("cosine")
            .setBatchSize(32)
            .setEpochs(4)
            .fit(rows);
    NeuralNetworkTrainingSummary summary = model.summary();
    assertThat(summary.totalIterations()).isEqualTo(4);
    assertThat(summary.objectiveHistory()).hasSize(4);
    assertThat(summary.learningRates()[0]).isBetween(0.01, 0.02);
    assertThat(summary.learningRates()[3]).isLessThan(0.001);
    assertThat(summary.bestIteration()).isEqualTo(-1);
    assertThat(summary.time().rounds()).isPositive();
    assertThat(summary.result().steps()).isEqualTo(40);
    assertThat(model.model().network().hidden()).hasSize(2);
    assertThat(model.evaluate(rows)).containsKeys("loss", "accuracy");
  }

  @Test
  void validatesOnTheRowsThatAreMarked() {
    Dataset<Row> rows =
        Rows.multinomial(200, 4)
            .withColumn("held", functions.hash(functions.col("features")).mod(4).equalTo(0));
    NeuralNetworkClassificationModel model =
        classifier(4, 32, 3)
            .setOptimizer("rule = adam, learningRate = 0.05")
            .setEpochs(30)
            .setValidationIndicatorCol("held")
            .setEarlyStoppingPatience(3)
            .fit(rows);
    NeuralNetworkTrainingSummary summary = model.summary();
    double[] losses = summary.validationHistory().get("loss");
    assertThat(losses).hasSize(summary.totalIterations());
    assertThat(losses[summary.bestIteration()])
        .isEqualTo(Arrays.stream(losses).min().orElseThrow());
    assertThat(model.evaluate(rows.filter("held")).get("loss"))
        .isCloseTo(losses[summary.bestIteration()], within(1e-9));
    assertThat(summary.result().rows() / summary.totalIterations())
        .isEqualTo(rows.filter("not held").count());
  }

  @Test
  void goesOnFromACheckpoint(@TempDir Path temp) {
    Dataset<Row> rows = Rows.multinomial(90, 12);
    NeuralNetworkClassifier estimator =
        classifier(4, 8, 3).setOptimizer("adam").setBatchSize(30).setReduction("ordered");
    Vector straight = estimator.setEpochs(4).fit(rows).weights();
    estimator.setCheckpointDir(temp.toString()).setEpochs(2).fit(rows);
    NeuralNetworkClassificationModel model = estimator.setEpochs(4).fit(rows);
    assertThat(model.summary().result().checkpoints().resumedAt()).isEqualTo(6);
    assertThat(model.summary().objectiveHistory()).hasSize(4);
    assertThat(model.weights()).isEqualTo(straight);
    assertThatThrownBy(() -> estimator.setSeed(77).fit(rows))
        .isInstanceOf(SparkException.class)
        .hasMessageContaining("77")
        .hasMessageContaining("another checkpointDir, or start anew with resume = never")
        .hasMessageNotContaining("--set");
    assertThat(estimator.setResume("never").fit(rows).summary().result().checkpoints().resumedAt())
        .isNull();
  }

  @Test
  void choosesTheSolverByTheRows() {
    NeuralNetworkClassifier auto = classifier(2, 2);
    Fragments.Job none = Fragments.Job.NONE;
    assertThat(Method.of(auto, none, false, Method.MANY - 1).fullBatch()).isTrue();
    Method many = Method.of(auto, none, false, Method.MANY);
    assertThat(many.fullBatch()).isFalse();
    assertThat(many.settings().epochs()).isEqualTo(Method.AUTO_EPOCHS);
    assertThat(many.settings().batchSize()).isEqualTo(Method.AUTO_BATCH);
    assertThat(
            Method.of(classifier(2, 2).setMaxIter(1), none, false, Method.MANY).settings().epochs())
        .isEqualTo(1);
    assertThat(Method.of(classifier(2, 2).setEpochs(7), none, false, 50).settings())
        .satisfies(s -> assertThat(s.epochs()).isEqualTo(7))
        .satisfies(s -> assertThat(s.batchSize()).isEqualTo(50));
    assertThat(
            Method.of(classifier(2, 2).setSolver("l-bfgs"), none, false, 100_000)
                .settings()
                .batchSize())
        .isEqualTo(100_000);
  }

  @Test
  void takesBlocksOfAJobFile() {
    NeuralNetworkClassificationModel model =
        new NeuralNetworkClassifier()
            .setJob(
                """
                model { layers = [ { type = dense, units = 5, activation = tanh } ] }
                optimizer { rule = momentum, learningRate = 0.1 }
                regularization { l2 = 0.01 }
                train { batchSize = 16, epochs = 3, seed = 9 }
                """)
            .setBatchSize(32)
            .fit(Rows.multinomial(64, 3));
    assertThat(model.numClasses()).isEqualTo(3);
    assertThat(model.summary().result().steps()).isEqualTo(6);
    assertThat(model.summary().result().history().get(0).regularization()).isPositive();
    assertThat(model.model().provenance().seed()).isEqualTo(9);
  }

  @Test
  void takesSparseVectors() {
    Dataset<Row> dense = Rows.xor();
    List<Row> sparse = new ArrayList<>();
    for (Row row : dense.collectAsList()) {
      sparse.add(RowFactory.create(row.<Vector>getAs("features").toSparse(), row.get(1)));
    }
    NeuralNetworkClassificationModel model = classifier(2, 4, 2).fit(dense);
    Dataset<Row> rows = Rows.table(sparse.toArray(Row[]::new));
    assertThat(Rows.numbers(model.transform(rows), "prediction"))
        .isEqualTo(Rows.numbers(model.transform(dense), "prediction"));
    assertThat(model.predict(Vectors.sparse(2, new int[] {1}, new double[] {1}))).isEqualTo(1.0);
  }
}
