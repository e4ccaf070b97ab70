package dev.schuss.optim;

import dev.schuss.objective.Layout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The time of one update, beside the roofline: loops over the same arrays that do no more than read
 * and write them, with the same chunks and threads, in the same run.
 */
@State(Scope.Benchmark)
public class UpdateBench {
  @Param("adam")
  public String rule;

  @Param("1000000")
  public int size;

  private static final int TURNS = 3;

  private Optimizer optimizer;
  private Updater updater;
  private OptimizerState state;
  private List<Step.Span> spans;
  private float[] w;
  private float[] g;
  private float[] a;
  private float[] b;
  private float[] c;
  private int turn;

  /** A rule, and its roofline as passes over arrays: read-only and read-and-written ones. */
  private static Optimizer rule(String name) {
    Schedule rate = Schedule.constant(1e-4);
    return switch (name) {
      case "sgd" -> new Sgd(rate, 0);
      case "momentum" -> new Momentum(1e-4, 0.9);
      case "adam" -> new Adam(rate);
      case "radam" -> new RAdam(rate);
      case "novograd" ->
          new NovoGrad(
              rate, NovoGrad.Variant.STANDARD_EPS_OUTSIDE, 0.95, 0.98, 1e-8, 0.001, false);
      case "lamb" -> Lamb.DEFAULTS;
      case "lookahead" -> Lookahead.of(new Adam(rate), 5, 0.5);
      default -> throw new IllegalArgumentException("unknown rule " + name);
    };
  }

  /** Ten layers of a vector of random numbers. */
  @Setup
  public void prepare() {
    Layout.Builder builder = new Layout.Builder();
    for (int layer = 0; layer < 10; layer++) {
      builder.add("layer" + layer, true, size / 10);
    }
    Layout layout = builder.build();
    w = random(1);
    g = random(2);
    a = random(3);
    b = random(4);
    c = random(5);
    optimizer = rule(rule);
    updater = new Updater(optimizer, layout, List.of(), w);
    state = updater.state();
    spans = new ArrayList<>();
    for (int layer = 0; layer < 10; layer++) {
      int end = (layer + 1) * (size / 10);
      for (int from = layer * (size / 10); from < end; from += Step.CHUNK) {
        spans.add(new Step.Span(from, Math.min(end, from + Step.CHUNK), layer, 1e-4, 0.001));
      }
    }
    for (int t = 0; t < 8; t++) {
      updater.update(g, 0); // past RAdam's first steps
    }
  }

  private float[] random(long seed) {
    Random random = new Random(seed);
    float[] x = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = random.nextFloat() - 0.5f;
    }
    return x;
  }

  /** The update as the trainer makes it, with all checks. */
  @Benchmark
  public void update() {
    updater.update(g, 0);
  }

  /** The rule alone, without looking for numbers that are not finite. */
  @Benchmark
  public void ruleAlone() {
    optimizer.step(new Step(w, g, 0, 1e-4, state, "", spans, Guard.NONE, new double[spans.size()]));
    state.advance();
  }

  /** The same bytes. */
  @Benchmark
  public void roofline() {
    switch (rule) {
      case "sgd" -> pass(this::readWrite1);
      case "momentum" -> pass(this::readWrite2);
      case "adam", "radam" -> pass(this::readWrite3);
      case "novograd" -> {
        pass(this::readOnly);
        pass(this::readWrite2);
      }
      case "lamb" -> {
        pass(this::readWrite3AndG);
        pass(this::readWrite1);
      }
      case "lookahead" -> {
        pass(this::readWrite3);
        if (++turn % 5 == 0) {
          pass(this::interpolate);
        }
      }
      default -> throw new IllegalArgumentException(rule);
    }
  }

  /** The same bytes, after the gradient was read once: it must be finite before anything changes. */
  @Benchmark
  public void rooflineAfterReading() {
    pass(this::readOnly);
    roofline();
  }

  private interface Loop {
    void over(int from, int to);
  }

  private void pass(Loop loop) {
    IntStream indexes = IntStream.range(0, spans.size());
    (size < Step.PARALLEL ? indexes : indexes.parallel())
        .forEach(i -> loop.over(spans.get(i).from(), spans.get(i).to()));
  }

  private volatile float sink;

  private void readOnly(int from, int to) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    for (int i = from; i < to - 7; i += 8) {
      s0 += g[i];
      s1 += g[i + 1];
      s2 += g[i + 2];
      s3 += g[i + 3];
      s4 += g[i + 4];
      s5 += g[i + 5];
      s6 += g[i + 6];
      s7 += g[i + 7];
    }
    sink = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
  }

  private void readWrite1(int from, int to) {
    for (int i = from; i < to; i++) {
      w[i] += g[i];
    }
  }

  private void readWrite2(int from, int to) {
    for (int i = from; i < to; i++) {
      a[i] += g[i];
      w[i] += a[i];
    }
  }

  private void readWrite3(int from, int to) {
    for (int i = from; i < to; i++) {
      a[i] += g[i];
      b[i] += g[i];
      w[i] += a[i] + b[i];
    }
  }

  private void readWrite3AndG(int from, int to) {
    for (int i = from; i < to; i++) {
      a[i] += g[i];
      b[i] += g[i];
      g[i] = a[i] + b[i] + w[i];
    }
  }

  private void interpolate(int from, int to) {
    for (int i = from; i < to; i++) {
      c[i] += w[i];
      w[i] = c[i];
    }
  }

  /** Runs all and prints one table. */
  public static void main(String[] args) throws RunnerException {
    List<String> rules =
        args.length > 0
            ? List.of(args)
            : List.of("sgd", "momentum", "adam", "radam", "novograd", "lamb", "lookahead");
    int threads = Integer.getInteger("threads", 2);
    System.out.printf(
        Locale.ROOT,
        "%-10s %10s | %12s %8s %4s | %12s %9s %4s%n",
        "rule", "parameters", "roofline ms", "rule ms", "%", "+ read g ms", "update ms", "%");
    for (String size : System.getProperty("sizes", "100000,1000000,10000000").split(",")) {
      for (String rule : rules) {
        // In turns, so that what else the machine does for some seconds hits none of them alone.
        List<RunResult> results = new ArrayList<>();
        for (int turn = 0; turn < TURNS; turn++) {
          results.addAll(
              new Runner(
                      new OptionsBuilder()
                          .include(UpdateBench.class.getName())
                          .param("rule", rule)
                          .param("size", size)
                          .mode(org.openjdk.jmh.annotations.Mode.AverageTime)
                          .timeUnit(TimeUnit.MICROSECONDS)
                          .forks(1)
                          .jvmArgsAppend(
                              "-Xmx2g",
                              "-Djava.util.concurrent.ForkJoinPool.common.parallelism="
                                  + Math.max(threads - 1, 1))
                          .warmupIterations(3)
                          .warmupTime(seconds())
                          .measurementIterations(8)
                          .measurementTime(seconds())
                          .verbosity(VerboseMode.SILENT)
                          .build())
                  .run());
        }
        double roofline = best(results, "roofline");
        double alone = best(results, "ruleAlone");
        double update = best(results, "update");
        double reading = best(results, "rooflineAfterReading");
        System.out.printf(
            Locale.ROOT,
            "%-10s %10s | %12.3f %8.3f %4.0f | %12.3f %9.3f %4.0f%n",
            rule, size, roofline / 1e3, alone / 1e3, 100 * roofline / alone,
            reading / 1e3, update / 1e3, 100 * reading / update);
      }
    }
  }

  private static TimeValue seconds() {
    return TimeValue.milliseconds((long) (1000 * Double.parseDouble(System.getProperty("seconds"))));
  }

  /** The fastest of the iterations, in microseconds: what other processes disturbed least. */
  private static double best(Collection<RunResult> results, String name) {
    return results.stream()
        .filter(r -> r.getParams().getBenchmark().endsWith("." + name))
        .flatMap(r -> r.getBenchmarkResults().stream())
        .flatMap(r -> r.getIterationResults().stream())
        .map(i -> i.getPrimaryResult().getScore())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }
}
