package dev.schuss.train;

import dev.schuss.data.Blocks;
import dev.schuss.data.RoundRows;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Objective;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Rounds as Spark jobs: ordinary tasks over persisted blocks, no barrier, no accumulators. */
final class SparkRounds implements Rounds {
  private static final String DESCRIPTION = "spark.job.description";

  private final JavaSparkContext spark;
  private final String descriptionBefore;
  private final Broadcast<Objective> objective;
  private final Objective f;
  private final Blocks train;
  private final Blocks validation;
  private final Blocks test;
  private final ReductionPlan plan;
  private final boolean oneJvm;

  private Sent sent;
  private JavaFutureAction<List<Partial>> job;
  private long started;
  private double broadcastSeconds;
  private RoundTime time = RoundTime.NONE;

  SparkRounds(
      JavaSparkContext spark,
      Objective objective,
      Blocks train,
      Blocks validation,
      Blocks test,
      ReductionPlan plan) {
    this.spark = spark;
    this.descriptionBefore = spark.getLocalProperty(DESCRIPTION);
    this.f = objective;
    this.objective = spark.broadcast(objective);
    this.train = train;
    this.validation = validation;
    this.test = test;
    this.plan = plan;
    this.oneJvm = spark.isLocal() && tasksSeeHandover();
  }

  private boolean tasksSeeHandover() {
    long round = Handover.begin(null);
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
  public ReductionPlan reduction() {
    return plan;
  }

  @Override
  public void start(float[] w, RoundRows rows, String description) {
    started = System.nanoTime();
    spark.setLocalProperty(DESCRIPTION, description);
    send(new RoundInput(w, rows));
    broadcastSeconds = Stopwatch.since(started);
    GradientTask task = new GradientTask(objective, sent, plan.ordered());
    if (!plan.tree()) {
      job = train.rdd().mapPartitions(task::partial, true).collectAsync();
    }
  }

  private void send(RoundInput input) {
    sent = oneJvm ? Sent.within(input) : Sent.by(spark, input);
  }

  @Override
  public GradientSum finish() {
    try {
      GradientSum sum = plan.tree() ? tree() : ordered();
      note(sum);
      return sum;
    } finally {
      sent.close();
      sent = null;
      job = null;
    }
  }

  private GradientSum ordered() {
    PairwiseSum sum = new PairwiseSum();
    for (Partial partial : result()) {
      partial.branches(sent.round()).forEach(sum::add);
    }
    return sum.total();
  }

  private GradientSum tree() {
    GradientTask task = new GradientTask(objective, sent, false);
    GradientSum zero = new GradientSum(sent.input().weights().length);
    return train
        .rdd()
        .mapPartitions(task::sum, true)
        .treeAggregate(zero, GradientSum::merge, GradientSum::merge, plan.depth());
  }

  private List<Partial> result() {
    try {
      return job.get();
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      job.cancel(true);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in the middle of a round", e);
    }
  }

  private void note(GradientSum sum) {
    double wall = Stopwatch.since(started);
    double compute = sum.work().slowestSeconds();
    Instant now = Instant.now();
    double sinceLastStart =
        now.getEpochSecond() - sum.work().lastStartMicros() / 1e6 + now.getNano() / 1e9;
    double rest = Math.max(0, wall - broadcastSeconds - compute);
    double wait = Math.max(0, Math.min(rest, wall - broadcastSeconds - sinceLastStart));
    time = new RoundTime(broadcastSeconds, wait, compute, sum.work().meanSeconds(), rest - wait);
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
    if (blocks == null) {
      return null;
    }
    RoundInput input = new RoundInput(w, new RoundRows.Ids(new long[0]));
    try (Sent weights = oneJvm ? Sent.within(input) : Sent.by(spark, input)) {
      Broadcast<Objective> of = objective;
      List<Evaluation> parts =
          blocks
              .rdd()
              .map(
                  block ->
                      PartitionWork.addEvaluation(
                          of.value(),
                          weights.input().weights(),
                          block,
                          new Evaluation(of.value().counters())))
              .collect();
      Evaluation sum = new Evaluation(f.counters());
      parts.forEach(sum::merge);
      return sum;
    }
  }

  @Override
  public void close() {
    if (job != null) {
      job.cancel(true);
    }
    if (sent != null) {
      sent.close();
    }
    objective.destroy();
    spark.setLocalProperty(DESCRIPTION, descriptionBefore);
  }
}
