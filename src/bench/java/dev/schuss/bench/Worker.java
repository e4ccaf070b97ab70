package dev.schuss.bench;

import dev.schuss.data.Block;
import dev.schuss.data.Prepared;
import dev.schuss.math.Blas;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import dev.schuss.train.Reduction;
import dev.schuss.train.Trainer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/**
 * One way to train, in a JVM of its own, that measures when it is asked to: a question is a line on
 * stdin, its answer a line on stdout that begins with {@code =}. In between it does nothing.
 */
public final class Worker {
  /** Partitions of the throughput measurements: as many as there are cores. */
  private static final int PARTITIONS = 2;

  private final Network network =
      Network.input(Rows.PIXELS)
          .dense(512, Activation.RELU)
          .dense(256, Activation.RELU)
          .output(Rows.CLASSES);
  private final SparkSession spark;
  private List<Block> local;
  private Prepared prepared;
  private Prepared narrow;
  private int narrowRows;

  private Worker(SparkSession spark) {
    this.spark = spark;
  }

  /** The argument is Spark's master, or {@code local-loop} for none. */
  public static void main(String[] args) throws IOException {
    SparkSession spark = args[0].equals("local-loop") ? null : Session.start(args[0]);
    Worker worker = new Worker(spark);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("= ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println("= " + worker.answer(line.split(" ")));
    }
    if (spark != null) {
      spark.stop();
    }
  }

  private String answer(String[] q) {
    return switch (q[0]) {
      case "blas" -> Blas.get().name();
      case "spark" -> spark.version();
      case "products" ->
          number(
              new Products(network, Integer.parseInt(q[1]))
                  .samplesPerSecond(Double.parseDouble(q[2])));
      case "train" -> number(train(Integer.parseInt(q[1]), Double.parseDouble(q[2])));
      case "rounds" ->
          rounds(
              Integer.parseInt(q[1]),
              Integer.parseInt(q[2]),
              Integer.parseInt(q[3]),
              Double.parseDouble(q[4]),
              q.length < 6 ? Reduction.AUTO : Reduction.valueOf(q[5]));
      case "listeners" ->
          listeners(
              Integer.parseInt(q[1]),
              Integer.parseInt(q[2]),
              Integer.parseInt(q[3]),
              Double.parseDouble(q[4]));
      case "fashion" ->
          Fashion.train(
              spark,
              q[1],
              Integer.parseInt(q[2]),
              Integer.parseInt(q[3]),
              Double.parseDouble(q[4]));
      case "mllib" -> Mllib.train(spark, q[1], Integer.parseInt(q[2]));
      default -> throw new IllegalArgumentException(q[0]);
    };
  }

  private static String number(double x) {
    return String.format(Locale.ROOT, "%.4f", x);
  }

  /** Samples per second at this batch size. */
  private double train(int batch, double seconds) {
    if (spark == null && local == null) {
      local = Rows.local(PARTITIONS);
    }
    if (spark != null && prepared == null) {
      prepared = Rows.spark(spark, PARTITIONS);
    }
    Window window = new Window(seconds);
    Trainer trainer =
        window.on(
            (spark == null ? Trainer.local() : Trainer.on(spark))
                .network(network)
                .optimizer(new Adam(Schedule.constant(0.001)))
                .batchSize(batch));
    if (spark == null) {
      trainer.fit(local, null);
    } else {
      trainer.fit(prepared.train(), null, null);
    }
    return window.samplesPerSecond();
  }

  /** Milliseconds of a round that computes nothing, and of CPU time in the listener bus for it. */
  private String listeners(int parameters, int partitions, int rows, double seconds) {
    double before = listenerMillis();
    Window window = rounds(parameters, partitions, rows, Reduction.AUTO, new Window(seconds));
    double each = (listenerMillis() - before) / window.all();
    return number(window.medianMillis()) + " " + number(each);
  }

  private static double listenerMillis() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double nanos = 0;
    for (long id : threads.getAllThreadIds()) {
      ThreadInfo info = threads.getThreadInfo(id);
      if (info != null && info.getThreadName().startsWith("spark-listener-group")) {
        nanos += threads.getThreadCpuTime(id);
      }
    }
    return nanos / 1e6;
  }

  /**
   * Rounds that compute nothing, in milliseconds: what a round takes beside its gradients, and of
   * that broadcast, wait, reduction and update; the number of rounds.
   */
  private String rounds(
      int parameters, int partitions, int rows, double seconds, Reduction reduction) {
    Window window =
        rounds(parameters, partitions, rows, reduction, new Window(seconds));
    return String.join(
        " ",
        number(window.overheadMillis()),
        number(window.medianMillis(r -> r.time().broadcast())),
        number(window.medianMillis(r -> r.time().waiting())),
        number(window.medianMillis(r -> r.time().reduce())),
        number(window.medianMillis(r -> r.update())),
        Integer.toString(window.rounds()));
  }

  private Window rounds(
      int parameters,
      int partitions,
      int rows,
      Reduction reduction,
      Window window) {
    if (narrow == null
        || narrow.train().rowsPerPartition().length != partitions
        || narrowRows != rows) {
      if (narrow != null) {
        narrow.close();
      }
      narrow = Rows.narrow(spark, rows, partitions);
      narrowRows = rows;
    }
    window
        .on(
            Trainer.on(spark)
                .objective(new NoWork(parameters))
                .optimizer(new Sgd(Schedule.constant(1e-6), 0))
                .reduction(reduction)
                .batchSize(8 * partitions))
        .fit(narrow.train(), null, null);
    return window;
  }
}
