package dev.schuss.bench;

import dev.schuss.data.Blocks;
import dev.schuss.data.Columns;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.Idx;
import dev.schuss.data.Prepared;
import dev.schuss.model.Scaling;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Schedules;
import dev.schuss.train.EpochReport;
import dev.schuss.train.Trainer;
import dev.schuss.train.TrainingListener;
import dev.schuss.train.TrainingStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Fashion-MNIST, from the files to a trained network. */
final class Fashion {
  private Fashion() {}

  static Dataset<Row> rows(SparkSession spark, String folder, String part) {
    return new Idx(
            folder + "/" + part + "-images-idx3-ubyte.gz",
            folder + "/" + part + "-labels-idx1-ubyte.gz")
        .load(spark);
  }

  /**
   * Seconds since the start and the test accuracy, as {@code 2.31:0.8561}: before the first round,
   * with 0 for the accuracy, and after each epoch.
   */
  static String train(SparkSession spark, String folder, int batch, int epochs, double rate) {
    long start = System.nanoTime();
    Columns columns = Columns.labelled("label");
    List<String> points = new ArrayList<>();
    try (Prepared train =
            DataPreparation.training(
                rows(spark, folder, "train"),
                columns,
                Task.CLASSIFICATION,
                Scaling.divisor(255),
                0,
                1,
                0);
        Blocks test =
            DataPreparation.scoring(
                rows(spark, folder, "t10k"), columns, train.preprocessing(), 0)) {
      Trainer.on(spark)
          .network(
              Network.input(784).dense(256, Activation.RELU).dense(128, Activation.RELU).output(10))
          .optimizer(new Adam(Schedules.cosine(rate)))
          .batchSize(batch)
          .epochs(epochs)
          .listener(
              new TrainingListener() {
                @Override
                public void started(TrainingStart training) {
                  reached(0);
                }

                @Override
                public void epoch(EpochReport report) {
                  reached(report.validation().get("accuracy"));
                }

                private void reached(double accuracy) {
                  double seconds = (System.nanoTime() - start) / 1e9;
                  points.add(String.format(Locale.ROOT, "%.2f:%.4f", seconds, accuracy));
                }
              })
          .fit(train.train(), test, null);
    }
    return String.join(" ", points);
  }
}
