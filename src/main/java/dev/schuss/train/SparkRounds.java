package dev.schuss.train;

import dev.schuss.data.Blocks;
import dev.schuss.data.RoundRows;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Objective;
import dev.schuss.train.PairwiseSum.Branch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaSparkContext;

/** Rounds as Spark jobs: ordinary tasks over persisted blocks, no barrier, no accumulators. */
final class SparkRounds implements Rounds {
  private final JavaSparkContext spark;
  private final Jobs jobs;
  private final Objective objective;
  private final Blocks train;
  private final Blocks validation;
  private final Blocks test;
  private final ReductionPlan plan;
  private final boolean oneJvm;

  private Launched now;
  private Launched next;

  /** Jobs of rounds whose sums are there; Spark may still count their tasks. */
  private final Deque<Future<?>> counted = new ArrayDeque<>();

  private long started;
  private double broadcastSeconds;
  private RoundTime time = RoundTime.NONE;

  /** A round's job, and what it was sent. */
  private record Launched(Sent sent, Future<GradientSum> job) {}

  SparkRounds(
      JavaSparkContext spark,
      Objective objective,
      Blocks train,
      Blocks validation,
      Blocks test,
      ReductionPlan plan) {
    this.spark = spark;
    this.jobs = new Jobs(spark.sc());
    this.objective = objective;
    this.train = train;
    this.validation = validation;
    this.test = test;
    this.plan = plan;
    this.oneJvm = spark.isLocal() && tasksSeeHandover();
  }

  private boolean tasksSeeHandover() {
    long round = Handover.begin(null, 0);
    try {
      return train.rdd().map(block -> Handover.sees(round)).collect().stream().allMatch(b -> b);
    } finally {
      Handover.end(round);
    }
  }

  @Override
  public int[] rowsPerPartition() {
    return train.rowsPerPartition();
  }

  @Override
  public int idleCores() {
    return spark.isLocal() ? 0 : Runtime.getRuntime().availableProcessors();
  }

  @Override
  public ReductionPlan reduction() {
    return plan;
  }

  @Override
  public void start(float[] w, RoundRows rows, String description) {
    started = System.nanoTime();
    noticeCancelled();
    RoundInput input = new RoundInput(w, rows);
    if (next == null) {
      now = launch(send(input), description);
    } else {
      now = next;
      next = null;
      now.sent().give(input);
    }
    broadcastSeconds = Stopwatch.since(started);
  }

  /**
   * A job may be cancelled after its tasks have left their sums: the round is made, and whoever
   * cancelled it wants the training to end all the same.
   */
  private void noticeCancelled() {
    while (!counted.isEmpty() && counted.peek().isDone()) {
      try {
        counted.remove().get();
      } catch (ExecutionException e) {
        if (Stopped.why(e) != null) {
          throw new CompletionException(e.getCause());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // noticed where the round is waited for
      }
    }
  }

  private Launched launch(Sent round, String description) {
    return new Launched(round, jobs.start(() -> sum(round), description));
  }

  private Sent send(RoundInput input) {
    if (!oneJvm) {
      return Sent.by(spark, objective, input);
    }
    Sent sent = ahead();
    sent.give(input);
    return sent;
  }

  /** What tasks in this JVM are sent before there is an input. */
  private Sent ahead() {
    return Sent.within(objective, train.rdd().getNumPartitions());
  }

  private GradientSum sum(Sent round) {
    if (plan.tree()) {
      return tree(round);
    }
    if (plan.inGroups()) {
      return inGroups(round);
    }
    return oneJvm ? leftToDriver(round) : gathered(round);
  }

  @Override
  public GradientSum finish(String following) {
    try {
      GradientSum sum =
          oneJvm && !plan.executorsAddUp() ? taken(following) : jobs.result(now.job());
      note(sum);
      return sum;
    } finally {
      counted.add(now.job());
      now.sent().close();
      now = null;
    }
  }

  /**
   * The sum of what tasks left. By then the round needs no task any more, so those of the next one
   * may take the slots and wait there for weights: Spark brings them on their way meanwhile.
   */
  private GradientSum taken(String following) {
    List<Branch> branches = jobs.result(Handover.sums(now.sent().round()));
    if (following != null) {
      next = launch(ahead(), following);
    }
    return total(branches);
  }

  @Override
  public void withdraw() {
    if (next != null) {
      next.sent().give(null);
      Jobs.await(next.job());
      next.sent().close();
      next = null;
    }
  }

  private static GradientSum total(List<Branch> branches) {
    PairwiseSum sum = new PairwiseSum();
    branches.forEach(sum::add);
    return sum.total();
  }

  /** The driver takes what tasks leave, and waits for this job only if it fails. */
  private GradientSum leftToDriver(Sent round) {
    try {
      jobs.run(train.rdd(), new GradientTask(round, plan.ordered()));
      return null;
    } catch (Throwable e) {
      Handover.fail(round.round(), e);
      throw e;
    }
  }

  private GradientSum gathered(Sent round) {
    List<Partial> parts = jobs.run(train.rdd(), new GradientTask(round, plan.ordered()));
    return total(parts.stream().flatMap(part -> part.branches().stream()).toList());
  }

  private GradientSum tree(Sent round) {
    GradientTask task = new GradientTask(round, false);
    GradientSum zero = new GradientSum(objective.layout().size());
    return train
        .rdd()
        .mapPartitions(task::sum, true)
        .treeAggregate(zero, GradientSum::merge, GradientSum::merge, plan.depth());
  }

  /** As {@link #gathered}, to the bit, with an executor adding up each group of tasks. */
  private GradientSum inGroups(Sent round) {
    GradientTask task = new GradientTask(round, true);
    int size = plan.groupSize();
    List<Partial> groups =
        train
            .rdd()
            .mapPartitionsToPair(blocks -> task.ofGroup(blocks, size))
            .partitionBy(new HashPartitioner(plan.arriving())) // group g is partition g
            .mapPartitions(parts -> List.of(Partial.total(parts)).iterator(), true)
            .collect();
    return total(groups.stream().flatMap(part -> part.branches().stream()).toList());
  }

  private void note(GradientSum sum) {
    double wall = Stopwatch.since(started);
    double compute = sum.work().slowestSeconds();
    double rest = Math.max(0, wall - broadcastSeconds - compute);
    double reduce = Math.max(0, Math.min(rest, sum.work().secondsSinceLastEnd()));
    time =
        new RoundTime(broadcastSeconds, rest - reduce, compute, sum.work().meanSeconds(), reduce);
  }

  @Override
  public RoundTime time() {
    return time;
  }

  @Override
  public Evaluation validate(float[] w) {
    return evaluate(w, validation);
  }

  @Override
  public Evaluation test(float[] w) {
    return evaluate(w, test);
  }

  private Evaluation evaluate(float[] w, Blocks blocks) {
    withdraw(); // its tasks have the slots
    if (blocks == null) {
      return null;
    }
    try (Sent weights = send(Evaluator.input(w))) {
      return Evaluator.run(jobs, weights, objective, blocks);
    }
  }

  @Override
  public void close() {
    withdraw();
    if (now != null) {
      Jobs.await(now.job());
      now.sent().close();
    }
    counted.forEach(Jobs::await);
    jobs.close();
  }
}
