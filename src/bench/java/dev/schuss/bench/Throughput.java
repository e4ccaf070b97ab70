package dev.schuss.bench;

import static dev.schuss.bench.Contestant.jvm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Samples per second of whole training rounds, all ways in turns. */
final class Throughput {
  private static final int[] BATCHES = {256, 1024, 4096, 16_384};
  private static final String WORKER = Worker.class.getName();
  private static final String LOCAL = "local loop";
  private static final String SPARK = "local[2]";
  private static final String CLUSTER = "local-cluster[2,1]";
  private static final String PRODUCTS = "products";
  private static final String TORCH = "PyTorch";

  private final Options options;

  Throughput(Options options) {
    this.options = options;
  }

  Section run(Map<String, Object> machine) throws IOException {
    Map<String, List<Double>> measured = new LinkedHashMap<>();
    try (Contestant local =
            new Contestant("local-loop", jvm("3g", List.of(), WORKER, "local-loop"));
        Contestant spark = new Contestant("local", jvm("3g", List.of(), WORKER, "local[2]"));
        Contestant cluster =
            new Contestant(
                "local-cluster", jvm("3g", List.of(), WORKER, "local-cluster[2,1,1024]"));
        Contestant torch = Torch.start()) {
      machine.put("Spark", spark.ask("spark"));
      machine.put("BLAS", local.ask("blas"));
      if (torch != null) {
        machine.put("PyTorch", torch.greeting().replace("PyTorch ", ""));
      }
      Map<String, Contestant> ways = new LinkedHashMap<>();
      ways.put(SPARK, spark);
      ways.put(CLUSTER, cluster);
      ways.put(LOCAL, local);
      ways.put(PRODUCTS, local);
      if (torch != null) {
        ways.put(TORCH, torch);
      }
      // Spark's first thousand jobs are several times slower than the later ones.
      local.ask("train 1024 " + 5 * options.seconds());
      spark.ask("train 256 " + 20 * options.seconds());
      cluster.ask("train 256 " + 45 * options.seconds());
      for (int pass = -1; pass < options.passes(); pass++) {
        for (int batch : BATCHES) {
          for (Map.Entry<String, Contestant> way : ways.entrySet()) {
            String verb = way.getKey().equals(PRODUCTS) ? "products" : "train";
            double seconds = options.seconds();
            double rate = way.getValue().number(verb + " " + batch + " " + seconds);
            if (pass >= 0) { // the first pass of each size warms up, too
              measured.computeIfAbsent(way.getKey() + batch, k -> new ArrayList<>()).add(rate);
            }
          }
        }
      }
    }
    return section(measured);
  }

  private static Section section(Map<String, List<Double>> measured) {
    Section section =
        new Section(
            "Training rounds: samples per second",
            "batch",
            "Spark local[2]",
            "Spark local-cluster[2,1]",
            "local loop",
            "matrix products alone",
            "PyTorch",
            "local loop / products",
            "local[2] / local loop",
            "local-cluster / local loop",
            "local loop / PyTorch",
            "local[2] / PyTorch",
            "products, GFLOP/s");
    for (int batch : BATCHES) {
      double spark = median(measured, SPARK, batch);
      double cluster = median(measured, CLUSTER, batch);
      double local = median(measured, LOCAL, batch);
      double products = median(measured, PRODUCTS, batch);
      double torch = median(measured, TORCH, batch);
      section.row(
          batch,
          (double) Math.round(spark),
          (double) Math.round(cluster),
          (double) Math.round(local),
          (double) Math.round(products),
          Double.isNaN(torch) ? null : (double) Math.round(torch),
          local / products,
          spark / local,
          cluster / local,
          local / torch,
          spark / torch,
          products * Products.operations() / 1e9);
    }
    section.note(
        "MLP 784-512-256-10, ReLU, softmax cross-entropy, float32, Adam; %,d generated rows of the"
                .formatted(Rows.COUNT)
            + " shape of MNIST in 2 partitions; all ways have 2 threads. A round is everything from"
            + " one update to the next. The products are the `sgemm` calls of a gradient, of the"
            + " same shapes and micro-batches, on 2 threads.");
    return section;
  }

  private static double median(Map<String, List<Double>> measured, String way, int batch) {
    return Window.median(measured.getOrDefault(way + batch, List.of()));
  }
}
