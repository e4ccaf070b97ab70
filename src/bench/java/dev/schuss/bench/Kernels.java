package dev.schuss.bench;

import dev.schuss.data.Block;
import dev.schuss.math.Blas;
import dev.schuss.nn.Activation;
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

  private Network wide;
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
