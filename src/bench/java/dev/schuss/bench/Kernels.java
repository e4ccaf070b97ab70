package dev.schuss.bench;

import dev.schuss.data.Block;
import dev.schuss.math.Blas;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Conv2d;
import dev.schuss.nn.GlobalAveragePool;
import dev.schuss.nn.Network;
import dev.schuss.nn.SoftmaxCrossEntropy;
import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What a gradient is made of, on one thread: each for one micro-batch (JMH). */
@State(Scope.Benchmark)
public class Kernels {
  private static final int ROWS = 512;
  private static final int IN = 784;
  private static final int OUT = 512;
  private static final int CLASSES = 10;

  private static final int CHANNELS = 32;
  private static final int SIDE = 16;
  private static final int PLACES = SIDE * SIDE;
  private static final int DEPTH = CHANNELS * 9;

  private Network wide;
  private Network images;
  private Batch imageBatch;
  private float[] imageWeights;
  private GradientSum imageSum;
  private float[] columns;
  private float[] kernel;
  private float[] made;
  private Network shallow;
  private Block block;
  private int[] order;
  private int next;
  private Batch batch;
  private float[] w;
  private float[] x;
  private float[] y;
  private float[] scores;
  private float[] d;
  private float[] targets;
  private float[] weights;
  private GradientSum sum;

  /** Random numbers of the shapes of the first layer of the throughput measurements. */
  @Setup
  public void prepare() {
    wide =
        Network.input(IN).dense(512, Activation.RELU).dense(256, Activation.RELU).output(CLASSES);
    shallow = Network.input(IN).output(OUT);
    block = Rows.local(2).get(0);
    order = block.permutation(1, 0);
    batch = new Batch(ROWS, IN, 1);
    block.gather(order, 0, ROWS, batch);
    w = wide.initialWeights(1);
    x = random(ROWS * IN);
    y = random(ROWS * OUT);
    scores = random(ROWS * CLASSES);
    d = new float[ROWS * CLASSES];
    targets = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      targets[i] = i % CLASSES;
    }
    weights = new float[ROWS];
    Arrays.fill(weights, 1);
    sum = new GradientSum(w.length);
    Conv2d conv = new Conv2d(CHANNELS, 3, 1, 1, true, Activation.RELU);
    images =
        Network.input(CHANNELS, SIDE, SIDE)
            .layer(conv)
            .layer(conv)
            .layer(new GlobalAveragePool())
            .output(CLASSES);
    imageBatch = Batch.of(ROWS, random(ROWS * CHANNELS * PLACES), targets);
    imageWeights = images.initialWeights(1);
    imageSum = new GradientSum(imageWeights.length);
    columns = random(DEPTH * 2 * PLACES);
    kernel = random(CHANNELS * DEPTH);
    made = random(CHANNELS * 2 * PLACES);
  }

  /** The gradient of two 3 x 3 convolutions, 32 channels to 32, of images of 16 x 16. */
  @Benchmark
  public void convolutionGradient() {
    images.addGradient(imageWeights, imageBatch, imageSum);
  }

  /** The five matrix products of that, for two images at a time. */
  @Benchmark
  public void convolutionProducts() {
    int n = 2 * PLACES;
    for (int row = 0; row < ROWS; row += 2) {
      for (int product = 0; product < 5; product++) {
        if (product < 2) {
          Blas.get()
              .sgemm(
                  false, false, n, CHANNELS, DEPTH, 1, columns, 0, n, kernel, 0, DEPTH, 0, made, 0,
                  n);
        } else if (product < 4) {
          Blas.get()
              .sgemm(
                  true, false, DEPTH, CHANNELS, n, 1, columns, 0, n, made, 0, n, 0, kernel, 0,
                  DEPTH);
        } else {
          Blas.get()
              .sgemm(
                  false, true, n, DEPTH, CHANNELS, 1, made, 0, n, kernel, 0, DEPTH, 0, columns, 0,
                  n);
        }
      }
    }
  }

  private static float[] random(int n) {
    Random random = new Random(1);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  /** The product of a dense layer 784 to 512. */
  @Benchmark
  public void denseForwardProduct() {
    Blas.get().sgemm(true, false, OUT, ROWS, IN, 1, w, 0, IN, x, 0, IN, 0, y, 0, OUT);
  }

  /** The same layer as the network has it, with its bias. */
  @Benchmark
  public float[] denseForward() {
    return shallow.outputs(w, x, ROWS);
  }

  /** The gradient of the whole network 784-512-256-10. */
  @Benchmark
  public void gradient() {
    wide.addGradient(w, batch, sum);
  }

  /** Rows from random places of a block of 30,000. */
  @Benchmark
  public void gather() {
    next = next + 2 * ROWS > order.length ? 0 : next + ROWS;
    block.gather(order, next, ROWS, batch);
  }

  /** Loss and gradient for 10 classes. */
  @Benchmark
  public double softmaxCrossEntropy() {
    return SoftmaxCrossEntropy.DEFAULTS.of(scores, targets, weights, ROWS, CLASSES, d);
  }

  /** The rows that a measurement counts: one micro-batch. */
  static Section run(Options options) {
    Section section =
        new Section(
            "Kernels: microseconds for %d rows, one thread".formatted(ROWS),
            "kernel",
            "best",
            "median");
    try {
      Map<String, double[]> times = new TreeMap<>();
      for (RunResult result :
          new Runner(
                  new OptionsBuilder()
                      .include(Kernels.class.getName())
                      .mode(Mode.AverageTime)
                      .timeUnit(TimeUnit.MICROSECONDS)
                      .forks(1)
                      .warmupIterations(3)
                      .warmupTime(TimeValue.milliseconds(options.quick() ? 200 : 500))
                      .measurementIterations(options.quick() ? 3 : 10)
                      .measurementTime(TimeValue.milliseconds(options.quick() ? 100 : 300))
                      .verbosity(VerboseMode.SILENT)
                      .build())
              .run()) {
        double[] scores =
            result.getBenchmarkResults().stream()
                .flatMap(r -> r.getIterationResults().stream())
                .map(i -> i.getPrimaryResult().getScore())
                .sorted(Comparator.naturalOrder())
                .mapToDouble(s -> s)
                .toArray();
        String name = result.getParams().getBenchmark();
        times.put(name.substring(name.lastIndexOf('.') + 1), scores);
      }
      times.forEach((name, t) -> section.row(name, t[0], t[t.length / 2]));
    } catch (RunnerException e) {
      throw new IllegalStateException(e);
    }
    return section;
  }
}
