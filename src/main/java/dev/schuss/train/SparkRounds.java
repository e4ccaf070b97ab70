package dev.schuss.train;

import dev.schuss.data.Block;
import dev.schuss.data.Blocks;
import dev.schuss.data.RoundRows;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Objective;
import dev.schuss.train.PairwiseSum.Branch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

  /** What the last tasks came from, in this JVM: its job goes on until Spark has the next one. */
  private Sent held;

  /** Jobs whose results are there; Spark may still count their tasks. */
  private final Deque<Future<?>> counted = new ArrayDeque<>();

  private long started;
  private RoundTime time = RoundTime.NONE;

  /**
   * A round under way.
   *
   * @param sent to tasks in this JVM; null where it is broadcast
   * @param job its end, which may be later than its sum
   */
  private record Launched(Sent sent, Future<Made> made, Future<?> job) {}

  /**
   * What came of a round.
   *
   * @param sum null where branches are still to be added up
   */
  private record Made(GradientSum sum, List<Branch> branches, double broadcastSeconds) {}

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
    if (!oneJvm) {
      now = broadcast(input, description);
    } else {
      now = next == null ? ahead(description) : next;
      next = null;
      now.sent().give(input);
    }
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

  /** The sum is there before the weights are freed: nobody has to wait for that. */
  private Launched broadcast(RoundInput input, String description) {
    long asked = System.nanoTime();
    CompletableFuture<Made> made = new CompletableFuture<>();
    Future<?> job =
        jobs.start(
            made,
            () -> {
              try (Sent sent = Sent.by(spark, objective, input)) {
                double seconds = Stopwatch.since(asked);
                return made.complete(new Made(sum(sent), null, seconds));
              }
            },
            description);
    return new Launched(null, made, job);
  }

  /** A round in this JVM, whose input is still to be given. */
  private Launched ahead(String description) {
    Sent sent = Sent.within(objective, train.rdd().getNumPartitions());
    if (plan.executorsAddUp()) {
      letGo();
      CompletableFuture<Made> made = new CompletableFuture<>();
      Future<?> job =
          jobs.start(made, () -> made.complete(new Made(sum(sent), null, 0)), description);
      return new Launched(sent, made, job);
    }
    CompletableFuture<List<List<Branch>>> left = Handover.results(sent.round());
    GradientTask task = new GradientTask(sent, plan.ordered());
    Future<?> job = leaving(left, train, task, description);
    return new Launched(sent, left.thenApply(parts -> new Made(null, flat(parts), 0)), job);
  }

  /** A job whose tasks leave what they make. The one before ends when Spark has this one. */
  private Future<?> leaving(
      CompletableFuture<?> result, Blocks blocks, Jobs.Body<Block, ?> body, String description) {
    Sent before = held;
    held = null;
    return jobs.start(
        result,
        () -> {
          try {
            jobs.run(blocks.rdd(), body, () -> close(before));
          } finally {
            close(before); // once more, if Spark did not take this one
          }
          return null;
        },
        description);
  }

  private static void close(Sent sent) {
    if (sent != null) {
      sent.close();
    }
  }

  private void letGo() {
    close(held);
    held = null;
  }

  private GradientSum sum(Sent round) {
    if (plan.tree()) {
      return tree(round);
    }
    return plan.inGroups() ? inGroups(round) : gathered(round);
  }

  @Override
  public GradientSum finish(String following) {
    Launched round = now;
    now = null;
    Made made = null;
    try {
      made = jobs.result(round.made());
    } finally {
      counted.add(round.job());
      if (made != null && made.branches() != null) {
        held = round.sent();
      } else {
        close(round.sent());
      }
    }
    // The round needs no task any more. Those of the next one may take the slots and wait there for
    // weights: Spark brings them on their way meanwhile.
    if (following != null && made.branches() != null) {
      next = ahead(following);
    }
    GradientSum sum = made.sum() == null ? total(made.branches()) : made.sum();
    note(sum, made.broadcastSeconds());
    return sum;
  }

  @Override
  public void withdraw() {
    if (next != null) {
      next.sent().give(null);
      Jobs.await(next.job());
      next.sent().close();
      counted.add(next.job()); // who cancelled it is heard
      next = null;
    }
  }

  private static List<Branch> flat(List<List<Branch>> parts) {
    return parts.stream().flatMap(List::stream).toList();
  }

  private static GradientSum total(List<Branch> branches) {
    PairwiseSum sum = new PairwiseSum();
    branches.forEach(sum::add);
    return sum.total();
  }

  private GradientSum gathered(Sent round) {
    List<Partial> parts = jobs.run(train.rdd(), new GradientTask(round, plan.ordered()));
    return total(flat(parts.stream().map(Partial::branches).toList()));
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
    return total(flat(groups.stream().map(Partial::branches).toList()));
  }

  private void note(GradientSum sum, double broadcastSeconds) {
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
    noticeCancelled();
    return oneJvm ? handedOver(w, blocks) : Evaluator.run(jobs, spark, objective, w, blocks);
  }

  private Evaluation handedOver(float[] w, Blocks blocks) {
    Sent weights = Sent.within(objective, blocks.rdd().getNumPartitions());
    weights.give(Evaluator.input(w));
    CompletableFuture<List<Evaluation[]>> parts = Handover.results(weights.round());
    Future<?> job = leaving(parts, blocks, new EvaluationTask(weights), Evaluator.NAME);
    held = weights;
    counted.add(job);
    return Evaluator.total(jobs.result(parts), objective);
  }

  @Override
  public void close() {
    withdraw();
    if (now != null && now.sent() != null) {
      Jobs.await(now.made()); // its tasks have what they need
      now.sent().close();
    }
    letGo();
    jobs.close();
  }
}
