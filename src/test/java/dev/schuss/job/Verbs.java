package dev.schuss.job;

import dev.schuss.job.Sources.From;
import dev.schuss.model.FittedModel;
import dev.schuss.model.LocalFolder;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Network;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** Verbs on the tests' session, which their own {@code call} would end, and models for them. */
final class Verbs {
  private Verbs() {}

  /** Writes a model that was not trained, of a network with its first weights. */
  static void save(Network network, Preprocessing columns, Path folder) throws IOException {
    new FittedModel(
            network,
            network.initialWeights(1),
            columns,
            FittedModel.Provenance.defaults("0.1.0", 1, 2))
        .save(new LocalFolder(folder));
  }

  static Evaluated evaluate(
      SparkSession spark,
      String model,
      From from,
      List<String> label,
      List<String> features,
      String weight) {
    LabelledColumns columns = new LabelledColumns();
    columns.label = label;
    columns.features = features;
    columns.weight = weight;
    return Evaluated.of(spark, model, ModelFolder.load(model, new Configuration()), from, columns);
  }

  /** Predicts as a verb whose arguments were parsed does. */
  static Map<String, Object> predict(
      SparkSession spark, Predict verb, From from, String format, PrintStream people) {
    try (Cancellation cancellation = Cancellation.install()) {
      return verb.predict(
          spark,
          cancellation,
          ModelFolder.load(verb.arguments.model, new Configuration()),
          from,
          format,
          people);
    }
  }
}
