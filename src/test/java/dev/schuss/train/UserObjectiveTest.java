package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.Digits;
import dev.schuss.TestSpark;
import dev.schuss.data.Columns;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Means;
import dev.schuss.objective.Metric;
import dev.schuss.objective.Objective;
import dev.schuss.objective.Tally;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Schedule;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

/** An objective of a user's own: logistic regression by hand, "is it a zero?". */
class UserObjectiveTest {

  /** f(w; x, y) = log(1 + exp(-s z)) with z = w x + b and s = +-1 for y = 1, 0. */
  private static final class LogisticRegression implements Objective {
    private static final long serialVersionUID = 1;
    private final int features;

    LogisticRegression(int features) {
      this.features = features;
    }

    @Override
    public Layout layout() {
      return Layout.flat(features + 1);
    }

    @Override
    public void addGradient(float[] w, Batch rows, GradientSum sum) {
      float[] g = sum.gradient();
      double loss = 0;
      double weights = 0;
      for (int r = 0; r < rows.rows(); r++) {
        double sign = rows.targets()[r] > 0.5 ? 1 : -1;
        double c = rows.weights()[r];
        double z = score(w, rows, r);
        loss += c * Math.log1p(Math.exp(-sign * z));
        weights += c;
        float slope = (float) (-sign * c / (1 + Math.exp(sign * z)));
        for (int j = 0; j < features; j++) {
          g[j] += slope * rows.features()[r * features + j];
        }
        g[features] += slope;
      }
      sum.addRows(loss, weights, rows.rows());
    }

    @Override
    public Tally tally() {
      return new Means(Metric.higher("accuracy"));
    }

    @Override
    public void evaluate(float[] w, Batch rows, Evaluation sum) {
      Objective.super.evaluate(w, rows, sum);
      Means means = (Means) sum.tally();
      for (int r = 0; r < rows.rows(); r++) {
        boolean right = score(w, rows, r) > 0 == rows.targets()[r] > 0.5;
        means.add(rows.weights()[r], right ? 1 : 0);
      }
    }

    private double score(float[] w, Batch rows, int r) {
      double z = w[features];
      for (int j = 0; j < features; j++) {
        z += (double) w[j] * rows.features()[r * features + j];
      }
      return z;
    }
  }

  @Test
  void isTrainedLikeANetwork() {
    TrainingResult result =
        Trainer.on(TestSpark.session())
            .objective(new LogisticRegression(64))
            .optimizer(new Adam(Schedule.constant(0.05), 0.9, 0.999, 1e-8, 0))
            .columns(new Columns(List.of("pixels"), List.of("zero"), null, null))
            .scale(Scaling.divisor(16))
            .batchSize(256)
            .epochs(10)
            .test(frame(Digits.TEST))
            .fit(frame(Digits.TRAIN));

    assertThat(result.status()).isEqualTo(TrainingResult.Status.COMPLETED);
    assertThat(result.steps()).isEqualTo(60);
    assertThat(result.test().get("accuracy")).isGreaterThan(0.98);
    assertThat(result.train().get("loss")).isCloseTo(0.02, within(0.05));
  }

  private static Dataset<Row> frame(String resource) {
    return Digits.frame(TestSpark.session(), resource)
        .withColumn("zero", functions.expr("cast(label = 0 as double)"));
  }
}
