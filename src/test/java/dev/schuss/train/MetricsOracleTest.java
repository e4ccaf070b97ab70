package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.TestSpark;
import dev.schuss.data.Block;
import dev.schuss.data.Blocks;
import dev.schuss.data.Columns;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.Prepared;
import dev.schuss.data.Recipe;
import dev.schuss.math.Mix;
import dev.schuss.model.Invalid;
import dev.schuss.model.Scaling;
import dev.schuss.nn.Activation;
import dev.schuss.nn.ClassTally;
import dev.schuss.nn.Network;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The metrics are those of spark.ml's evaluators, on any partitions, with weights and without. */
class MetricsOracleTest {

  @ParameterizedTest
  @CsvSource({
    "2, 900, 1, false",
    "2, 900, 3, true",
    "2, 5, 8, true",
    "7, 900, 8, false",
    "7, 900, 3, true",
    "7, 6, 8, true"
  })
  void classes(int classes, int rows, int partitions, boolean weighted) {
    Network network = Network.input(4).dense(8, Activation.TANH).output(classes);
    try (Prepared data = data(classes, rows, partitions, weighted)) {
      Evaluation evaluation = evaluate(network, data.train());
      Dataset<Row> scored = scored(network, data.train());
      Map<String, Double> ours = evaluation.figures();
      assertThat(evaluation.rows()).isEqualTo(rows);
      assertThat(ours.keySet())
          .containsExactlyElementsOf(network.metrics().stream().map(m -> m.name()).toList());
      Map.of(
              "accuracy", "accuracy",
              "logLoss", "logLoss",
              "f1Weighted", "f1",
              "precisionWeighted", "weightedPrecision")
          .forEach(
              (name, theirs) ->
                  assertThat(ours.get(name))
                      .as(name)
                      .isCloseTo(multiclass(theirs, 0).evaluate(scored), within(1e-6)));
      ClassTally tally = (ClassTally) evaluation.tally();
      for (int c = 0; c < 2; c++) {
        if (tally.rows(c) > 0) {
          assertThat(tally.recall(c))
              .isCloseTo(multiclass("recallByLabel", c).evaluate(scored), within(1e-9));
          assertThat(tally.precision(c))
              .isCloseTo(multiclass("precisionByLabel", c).evaluate(scored), within(1e-9));
        }
      }
      if (classes == 2) {
        double area =
            new BinaryClassificationEvaluator()
                .setRawPredictionCol("score")
                .setWeightCol("weight")
                .setNumBins(0)
                .evaluate(scored);
        assertThat(ours.get("auc")).isCloseTo(area, within(1e-9));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"900, 1, false", "900, 3, true", "5, 8, true"})
  void values(int rows, int partitions, boolean weighted) {
    Network network = Network.input(4).dense(8, Activation.TANH).regression(1);
    try (Prepared data = data(0, rows, partitions, weighted)) {
      Map<String, Double> ours = evaluate(network, data.train()).figures();
      Dataset<Row> scored = scored(network, data.train());
      for (String name : List.of("rmse", "mae", "r2")) {
        if (weighted && name.equals("r2")) {
          continue; // Spark's total there is the unbiased variance times the weights less 1
        }
        double theirs =
            new RegressionEvaluator().setMetricName(name).setWeightCol("weight").evaluate(scored);
        assertThat(ours.get(name)).as(name).isCloseTo(theirs, within(1e-6));
      }
      assertThat(ours).containsKey("r2");
    }
  }

  private static MulticlassClassificationEvaluator multiclass(String name, int label) {
    return new MulticlassClassificationEvaluator()
        .setMetricName(name)
        .setMetricLabel(label)
        .setWeightCol("weight");
  }

  private static Evaluation evaluate(Network network, Blocks blocks) {
    return Evaluator.evaluate(TestSpark.session(), network, network.initialWeights(3), blocks);
  }

  private static Prepared data(int classes, int rows, int partitions, boolean weighted) {
    Mix random = new Mix(rows);
    List<Row> table = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double[] x = new double[4];
      for (int j = 0; j < 4; j++) {
        x[j] = random.nextInt(6) - 2.5; // few values, so that scores tie
      }
      double label =
          classes == 0
              ? 1000 + x[0] + random.nextGaussian()
              : i < classes ? i : random.nextInt(classes);
      double weight = weighted ? 0.25 * random.nextInt(5) + (i < classes ? 1 : 0) : 1;
      table.add(RowFactory.create(Vectors.dense(x), label, weight));
    }
    StructType schema =
        new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add("label", DataTypes.DoubleType)
            .add("weight", DataTypes.DoubleType);
    Columns columns = new Columns(List.of("features"), List.of("label"), "weight", null);
    Task task = classes == 0 ? Task.REGRESSION : Task.CLASSIFICATION;
    return DataPreparation.training(
        TestSpark.session().createDataFrame(table, schema),
        new Recipe(
            columns,
            task,
            Scaling.none(),
            null,
            Invalid.ERROR,
            Recipe.of(columns, task).persist(),
            0,
            0,
            1,
            partitions));
  }

  /** What spark.ml's evaluators read. */
  private static Dataset<Row> scored(Network network, Blocks blocks) {
    float[] w = network.initialWeights(3);
    int k = network.outputs();
    List<Row> rows = new ArrayList<>();
    for (Block block : blocks.rdd().collect()) {
      Batch batch = new Batch(0, block.width(), 1);
      block.gather(block.inOrder(), 0, block.rows(), batch);
      if (block.rows() == 0) {
        continue;
      }
      float[] y = network.outputs(w, batch);
      for (int r = 0; r < block.rows(); r++) {
        double[] p = new double[k];
        double sum = 0;
        for (int j = 0; j < k; j++) {
          p[j] = Math.exp(y[r * k + j]);
          sum += p[j];
        }
        for (int j = 0; j < k; j++) {
          p[j] /= sum;
        }
        rows.add(
            RowFactory.create(
                (double) batch.targets()[r],
                k == 1 ? (double) y[r] : (double) Network.largest(y, r * k, k),
                Vectors.dense(p),
                k == 2 ? (double) (y[2 * r + 1] - y[2 * r]) : 0.0,
                (double) batch.weights()[r]));
      }
    }
    StructType schema =
        new StructType()
            .add("label", DataTypes.DoubleType)
            .add("prediction", DataTypes.DoubleType)
            .add("probability", SQLDataTypes.VectorType())
            .add("score", DataTypes.DoubleType)
            .add("weight", DataTypes.DoubleType);
    return TestSpark.session().createDataFrame(rows, schema);
  }
}
