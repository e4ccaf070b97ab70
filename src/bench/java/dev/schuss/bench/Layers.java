package dev.schuss.bench;

import com.sun.management.ThreadMXBean;
import dev.schuss.math.Blas;
import dev.schuss.math.SparseRows;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Conv2d;
import dev.schuss.nn.GlobalAveragePool;
import dev.schuss.nn.Network;
import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The gradients of layers on one thread, each beside something else in turns: dense and
 * convolution beside their matrix products, an activation beside none, sparse rows beside denser
 * ones; and what memory each takes anew for a row.
 */
final class Layers {
  private static final int WIDTH = 512;
  private static final int CLASSES = 10;
  private static final int SPARSE_ROWS = 256;
  private static final int FEATURES = 100_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Options options;
  private final Random random = new Random(1);
  private final Section section =
      new Section(
          "Layers: milliseconds of a gradient, one thread",
          "what",
          "rows",
          "ms",
          "beside it",
          "ms",
          "%",
          "which is",
          "bytes allocated for a row");

  private Layers(Options options) {
    this.options = options;
  }

  static Section run(Options options) {
    Layers layers = new Layers(options);
    layers.dense();
    layers.convolution();
    layers.activations();
    layers.sparse();
    layers.section.note(
        "Dense: 512-512-512-10 with ReLU, all of it. Convolution: two of 3 x 3 with ReLU, channels"
            + " to as many, with average pooling and 10 outputs behind them; its products are those"
            + " of its im2col form, as many images at a time. Activations: 512-512-512-10 beside"
            + " the same without one. Sparse: a linear model of 100,000 features with 64 outputs,"
            + " its time for each non-zero.");
    return layers.section;
  }

  /** The gradient of some rows, in micro-batches as a task computes it. */
  private static Runnable gradient(Network network, Batch batch, int rows) {
    float[] w = network.initialWeights(1);
    GradientSum sum = new GradientSum(w.length);
    int times = rows / batch.rows();
    return () -> {
      for (int i = 0; i < times; i++) {
        network.addGradient(w, batch, sum);
      }
    };
  }

  private Batch batch(int rows, int inputs) {
    float[] labels = new float[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i % CLASSES;
    }
    return Batch.of(rows, random(rows * inputs), labels);
  }

  private float[] random(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private void dense() {
    Network network = wide(Activation.RELU);
    for (int rows : new int[] {256, 1024, 4096}) {
      int micro = Math.min(rows, network.microBatch());
      float[] x = random(micro * WIDTH);
      float[] y = random(micro * WIDTH);
      float[] w = random(WIDTH * WIDTH);
      Runnable products =
          () -> {
            for (int done = 0; done < rows; done += micro) {
              layer(micro, WIDTH, false, x, w, y);
              layer(micro, WIDTH, true, x, w, y);
              layer(micro, CLASSES, true, x, w, y);
            }
          };
      beside(
          "dense",
          rows,
          gradient(network, batch(micro, WIDTH), rows),
          "its products",
          products,
          (all, alone) -> alone / all,
          "of their rate");
    }
  }

  /** The products of a dense layer's gradient, and the one for its input's where that is wanted. */
  private static void layer(int rows, int out, boolean input, float[] x, float[] w, float[] y) {
    Blas blas = Blas.get();
    blas.sgemm(true, false, out, rows, WIDTH, 1, w, 0, WIDTH, x, 0, WIDTH, 0, y, 0, out);
    blas.sgemm(false, true, WIDTH, out, rows, 1, x, 0, WIDTH, y, 0, out, 0, w, 0, WIDTH);
    if (input) {
      blas.sgemm(false, false, WIDTH, rows, out, 1, w, 0, WIDTH, y, 0, out, 0, x, 0, WIDTH);
    }
  }

  private void convolution() {
    int rows = 64;
    for (int[] shape : new int[][] {{16, 32}, {32, 16}, {64, 8}}) {
      int channels = shape[0];
      int places = shape[1] * shape[1];
      int depth = 9 * channels;
      Conv2d conv = new Conv2d(channels, 3, 1, 1, true, Activation.RELU);
      Network network =
          Network.input(channels, shape[1], shape[1])
              .layer(conv)
              .layer(conv)
              .layer(new GlobalAveragePool())
              .output(CLASSES);
      int micro = Math.min(rows, network.microBatch());
      int images = Math.max(1, 512 / places);
      int n = images * places;
      float[] lowered = random(depth * n);
      float[] kernel = random(channels * depth);
      float[] made = random(channels * n);
      Blas blas = Blas.get();
      Runnable products =
          () -> {
            for (int done = 0; done < rows; done += images) {
              for (int i = 0; i < 2; i++) { // both layers: the outputs, then the kernel's gradient
                blas.sgemm(
                    false, false, n, channels, depth, 1, lowered, 0, n, kernel, 0, depth, 0, made,
                    0, n);
                blas.sgemm(
                    true, false, depth, channels, n, 1, lowered, 0, n, made, 0, n, 0, kernel, 0,
                    depth);
              }
              // The first layer's input has no gradient.
              blas.sgemm(
                  false, true, n, depth, channels, 1, made, 0, n, kernel, 0, depth, 0, lowered, 0,
                  n);
            }
          };
      beside(
          "convolution, %d channels of %d x %d".formatted(channels, shape[1], shape[1]),
          rows,
          gradient(network, batch(micro, channels * places), rows),
          "its products",
          products,
          (all, alone) -> alone / all,
          "of their rate");
    }
  }

  private static Network wide(Activation activation) {
    return Network.input(WIDTH).dense(WIDTH, activation).dense(WIDTH, activation).output(CLASSES);
  }

  private void activations() {
    int rows = 512;
    Batch batch = batch(rows, WIDTH);
    Map<String, Activation> all = new LinkedHashMap<>();
    all.put("relu", Activation.RELU);
    all.put("sigmoid", Activation.SIGMOID);
    all.put("tanh", Activation.TANH);
    all.put("gelu", Activation.GELU);
    all.put("gelu-tanh", new Activation.GeluTanh());
    all.put("softplus", new Activation.Softplus(1));
    all.put("elu", new Activation.Elu(1));
    for (String name : all.keySet()) {
      Activation activation = all.get(name);
      beside(
          name,
          rows,
          gradient(wide(activation), batch, rows),
          "no activation",
          gradient(wide(Activation.IDENTITY), batch, rows),
          (with, without) -> (with - without) / with,
          "of the time");
    }
  }

  private void sparse() {
    Network network = Network.input(FEATURES).output(64);
    Runnable usual = gradient(network, sparse(FEATURES / 100), SPARSE_ROWS);
    for (int entries : new int[] {FEATURES / 1000, FEATURES / 10}) {
      double each = entries / (FEATURES / 100.0);
      beside(
          "sparse, %s %% non-zero".formatted(entries * 100.0 / FEATURES),
          SPARSE_ROWS,
          gradient(network, sparse(entries), SPARSE_ROWS),
          "1 % non-zero",
          usual,
          (these, those) -> these / each / those,
          "of that for each");
    }
  }

  private Batch sparse(int entries) {
    Batch batch = new Batch(SPARSE_ROWS, FEATURES, 1);
    SparseRows rows = batch.resizeSparse(SPARSE_ROWS);
    int step = FEATURES / entries;
    for (int r = 0; r < SPARSE_ROWS; r++) {
      int[] indices = new int[entries];
      for (int i = 0; i < entries; i++) {
        indices[i] = i * step + random.nextInt(step);
      }
      rows.append(indices, random(entries), 0, entries);
    }
    Arrays.fill(batch.weights(), 1);
    return batch;
  }

  /** What two times make of each other. */
  private interface Share {
    double of(double one, double other);
  }

  private void beside(
      String what, int rows, Runnable one, String name, Runnable other, Share share, String which) {
    List<Double> times = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    for (int pass = -1; pass < options.passes(); pass++) {
      double a = millis(one);
      double b = millis(other);
      if (pass >= 0) { // the first one warms up
        times.add(a);
        others.add(b);
        shares.add(100 * share.of(a, b));
      }
    }
    long thread = Thread.currentThread().getId();
    long before = THREADS.getThreadAllocatedBytes(thread);
    one.run();
    long bytes = THREADS.getThreadAllocatedBytes(thread) - before;
    section.row(
        what,
        rows,
        Window.median(times),
        name,
        Window.median(others),
        Window.median(shares),
        which,
        bytes / (double) rows);
  }

  /** Mean over as many calls as a third of a measurement has room for. */
  private double millis(Runnable work) {
    long start = System.nanoTime();
    int calls = 0;
    long now = start;
    while (calls < 2 || now - start < options.seconds() * 1e9 / 3) {
      work.run();
      calls++;
      now = System.nanoTime();
    }
    return (now - start) / 1e6 / calls;
  }
}
