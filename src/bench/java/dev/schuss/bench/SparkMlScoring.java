package dev.schuss.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Rows that a model of ours and one of MLlib's score in a second, in turns. */
public final class SparkMlScoring {
  private static final double WARM_SECONDS = 12;
  private static final int WARM_PASSES = 3;

  private final SparkSession spark;
  private String asked = "";
  private Dataset<Row> table;
  private Transformer model;

  private SparkMlScoring(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * Answers questions as {@link Worker} does: {@code KIND INPUTS HIDDEN ROWS} is a pass over a
   * cached table. A question that was not asked before warms up first.
   */
  public static void main(String[] args) throws IOException {
    SparkMlScoring worker = new SparkMlScoring(Session.start("local[2]"));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("= ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println("= " + worker.rate(line));
    }
    worker.spark.stop();
  }

  private double rate(String question) {
    String[] q = question.split(" ");
    int rows = Integer.parseInt(q[3]);
    if (!question.equals(asked)) {
      prepare(q[0], Integer.parseInt(q[1]), Integer.parseInt(q[2]), rows);
      asked = question;
    }
    return rows / pass();
  }

  private void prepare(String kind, int inputs, int hidden, int rows) {
    if (table != null) {
      table.unpersist(true);
    }
    table =
        spark
            .range(0, rows, 1, 2)
            .selectExpr(
                "transform(sequence(0, %d), i -> double((id * 31 + i * 7) %% 17) / 16) x"
                    .formatted(inputs - 1),
                "double(id % 10) label")
            .select(
                org.apache.spark.ml.functions.array_to_vector(functions.col("x")).as("features"),
                functions.col("label"))
            .cache();
    table.count();
    model = SparkMl.classifier(kind, 1, inputs, hidden, 10).fit(table.limit(100));
    double seconds = 0;
    for (int i = 0; i < WARM_PASSES || seconds < WARM_SECONDS; i++) {
      seconds += pass();
    }
  }

  private double pass() {
    long start = System.nanoTime();
    model.transform(table).write().format("noop").mode("overwrite").save();
    return (System.nanoTime() - start) / 1e9;
  }

  static Section run(Options options) throws IOException {
    Section section =
        new Section(
            "spark.ml: rows scored in a second",
            "network",
            SparkMl.MLLIB,
            SparkMl.FASTER,
            SparkMl.OURS,
            "ratio");
    String worker = SparkMlScoring.class.getName();
    try (Contestant a = SparkMl.mllib(worker);
        Contestant b = SparkMl.mllibOpenBlas(worker);
        Contestant c = SparkMl.schuss(worker)) {
      List<Contestant> all = List.of(a, b, c);
      for (Contestant contestant : all) {
        contestant.greeting();
      }
      int rows = options.quick() ? 50_000 : 500_000;
      score(section, all, "64-32-10", "64 32 " + rows, options.passes());
      score(section, all, "784-512-10", "784 512 " + rows / 25, options.passes());
    }
    section.note(
        "Spark `local[2]`, a JVM of its own for each, warm: %.0f seconds of passes (3 at least) are"
                .formatted(WARM_SECONDS)
            + " not counted. The table of feature vectors and labels is cached, and is written with"
            + " rawPrediction, probability and prediction to Spark's noop sink. Medians of %d passes"
                .formatted(options.passes())
            + " in turns; the ratio is our rows to MLlib's.");
    return section;
  }

  private static void score(
      Section section, List<Contestant> all, String what, String question, int passes)
      throws IOException {
    List<List<Double>> rates = new ArrayList<>();
    all.forEach(contestant -> rates.add(new ArrayList<>()));
    for (int pass = -1; pass < passes; pass++) { // the first warms up
      for (int i = 0; i < all.size(); i++) {
        String kind = i == 2 ? "schuss" : "mllib";
        double rate = all.get(i).number(kind + " " + question);
        if (pass >= 0) {
          rates.get(i).add(rate);
        }
      }
    }
    double[] medians = rates.stream().mapToDouble(Window::median).toArray();
    section.row(what, medians[0], medians[1], medians[2], medians[2] / medians[0]);
  }
}
