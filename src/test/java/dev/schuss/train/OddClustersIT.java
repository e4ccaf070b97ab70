package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.Digits;
import dev.schuss.Scripts;
import dev.schuss.data.Columns;
import dev.schuss.data.LocalBlocks;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Objective;
import dev.schuss.objective.Tally;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Schedule;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Executors that come and go, tasks that run twice, more executors than rows: a round is a job of
 * ordinary tasks, so with an ordered sum the weights are those of one process without Spark.
 */
class OddClustersIT {
  private SparkSession spark;

  private Scripts scripts;

  @AfterEach
  void stop() throws IOException, InterruptedException {
    if (spark != null) {
      spark.stop();
    }
    if (scripts != null) {
      scripts.stop("scripts/cluster", Scripts.CLUSTER);
    }
  }

  @Test
  void executorsLeaveAndJoinLateUnderDynamicAllocation() {
    spark =
        LocalClusterIT.builder()
            .config("spark.dynamicAllocation.enabled", true)
            .config("spark.dynamicAllocation.shuffleTracking.enabled", true)
            .config("spark.dynamicAllocation.shuffleTracking.timeout", "1s")
            .config("spark.dynamicAllocation.initialExecutors", 2)
            .config("spark.dynamicAllocation.minExecutors", 1)
            .config("spark.dynamicAllocation.maxExecutors", 2)
            .config("spark.dynamicAllocation.executorIdleTimeout", "1s")
            .config("spark.dynamicAllocation.cachedExecutorIdleTimeout", "2s")
            .getOrCreate();
    Watching watching = watch();
    AtomicInteger before = new AtomicInteger();
    // Long gradients from the 100th of a process on: somewhere in rounds 25 to 45.
    Trainer trainer =
        trainer(new Hesitant(100, 106, false))
            .listener(
                new TrainingListener() {
                  @Override
                  public void round(RoundReport report) {
                    if (report.step() == 20) { // idle ones go, with the rows that they hold
                      await(() -> watching.added.get() - watching.removed.get() == 1, 60_000);
                      before.set(watching.added.get());
                    }
                    if (report.step() == 60) { // tasks had to wait for the other
                      await(() -> watching.added.get() > before.get(), 60_000);
                    }
                  }
                });

    TrainingResult result = trainer.partitions(4).fit(Digits.frame(spark, Digits.TRAIN));

    assertThat(watching.removed.get()).as("executors that left").isPositive();
    assertThat(watching.added.get()).as("executors that joined").isGreaterThan(before.get());
    assertThat(result.weights()).isEqualTo(alone(Digits.rows(Digits.TRAIN), 4, 64));

    // One row on two executors and in eight partitions, seven of which are empty.
    Dataset<Row> one = Digits.frame(spark, Digits.TRAIN).limit(1);
    TrainingResult tiny = trainer(new Hesitant(0, 0, false)).batchSize(1).partitions(8).fit(one);
    assertThat(tiny.steps()).isEqualTo(3);
    assertThat(tiny.weights()).isEqualTo(alone(Digits.rows(Digits.TRAIN).subList(0, 1), 8, 1));

    // A source all of whose rows lie in one of its nine partitions; and seven do not divide by two.
    Dataset<Row> skewed = Digits.frame(spark, Digits.TRAIN).repartition(1).union(empty(8));
    TrainingResult odd = trainer(network()).partitions(7).fit(skewed);
    assertThat(odd.weights()).isEqualTo(alone(Digits.rows(Digits.TRAIN), 7, 64));
  }

  /** Spark wants a second host for a second attempt, which local-cluster does not have. */
  @Test
  void aSlowTaskRunsTwice() throws IOException, InterruptedException {
    scripts = new Scripts();
    spark =
        LocalClusterIT.builder()
            .master(scripts.startCluster("4.1.0"))
            .config("spark.cores.max", 2)
            .config("spark.executor.cores", 1)
            .config("spark.speculation", true)
            .config("spark.speculation.interval", "20ms")
            .config("spark.speculation.quantile", 0.5)
            .config("spark.speculation.multiplier", 1.1)
            .config("spark.speculation.minTaskRuntime", "100ms")
            .getOrCreate();
    Watching watching = watch();

    TrainingResult slow =
        trainer(new Hesitant(1, 4, true)).partitions(2).fit(Digits.frame(spark, Digits.TRAIN));

    await(() -> watching.speculated.get() > 0, 10_000); // Spark tells of it later
    assertThat(watching.speculated.get()).as("tasks that ran twice").isPositive();
    assertThat(slow.weights()).isEqualTo(alone(Digits.rows(Digits.TRAIN), 2, 64));
  }

  private Dataset<Row> empty(int partitions) {
    Dataset<Row> rows = Digits.frame(spark, Digits.TRAIN);
    return rows.filter("label < 0").repartition(partitions);
  }

  private Trainer trainer(Objective objective) {
    return configured(Trainer.on(spark), objective);
  }

  private static Network network() {
    return Network.input(64).dense(16, Activation.RELU).output(10);
  }

  private static Trainer configured(Trainer trainer, Objective objective) {
    return trainer
        .objective(objective)
        .optimizer(new Adam(Schedule.constant(0.01), 0.9, 0.999, 1e-8, 0))
        .columns(new Columns(List.of("pixels"), List.of("label"), null, null))
        .batchSize(64)
        .reduction(Reduction.ORDERED)
        .epochs(3);
  }

  /** The same training without Spark. */
  private static float[] alone(List<float[]> rows, int partitions, int batch) {
    float[] features = new float[rows.size() * 64];
    float[] labels = new float[rows.size()];
    for (int i = 0; i < labels.length; i++) {
      System.arraycopy(rows.get(i), 0, features, i * 64, 64);
      labels[i] = rows.get(i)[64];
    }
    return configured(Trainer.local(), network())
        .batchSize(batch)
        .fit(LocalBlocks.of(features, 64, labels, 1, null, null, partitions), null)
        .weights();
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition, int millis) {
    long end = System.nanoTime() + millis * 1_000_000L;
    while (!condition.holds() && System.nanoTime() < end) {
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Watching watch() {
    Watching watching = new Watching();
    spark.sparkContext().addSparkListener(watching);
    return watching;
  }

  /** Counts what Spark tells. */
  private static final class Watching extends SparkListener {
    final AtomicInteger added = new AtomicInteger();
    final AtomicInteger removed = new AtomicInteger();
    final AtomicInteger speculated = new AtomicInteger();

    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded event) {
      added.incrementAndGet();
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
      removed.incrementAndGet();
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
      if (event.taskInfo().speculative()) {
        speculated.incrementAndGet();
      }
    }
  }

  /** A network some of whose gradients take long; a task's second attempt does not. */
  private static final class Hesitant implements Objective {
    private static final long serialVersionUID = 1;
    private static final AtomicInteger CALLS = new AtomicInteger();

    private final Network network = network();
    private final int from;
    private final int to;
    private final boolean firstPartition;

    /** Slow from one call in its process up to before another, or in the first partition alone. */
    Hesitant(int from, int to, boolean firstPartition) {
      this.from = from;
      this.to = to;
      this.firstPartition = firstPartition;
    }

    private boolean slow(TaskContext task) {
      if (task == null || task.attemptNumber() > 0 || (firstPartition && task.partitionId() > 0)) {
        return false;
      }
      int call = CALLS.incrementAndGet();
      return from <= call && call < to;
    }

    @Override
    public Layout layout() {
      return network.layout();
    }

    @Override
    public float[] initialWeights(long seed) {
      return network.initialWeights(seed);
    }

    @Override
    public int microBatch() {
      return network.microBatch();
    }

    @Override
    public void addGradient(float[] w, Batch rows, GradientSum sum) {
      TaskContext task = TaskContext.get();
      if (slow(task)) {
        await(task::isInterrupted, 1500);
      }
      network.addGradient(w, rows, sum);
    }

    @Override
    public Tally tally() {
      return network.tally();
    }

    @Override
    public void evaluate(float[] w, Batch rows, Evaluation sum) {
      network.evaluate(w, rows, sum);
    }
  }
}
