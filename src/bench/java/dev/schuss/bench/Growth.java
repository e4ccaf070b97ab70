package dev.schuss.bench;

import static dev.schuss.bench.Contestant.jvm;

import dev.schuss.train.CostModel;
import dev.schuss.train.CostModel.Cluster;
import dev.schuss.train.CostModel.Estimate;
import dev.schuss.train.CostModel.Round;
import dev.schuss.train.Reduction;
import dev.schuss.train.ReductionPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a round's overhead grows with parameters, partitions, rows and executor processes; the
 * constants of {@link CostModel} that follow, and how well the model in use predicts.
 */
final class Growth {
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private final Options options;
  private final List<Point> points = new ArrayList<>();

  Growth(Options options) {
    this.options = options;
    for (int parameters : new int[] {10_000, 100_000, 1_000_000, 5_000_000, 20_000_000}) {
      points.add(Point.of(0, parameters, 2, 100_000, true));
      points.add(Point.of(2, parameters, 2, 100_000, true));
    }
    for (int partitions : new int[] {8, 32, 128}) {
      points.add(Point.of(0, 535_818, partitions, 100_000, true));
      points.add(Point.of(2, 535_818, partitions, 100_000, true));
    }
    for (int executors : new int[] {1, 4}) {
      for (int parameters : new int[] {10_000, 535_818, 5_000_000}) {
        points.add(Point.of(executors, parameters, executors, 100_000, true));
      }
    }
    for (int rows : new int[] {10_000, 1_000_000}) {
      points.add(Point.of(0, 535_818, 2, rows, false));
      points.add(Point.of(2, 535_818, 2, rows, false));
    }
    for (int parameters : new int[] {300_000, 2_000_000, 10_000_000}) {
      points.add(Point.of(0, parameters, 2, 100_000, false));
      points.add(Point.of(2, parameters, 2, 100_000, false));
      points.add(Point.of(3, parameters, 3, 100_000, false));
    }
    for (int tasks : new int[] {8, 32}) { // more threads than cores: what a task costs
      points.add(new Point(0, tasks, 10_000, tasks, 100_000, Reduction.AUTO, true));
    }
    for (Reduction reduction : List.of(Reduction.ORDERED, Reduction.TREE)) {
      for (int parameters : new int[] {10_000, 535_818, 2_000_000}) {
        boolean fitted = reduction == Reduction.ORDERED && parameters == 10_000;
        points.add(new Point(2, 8, parameters, 16, 100_000, reduction, fitted));
      }
    }
    points.add(Point.of(0, 1_500_000, 16, 100_000, false));
    points.add(Point.of(2, 1_500_000, 16, 100_000, false));
  }

  /**
   * A combination to be measured.
   *
   * @param executors processes; 0 for a local master
   * @param threads of the driver or of each process
   * @param fitted whether the constants follow from it, too
   */
  private record Point(
      int executors,
      int threads,
      int parameters,
      int partitions,
      int rows,
      Reduction reduction,
      boolean fitted) {
    static Point of(int executors, int parameters, int partitions, int rows, boolean fitted) {
      int threads = executors == 0 ? CORES : 1;
      return new Point(
          executors, threads, parameters, partitions, rows, Reduction.AUTO, fitted);
    }

    String master() {
      return executors == 0
          ? "local[%d]".formatted(threads)
          : "local-cluster[%d,%d,1024]".formatted(executors, threads);
    }

    int tasks() {
      return Math.max(1, executors) * threads;
    }

    Cluster cluster() {
      return Cluster.onOneMachine(Math.max(1, executors), threads, CORES);
    }

    Round round() {
      return new Round(parameters, 0, partitions, 8L * partitions, 0);
    }

    ReductionPlan plan() {
      return ReductionPlan.of(
          reduction, null, parameters, partitions, tasks(), executors == 0, 0);
    }
  }

  /** Medians of passes: overhead, broadcast, wait, reduce, update, in seconds. */
  private record Measured(Point point, double[] seconds) {}

  Section run(Map<String, Object> machine) throws IOException {
    List<Measured> measured = new ArrayList<>();
    for (String master : points.stream().map(Point::master).distinct().toList()) {
      List<Point> here = points.stream().filter(p -> p.master().equals(master)).toList();
      measured.addAll(measure(machine, here));
    }
    Section section =
        new Section(
            "Growth of a round's overhead, in milliseconds",
            "master",
            "parameters",
            "partitions",
            "rows",
            "reduction",
            "broadcast",
            "wait",
            "reduce",
            "update",
            "all",
            "predicted",
            "predicted / measured",
            "fitted");
    for (Measured m : measured) {
      Point p = m.point();
      Estimate e =
          CostModel.of(p.executors() == 0).estimate(p.round(), p.cluster(), p.plan(), 1e11);
      double[] ms = Arrays.stream(m.seconds()).map(s -> 1e3 * s).toArray();
      section.row(
          p.master().replace(",1024", ""),
          p.parameters(),
          p.partitions(),
          p.rows(),
          p.plan().kind().name().toLowerCase(Locale.ROOT),
          ms[1],
          ms[2],
          ms[3],
          ms[4],
          ms[0],
          1e3 * e.overhead(),
          e.overhead() / m.seconds()[0],
          p.fitted() ? "yes" : "no");
    }
    section.note(
        "Rounds that compute next to nothing, with plain gradient descent; executors of one core,"
            + " all processes on this machine. Predictions are those of the constants in"
            + " `CostModel`; the constants that this run gives, in the order of its terms:");
    section.note("in one JVM: " + constants(measured, true));
    section.note("processes: " + constants(measured, false));
    return section;
  }

  private List<Measured> measure(Map<String, Object> machine, List<Point> here)
      throws IOException {
    List<List<double[]>> answers = new ArrayList<>();
    here.forEach(point -> answers.add(new ArrayList<>()));
    String master = here.get(0).master();
    try (Contestant c =
        new Contestant("growth", jvm("6g", List.of(), Worker.class.getName(), master))) {
      machine.put("Spark", c.ask("spark"));
      // Spark's first thousand jobs are several times slower than the later ones.
      int warm = here.get(0).executors() < 2 ? 25 : 60;
      c.ask("rounds 535818 2 100000 " + (options.quick() ? 3 : warm));
      for (int pass = 0; pass < Math.min(3, options.passes()); pass++) {
        for (int i = 0; i < here.size(); i++) {
          Point p = here.get(i);
          String question =
              "rounds %d %d %d %s %s"
                  .formatted(
                      p.parameters(), p.partitions(), p.rows(), options.seconds(), p.reduction());
          answers.get(i).add(numbers(c.ask(question)));
        }
      }
    }
    List<Measured> measured = new ArrayList<>();
    for (int i = 0; i < here.size(); i++) {
      measured.add(new Measured(here.get(i), medians(answers.get(i))));
    }
    return measured;
  }

  private static double[] numbers(String answer) {
    return Arrays.stream(answer.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  private static double[] medians(List<double[]> passes) {
    double[] medians = new double[5];
    for (int k = 0; k < medians.length; k++) {
      int part = k;
      medians[k] = Window.median(passes.stream().map(pass -> pass[part]).toList()) / 1e3;
    }
    return medians;
  }

  private static String constants(List<Measured> measured, boolean oneJvm) {
    Fit broadcast = new Fit();
    Fit waiting = new Fit();
    Fit reduce = new Fit();
    Fit update = new Fit();
    // On two cores one cannot tell what a task costs the driver from what it costs executors.
    double perTask = oneJvm ? 0 : CostModel.ONE_JVM.waiting()[1];
    for (Measured m : measured) {
      Point p = m.point();
      if (p.fitted() && oneJvm == (p.executors() == 0)) {
        double[] wait = CostModel.waitingTerms(p.round(), p.cluster(), p.plan().tasks());
        if (!oneJvm) {
          wait[1] = 0;
        }
        broadcast.add(CostModel.broadcastTerms(p.round(), p.cluster()), m.seconds()[1]);
        waiting.add(wait, m.seconds()[2] - perTask * p.plan().tasks());
        reduce.add(CostModel.reduceTerms(p.round(), p.cluster(), p.plan()), m.seconds()[3]);
        update.add(CostModel.updateTerms(p.round()), m.seconds()[4]);
      }
    }
    List<String> texts = new ArrayList<>();
    for (Fit fit : List.of(broadcast, waiting, reduce, update)) {
      texts.add(Arrays.toString(Arrays.stream(fit.constants()).map(Growth::threeDigits).toArray()));
    }
    return "`" + String.join(" ", texts) + "`";
  }

  private static double threeDigits(double x) {
    return Double.parseDouble("%.2e".formatted(x));
  }
}
