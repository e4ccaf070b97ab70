package dev.schuss.bench;

import static dev.schuss.bench.Contestant.jvm;

import dev.schuss.ml.NeuralNetworkClassifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Pipelines that differ by one class: NeuralNetworkClassifier and MLlib's
 * MultilayerPerceptronClassifier, to fit.
 */
public final class SparkMl {
  private static final String PARTS = "%.2f:%.4f";

  private SparkMl() {}

  /** A classifier of either kind, as a pipeline of MLlib's has it. */
  static Predictor<Vector, ?, ?> classifier(String kind, int iterations, int... layers) {
    return kind.equals("mllib")
        ? new MultilayerPerceptronClassifier()
            .setLayers(layers)
            .setMaxIter(iterations)
            .setSeed(1)
        : new NeuralNetworkClassifier().setLayers(layers).setMaxIter(iterations).setSeed(1);
  }

  /**
   * Answers questions as {@link Worker} does: {@code fashion KIND FOLDER ITERATIONS}, {@code digits
   * KIND ITERATIONS}.
   */
  public static void main(String[] args) throws IOException {
    SparkSession spark = Session.start("local[2]");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("= ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] q = line.split(" ");
      String answer =
          q[0].equals("fashion")
              ? fashion(spark, q[1], q[2], Integer.parseInt(q[3]))
              : digits(spark, q[1], Integer.parseInt(q[2]));
      System.out.println("= " + answer);
    }
    spark.stop();
  }

  private static String fashion(SparkSession spark, String kind, String folder, int iterations) {
    long start = System.nanoTime();
    Dataset<Row> train = Mllib.vectors(spark, Fashion.rows(spark, folder, "train")).persist();
    Transformer model = classifier(kind, iterations, 784, 256, 128, 10).fit(train);
    double seconds = (System.nanoTime() - start) / 1e9;
    Dataset<Row> test = Mllib.vectors(spark, Fashion.rows(spark, folder, "t10k"));
    String result = String.format(Locale.ROOT, PARTS, seconds, accuracy(model, test));
    train.unpersist();
    return result;
  }

  private static String digits(SparkSession spark, String kind, int iterations) {
    Dataset<Row> train = digits(spark, "train").cache();
    train.count();
    long start = System.nanoTime();
    Transformer model = classifier(kind, iterations, 64, 32, 10).fit(train);
    double seconds = (System.nanoTime() - start) / 1e9;
    String result =
        String.format(Locale.ROOT, PARTS, seconds, accuracy(model, digits(spark, "test")));
    train.unpersist();
    return result;
  }

  private static Dataset<Row> digits(SparkSession spark, String part) {
    Dataset<Row> rows =
        spark
            .read()
            .option("header", true)
            .option("inferSchema", true)
            .csv("src/main/resources/data/digits-" + part + ".csv");
    return new VectorAssembler()
        .setInputCols(rows.drop("label").columns())
        .setOutputCol("features")
        .transform(rows)
        .select("features", "label");
  }

  private static double accuracy(Transformer model, Dataset<Row> rows) {
    return new MulticlassClassificationEvaluator()
        .setMetricName("accuracy")
        .evaluate(model.transform(rows));
  }

  static final String MLLIB = "MLlib";
  static final String FASTER = "MLlib, with this project's OpenBLAS";
  static final String OURS = "Schuss";

  static Section run(Options options) throws IOException {
    Section section =
        new Section(
            "spark.ml: the same pipeline with another class", "what", MLLIB, FASTER, OURS, "ratio");
    String worker = SparkMl.class.getName();
    try (Contestant a = mllib(worker);
        Contestant b = mllibOpenBlas(worker);
        Contestant c = schuss(worker)) {
      List<Contestant> all = List.of(a, b, c);
      for (Contestant contestant : all) {
        contestant.greeting();
      }
      int iterations = options.quick() ? 5 : 100;
      if (options.fashion() != null) {
        fit(section, all, "Fashion-MNIST, 784-256-128-10", "fashion", options, iterations);
      }
      fit(section, all, "digits, 64-32-10", "digits", options, iterations);
    }
    section.note(
        "Spark `local[2]`, a JVM of its own for each; the estimator and the model of the same"
            + " pipeline, all params but layers, maxIter = %d and seed as they are. The first fit of"
                .formatted(options.quick() ? 5 : 100)
            + " a JVM is short and not counted. The ratio is MLlib's seconds to ours.");
    return section;
  }

  /** A worker in a JVM without a native BLAS, as MLlib's default is. */
  static Contestant mllib(String worker) throws IOException {
    List<String> none = List.of("-Ddev.ludovic.netlib.blas.nativeLib=none");
    return new Contestant("ml-mllib", jvm("4g", none, worker));
  }

  /** A worker whose MLlib computes by this project's OpenBLAS. */
  static Contestant mllibOpenBlas(String worker) throws IOException {
    List<String> blas =
        List.of("-Ddev.ludovic.netlib.blas.nativeLibPath=" + TimeToAccuracy.openblas());
    return new Contestant(
        "ml-mllib-openblas", jvm("4g", blas, worker), Map.of("OPENBLAS_NUM_THREADS", "1"));
  }

  static Contestant schuss(String worker) throws IOException {
    return new Contestant("ml-schuss", jvm("4g", List.of(), worker));
  }

  private static void fit(
      Section section,
      List<Contestant> all,
      String what,
      String question,
      Options options,
      int iterations)
      throws IOException {
    List<Double> seconds = new ArrayList<>();
    List<Double> accuracies = new ArrayList<>();
    for (Contestant contestant : all) {
      String kind = contestant == all.get(2) ? "schuss" : "mllib";
      String data = question.equals("fashion") ? " " + options.fashion() : "";
      String ask = question + " " + kind + data + " ";
      contestant.ask(ask + "2"); // warms up
      String[] answer = contestant.ask(ask + iterations).split(":");
      seconds.add(Double.parseDouble(answer[0]));
      accuracies.add(100 * Double.parseDouble(answer[1]));
    }
    section.row(
        what + ": seconds of fit",
        seconds.get(0),
        seconds.get(1),
        seconds.get(2),
        seconds.get(0) / seconds.get(2));
    section.row(
        what + ": test accuracy, %",
        accuracies.get(0),
        accuracies.get(1),
        accuracies.get(2),
        Double.NaN);
  }
}
