package dev.schuss.job;

import dev.schuss.job.Sources.From;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** Verbs on the tests' session, which their own {@code call} would end. */
final class Verbs {
  private Verbs() {}

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
