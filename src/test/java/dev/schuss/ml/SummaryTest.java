package dev.schuss.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.TestSpark;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationTrainingSummary;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

/** The summary of a classification is MLlib's, with its figures. */
class SummaryTest {

  private static NeuralNetworkClassifier classifier(int... layers) {
    return new NeuralNetworkClassifier().setLayers(layers).setMaxIter(5);
  }

  @Test
  void knowsHowWellTheTrainingRowsAreKnown() {
    Dataset<Row> rows = Rows.multinomial(200, 3).cache();
    NeuralNetworkClassificationModel model = classifier(4, 3).fit(rows);
    MultilayerPerceptronClassificationTrainingSummary summary = model.summary();
    assertThat(summary.objectiveHistory()).hasSize(summary.totalIterations() + 1);
    assertThat(summary.accuracy()).isCloseTo(model.evaluate(rows).get("accuracy"), within(1e-12));
    assertThat(summary.labels()).containsExactly(0, 1, 2);
    Dataset<Row> scored = model.transform(rows);
    assertThat(summary.predictions().collectAsList()).isEqualTo(scored.collectAsList());
    List<Double> labels = Rows.numbers(scored, "label");
    List<Double> predictions = Rows.numbers(scored, "prediction");
    for (int k = 0; k < 3; k++) {
      double both = 0;
      double said = 0;
      double are = 0;
      for (int i = 0; i < labels.size(); i++) {
        boolean is = labels.get(i) == k;
        boolean predicted = predictions.get(i) == k;
        both += is && predicted ? 1 : 0;
        said += predicted ? 1 : 0;
        are += is ? 1 : 0;
      }
      double precision = said == 0 ? 0 : both / said;
      assertThat(summary.precisionByLabel()[k]).isCloseTo(precision, within(1e-12));
      assertThat(summary.recallByLabel()[k]).isCloseTo(both / are, within(1e-12));
      assertThat(summary.truePositiveRateByLabel()[k]).isEqualTo(summary.recallByLabel()[k]);
    }
    assertThat(summary.weightedFMeasure())
        .isCloseTo(
            new MulticlassClassificationEvaluator().setMetricName("f1").evaluate(scored),
            within(1e-12));
    assertThat(summary.fMeasureByLabel()).hasSize(3);
    assertThat(summary.falsePositiveRateByLabel()).hasSize(3);
    assertThat(summary.weightedPrecision()).isBetween(0.0, 1.0);
    assertThat(summary.predictionCol()).isEqualTo("prediction");
    assertThat(summary.labelCol()).isEqualTo("label");
    assertThat(summary.weightCol()).isEmpty();
    model.setPredictionCol("other"); // is no matter of the training
    assertThat(model.summary().predictionCol()).isEqualTo("prediction");
    rows.unpersist();
  }

  @Test
  void countsWeightsAndTrainingRowsAlone() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) { // class 1 is rarer, and weighs more
      boolean one = i % 4 == 0;
      rows.add(RowFactory.create(Vectors.dense(0.5), one ? 1.0 : 0.0, one ? 9.0 : 1.0, i >= 20));
    }
    rows.add(RowFactory.create(Vectors.dense(0.5), null, 1.0, false));
    rows.add(RowFactory.create(Vectors.dense(0.5), 1.0, null, false));
    rows.add(RowFactory.create(Vectors.dense(Double.NaN), 1.0, 1.0, false));
    Dataset<Row> table =
        TestSpark.session()
            .createDataFrame(rows, Rows.LABELLED.add("w", "double").add("a.held", "boolean"));
    NeuralNetworkClassificationTrainingSummary summary =
        classifier(1, 2)
            .setHandleInvalid("skip")
            .setWeightCol("w")
            .setValidationIndicatorCol("a.held")
            .setPredictionCol("")
            .setMaxIter(50)
            .fit(table)
            .summary();
    assertThat(summary.skippedRows()).isEqualTo(3);
    assertThat(summary.predictions().filter(functions.col("`a.held`")).count()).isZero();
    assertThat(summary.accuracy()).isCloseTo(45.0 / 60, within(1e-12)); // all are said to be 1
    assertThat(summary.recallByLabel()).containsExactly(0, 1);
    assertThat(summary.weightCol()).isEqualTo("w");
    assertThat(summary.validationHistory().get("loss")).isNotEmpty();
  }
}
