package dev.schuss.bench;

import static dev.schuss.bench.Contestant.jvm;

import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Invalid;
import dev.schuss.model.Predictor;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import dev.schuss.score.Scorer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Rows per second of {@code Scorer}, and the time of a row in {@code Predictor}. */
public final class Scoring {
  private static final int PIXELS = 64;

  private Scoring() {}

  /** The network of jobs/digits.conf; what its weights are does not matter here. */
  private static FittedModel model(boolean array) {
    Network network = Network.input(PIXELS).dense(256, Activation.RELU).output(10);
    float[] by = new float[PIXELS];
    Arrays.fill(by, 16);
    List<Feature> columns =
        array
            ? List.of(Feature.vector("pixels", PIXELS))
            : IntStream.range(0, PIXELS).mapToObj(i -> Feature.number("p" + i)).toList();
    Preprocessing preprocessing =
        new Preprocessing(
            Task.CLASSIFICATION,
            columns,
            List.of("label"),
            ClassLabels.of(IntStream.range(0, 10).asDoubleStream().toArray()),
            Invalid.ERROR,
            new float[PIXELS],
            by);
    return new FittedModel(
        network,
        network.initialWeights(1),
        preprocessing,
        FittedModel.Provenance.defaults("bench", 1, 0));
  }

  /** Answers questions as {@link Worker} does: {@code array N}, {@code columns N}, {@code row}. */
  public static void main(String[] args) throws IOException {
    SparkSession spark = Session.start("local[2]");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("= ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] q = line.split(" ");
      double answer =
          q[0].equals("row")
              ? rowMicros()
              : rowsPerSecond(spark, q[0].equals("array"), Integer.parseInt(q[1]));
      System.out.println("= " + answer);
    }
    spark.stop();
  }

  /** Median of single calls. */
  private static double rowMicros() {
    Predictor predictor = Predictor.of(model(false));
    float[] row = new float[PIXELS];
    for (int j = 0; j < PIXELS; j++) {
      row[j] = j % 17;
    }
    float[] to = new float[10];
    long[] nanos = new long[100_000];
    for (int pass = 0; pass < 3; pass++) {
      for (int i = 0; i < nanos.length; i++) {
        row[0] = i % 17;
        long start = System.nanoTime();
        predictor.probabilities(row, to);
        nanos[i] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    return nanos[nanos.length / 2] / 1e3;
  }

  /** Scores a cached table and throws the result away, three times; the last one counts. */
  private static double rowsPerSecond(SparkSession spark, boolean array, int rows) {
    Column[] pixels =
        IntStream.range(0, PIXELS)
            .mapToObj(i -> functions.expr("float((id * 31 + %d) %% 17)".formatted(i * 7)))
            .toArray(Column[]::new);
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < PIXELS && !array; i++) {
      columns.add(pixels[i].as("p" + i));
    }
    if (array) {
      columns.add(functions.array(pixels).as("pixels"));
    }
    Dataset<Row> table =
        spark.range(0, rows, 1, 2).select(columns.toArray(Column[]::new)).cache();
    table.count();
    Scorer scorer = Scorer.of(model(array));
    double seconds = 0;
    for (int pass = 0; pass < 3; pass++) {
      long start = System.nanoTime();
      scorer.transform(table).write().format("noop").mode("overwrite").save();
      seconds = (System.nanoTime() - start) / 1e9;
    }
    table.unpersist();
    return rows / seconds;
  }

  static Section run(Options options, Map<String, Object> machine) throws IOException {
    int rows = options.quick() ? 100_000 : 1_000_000;
    Section section = new Section("Scoring: the digits network, 64-256-10", "what", "figure");
    List<String> command = jvm("4g", List.of(), Scoring.class.getName());
    try (Contestant c = new Contestant("scoring", command)) {
      machine.put("rows", rows);
      section.row("Predictor, microseconds of a row (median)", c.number("row"));
      section.row("Scorer, rows/s, an array of 64, local[2]", c.number("array " + rows));
      section.row("Scorer, rows/s, 64 columns, local[2]", c.number("columns " + rows));
    }
    section.note("Tables are cached; the scored rows are written to Spark's noop sink.");
    return section;
  }
}
