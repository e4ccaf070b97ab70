package dev.schuss.job;

import dev.schuss.data.Columns;
import dev.schuss.math.Blas;
import dev.schuss.nn.Network;
import dev.schuss.nn.Shape;
import dev.schuss.objective.Task;
import dev.schuss.train.CostModel.Cluster;
import dev.schuss.train.Forecast;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.network.util.JavaUtils;
import picocli.CommandLine.Option;

/** What check is told of the data and of the cluster. */
final class Sizing {
  private static final int PRODUCT = 256;

  /** How near whole gradients come to large matrix products (docs/bench.md). */
  private static final double NETWORKS = 0.8;

  @Option(names = "--rows", description = "Training rows; for an estimate of time and memory.")
  Long rows;

  @Option(
      names = "--features",
      description = "Network inputs for each row, categories as one each.")
  Integer features;

  @Option(
      names = "--entries",
      description = "Values of a row that are not 0, on average; for sparse rows.")
  Integer entries;

  @Option(names = "--classes", description = "Classes; for a classification.")
  Integer classes;

  @Option(names = "--executors", description = "Executor processes; without it local threads.")
  Integer executors;

  @Option(names = "--cores", description = "Cores of each executor, or of this machine.")
  Integer cores;

  @Option(names = "--executor-memory", description = "Heap of an executor, such as 8g.")
  String executorMemory;

  @Option(names = "--driver-memory", description = "Heap of the driver, such as 4g.")
  String driverMemory;

  @Option(
      names = "--max-result-size",
      defaultValue = "1g",
      description = "spark.driver.maxResultSize; 0 for no limit (default: ${DEFAULT-VALUE}).")
  String maxResultSize;

  @Option(
      names = "--network",
      defaultValue = "10",
      description = "Gbit/s into and out of a machine (default: ${DEFAULT-VALUE}).")
  double network;

  @Option(
      names = "--gflops",
      description = "GFLOP/s of a core (default: measured on this machine).")
  Double gflops;

  /** Whether there is enough for an estimate. */
  boolean known(JobFile job) {
    return rows != null
        && features != null
        && (classes != null || job.task() != Task.CLASSIFICATION);
  }

  Forecast.Data data() {
    Integer each = entries == null ? null : (int) positive("--entries", entries);
    if (each != null && each > features) {
      throw new JobException(
          ExitCode.USAGE,
          "--entries = %d: must be at most --features, which is %d".formatted(each, features));
    }
    return new Forecast.Data(positive("--rows", rows), each);
  }

  private static long positive(String option, Number value) {
    if (value.doubleValue() <= 0) {
      throw new JobException(
          ExitCode.USAGE, "%s = %s: must be greater than 0".formatted(option, value));
    }
    return value.longValue();
  }

  static Long bytes(String option, String size) {
    if (size == null) {
      return null;
    }
    try {
      return JavaUtils.byteStringAsBytes(size);
    } catch (NumberFormatException e) {
      throw new JobException(
          ExitCode.USAGE, "%s = %s: is not a size, such as 4g or 800m".formatted(option, size));
    }
  }

  /** The network for these data. */
  Network network(JobFile job) {
    int inputs = (int) positive("--features", features);
    int outputs =
        switch (job.task()) {
          case CLASSIFICATION -> (int) positive("--classes", classes);
          case REGRESSION -> job.data().columns().labels().size();
          case RECONSTRUCTION -> inputs;
        };
    return job.network(inputs, categories(job, inputs), outputs);
  }

  /** Categories of one width, since nobody knows their own before the data is read. */
  private static List<Shape.Category> categories(JobFile job, int inputs) {
    Columns columns = job.data().columns();
    int n = columns.categorical().size();
    int numbers = columns.features().contains("*") ? 0 : columns.features().size() - n;
    if (n == 0 || inputs - numbers < n) {
      return List.of();
    }
    int width = (inputs - numbers) / n;
    int first = inputs - n * width;
    return IntStream.range(0, n)
        .mapToObj(i -> new Shape.Category(first + i * width, width))
        .toList();
  }

  /** Where the job is to run. */
  Forecast.Place place() {
    boolean local = executors == null;
    int each =
        cores == null
            ? local ? Runtime.getRuntime().availableProcessors() : 1
            : (int) positive("--cores", cores);
    positive("--network", network);
    Cluster cluster =
        local
            ? new Cluster(1, each, Double.POSITIVE_INFINITY)
            : new Cluster((int) positive("--executors", executors), each, network * 1e9 / 8);
    return new Forecast.Place(
        cluster, local, bytes("--max-result-size", maxResultSize), flopsPerSecond());
  }

  private double flopsPerSecond() {
    if (gflops != null) {
      positive("--gflops", gflops);
      return 1e9 * gflops;
    }
    int n = PRODUCT;
    float[] a = new float[n * n];
    float[] b = new float[n * n];
    float[] c = new float[n * n];
    Blas blas = Blas.get(); // loaded before the clock runs
    double best = 0;
    long until = System.nanoTime() + 300_000_000;
    while (System.nanoTime() < until) {
      long start = System.nanoTime();
      blas.sgemm(false, false, n, n, n, 1, a, 0, n, b, 0, n, 0, c, 0, n);
      best = Math.max(best, 2.0 * n * n * n / ((System.nanoTime() - start) / 1e9));
    }
    return NETWORKS * best;
  }

  /** The cluster in words. */
  String describe(Forecast.Place place) {
    Cluster c = place.cluster();
    return place.oneJvm()
        ? "%d local threads".formatted(c.cores())
        : String.format(
            Locale.ROOT,
            "%,d executors of %d cores, %s Gbit/s",
            c.executors(),
            c.cores(),
            BigDecimal.valueOf(network).stripTrailingZeros().toPlainString());
  }
}
