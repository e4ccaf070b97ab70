package dev.schuss.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.TestSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegressorAndAutoencoderTest {
  private static Dataset<Row> rows;

  @TempDir Path temp;

  /** y = a - 2 b + 1, z = a b; a and b in [-1, 1]. */
  @BeforeAll
  static void make() {
    Random random = new Random(1);
    List<Row> list = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      double a = random.nextDouble() * 2 - 1;
      double b = random.nextDouble() * 2 - 1;
      list.add(RowFactory.create(Vectors.dense(a, b), a - 2 * b + 1, (float) (a * b)));
    }
    rows =
        TestSpark.session()
            .createDataFrame(
                list,
                new StructType()
                    .add("features", SQLDataTypes.VectorType())
                    .add("y", "double")
                    .add("z", "float"))
            .cache();
  }

  @Test
  void predictsOneNumber() throws IOException {
    NeuralNetworkRegressionModel model =
        new NeuralNetworkRegressor().setLayers(new int[] {2, 1}).setLabelCol("y").fit(rows);
    Dataset<Row> out = model.transform(rows);
    RegressionEvaluator rmse = new RegressionEvaluator().setLabelCol("y");
    assertThat(rmse.evaluate(out)).isLessThan(1e-3);
    assertThat(model.evaluate(rows).get("rmse")).isCloseTo(rmse.evaluate(out), within(1e-6));
    assertThat(model.predict(Vectors.dense(0.5, 0.5))).isCloseTo(0.5, within(1e-2));
    assertThat(model.numFeatures()).isEqualTo(2);
    double[] objective = model.summary().objectiveHistory();
    assertThat(
            new NeuralNetworkRegressor()
                .setLayers(new int[] {2, 1})
                .setLabelCol("y")
                .setInitialModel(model)
                .setMaxIter(1)
                .fit(rows)
                .summary()
                .objectiveHistory()[0])
        .isCloseTo(objective[objective.length - 1], within(1e-6));
    model.save(temp.resolve("one").toString());
    assertThat(
            NeuralNetworkRegressionModel.load(temp.resolve("one").toString())
                .transform(rows)
                .collectAsList())
        .isEqualTo(out.collectAsList());
  }

  @Test
  void predictsSeveralNumbers() throws IOException {
    NeuralNetworkRegressor estimator =
        new NeuralNetworkRegressor()
            .setLayers(new int[] {2, 12, 2})
            .setActivation("tanh")
            .setLabelCols("y", "z");
    NeuralNetworkRegressionModel model = estimator.fit(rows);
    Dataset<Row> out = model.transform(rows);
    assertThat(out.schema()).isEqualTo(model.transformSchema(rows.schema()));
    double worst = 0;
    for (Row row : out.collectAsList()) {
      Vector prediction = row.getAs("prediction");
      worst = Math.max(worst, Math.abs(prediction.apply(0) - row.<Double>getAs("y")));
      worst = Math.max(worst, Math.abs(prediction.apply(1) - row.<Float>getAs("z")));
      assertThat(model.predictVector(row.getAs("features"))).isEqualTo(prediction);
    }
    assertThat(worst).isLessThan(0.2);
    assertThatThrownBy(() -> model.predict(Vectors.dense(0, 0)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("predictVector");
    model.save(temp.resolve("two").toString());
    NeuralNetworkRegressionModel loaded =
        NeuralNetworkRegressionModel.load(temp.resolve("two").toString());
    assertThat(loaded.transform(rows).collectAsList()).isEqualTo(out.collectAsList());
    assertThat(loaded.evaluate(rows)).isEqualTo(model.evaluate(rows));
    estimator.save(temp.resolve("estimator").toString());
    assertThat(NeuralNetworkRegressor.load(temp.resolve("estimator").toString()).explainParams())
        .contains("(default: [], current: [y, z])")
        .isEqualTo(estimator.explainParams());
    assertThatThrownBy(() -> estimator.setLayers(new int[] {2, 4, 3}).fit(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ends with 3 outputs, but there are 2 label columns");
    assertThatThrownBy(() -> estimator.setLabelCols("y", "features").fit(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Column features must be a number");
    assertThatThrownBy(
            () ->
                estimator
                    .copy(new ParamMap())
                    .setLabelCols("y", "z")
                    .setPredictionCol("FEATURES")
                    .transformSchema(rows.schema()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Column features already exists, and FEATURES differs");
    assertThatThrownBy(() -> estimator.setLabelCols("y", "q").fit(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("q does not exist. Available: features, y, z");
  }

  @Test
  void codesAndReconstructs() throws IOException {
    Random random = new Random(2);
    List<Row> list = new ArrayList<>();
    for (int i = 0; i < 100; i++) { // on a plane in four dimensions
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      list.add(RowFactory.create(Vectors.dense(a, b, a + b, a - b)));
    }
    Dataset<Row> plane =
        TestSpark.session()
            .createDataFrame(list, new StructType().add("x", SQLDataTypes.VectorType()))
            .cache();
    Autoencoder estimator =
        new Autoencoder()
            .setFeaturesCol("x")
            .setLayers(new int[] {4, 2, 4})
            .setActivation("identity");
    AutoencoderModel model = estimator.fit(plane);
    assertThat(model.codeSize()).isEqualTo(2);
    Dataset<Row> out = model.transform(plane);
    assertThat(out.schema()).isEqualTo(model.transformSchema(plane.schema()));
    assertThat(out.columns()).containsExactly("x", "code", "reconstruction");
    for (Row row : out.collectAsList()) {
      assertThat(Vectors.sqdist(row.getAs("x"), row.getAs("reconstruction"))).isLessThan(1e-2);
      assertThat(model.predict(row.getAs("x"))).isEqualTo(row.getAs("reconstruction"));
      assertThat(row.<Vector>getAs("code").size()).isEqualTo(2);
    }
    assertThat(model.evaluate(plane).get("rmse")).isLessThan(0.05);
    double[] objective = model.summary().objectiveHistory();
    assertThat(
            estimator
                .copy(new ParamMap())
                .setInitialModel(model)
                .setMaxIter(1)
                .fit(plane)
                .summary()
                .objectiveHistory()[0])
        .isCloseTo(objective[objective.length - 1], within(1e-6));
    model.save(temp.resolve("auto").toString());
    AutoencoderModel loaded = AutoencoderModel.load(temp.resolve("auto").toString());
    assertThat(loaded.transform(plane).collectAsList()).isEqualTo(out.collectAsList());
    loaded.setReconstructionCol("").setCodeCol("c");
    assertThat(loaded.transform(plane).columns()).containsExactly("x", "c");
    estimator.save(temp.resolve("estimator").toString());
    assertThat(Autoencoder.load(temp.resolve("estimator").toString()).explainParams())
        .isEqualTo(estimator.explainParams());
    assertThatThrownBy(() -> estimator.setLayers(new int[] {4, 2, 3}).fit(plane))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ends with 3 outputs, but there are 4 numbers in column x");
    assertThatThrownBy(() -> estimator.setCodeCol("x").fit(plane))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Column x already exists");
    assertThatThrownBy(() -> estimator.setCodeCol("X").transformSchema(plane.schema()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Column x already exists, and X differs by case alone.");
    assertThatThrownBy(
            () -> model.setCodeCol("c").setReconstructionCol("C").transform(plane).collect())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Column c already exists");
  }
}
