package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Objective;
import dev.schuss.optim.Length;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import dev.schuss.train.CheckpointSettings.Resume;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.BlockId;
import scala.jdk.javaapi.CollectionConverters;

/** Thousands of rounds with checkpoints, and what they leave behind. */
final class Leaks {
  /** A gradient that was kept each hundredth round would show. */
  private static final int PARAMETERS = 100_000;

  private static final long ALLOWED = 8 << 20;
  private static final long FEW = 8;

  private Leaks() {}

  /** Costs nothing, so that rounds are many. */
  private record Cheap() implements Objective {
    @Override
    public Layout layout() {
      return Layout.flat(PARAMETERS);
    }

    @Override
    public void addGradient(float[] w, Batch rows, GradientSum sum) {
      sum.gradient()[0] += 1e-3f;
      sum.addRows(1, rows.rows(), rows.rows());
    }
  }

  /**
   * What is in use, in bytes and numbers.
   *
   * @param heap of the driver after a collection
   * @param blocks in block managers of all processes
   * @param broadcasts that any of these hold
   * @param shuffles that the driver knows
   * @param files of the driver's block manager: shuffles, and what has no room in memory
   * @param threads of the driver
   */
  private record Use(
      long heap, long blocks, long broadcasts, long shuffles, long files, long threads) {
    private static final Use MOST =
        new Use(
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE);

    Use least(Use other) {
      return new Use(
          Math.min(heap, other.heap),
          Math.min(blocks, other.blocks),
          Math.min(broadcasts, other.broadcasts),
          Math.min(shuffles, other.shuffles),
          Math.min(files, other.files),
          Math.min(threads, other.threads));
    }
  }

  /**
   * Makes so many rounds, a checkpoint every 50, and compares what is in use after 100 (or a fifth
   * of them) and at the end.
   *
   * @param rounds at least 5
   * @param checkpoints an empty folder
   */
  static void check(
      SparkSession spark, int partitions, Reduction reduction, int rounds, Path checkpoints) {
    List<Use> uses = new ArrayList<>();
    int early = Math.min(100, rounds / 5);
    TrainingResult result =
        Trainer.on(spark)
            .objective(new Cheap())
            .optimizer(new Sgd(Schedule.constant(1e-6), 0))
            .partitions(partitions)
            .reduction(reduction)
            .batchSize(8 * partitions)
            .epochs(Integer.MAX_VALUE)
            .maxSteps(rounds)
            .checkpoint(
                new CheckpointSettings(checkpoints.toString(), Length.steps(50), 2, Resume.NEVER))
            .listener(
                new TrainingListener() {
                  @Override
                  public void round(RoundReport report) {
                    if (report.step() == early || report.step() == rounds - 1) {
                      uses.add(use(spark));
                    }
                  }
                })
            .fit(
                spark
                    .range(1000)
                    .selectExpr("array(double(id)) as features", "double(id) as label"));

    assertThat(result.checkpoints().saved()).isGreaterThanOrEqualTo(rounds / 100);
    assertThat(result.checkpoints().failed()).isZero();
    assertThat(checkpoints.toFile().list()).hasSize(2);
    assertThat(uses).hasSize(2);
    Use before = uses.get(0);
    Use after = uses.get(1);
    System.out.printf(
        "faults: %d partitions, %s, %d checkpoints: after %d rounds %s, after %d %s%n",
        partitions, reduction, result.checkpoints().saved(), early, before, rounds - 1, after);
    assertThat(after.heap - before.heap).as("heap").isLessThan(ALLOWED);
    assertThat(after.blocks - before.blocks).as("blocks").isLessThan(ALLOWED);
    // Those of the rounds since the last collection are gone; one or two are under way.
    assertThat(after.broadcasts - before.broadcasts).as("broadcasts").isLessThan(FEW);
    assertThat(after.shuffles - before.shuffles).as("shuffles").isLessThan(FEW);
    assertThat(after.files - before.files).as("files").isLessThan(FEW * partitions);
    assertThat(after.threads - before.threads).as("threads").isLessThan(FEW);
    assertThat(Handover.underWay()).as("rounds handed over").isLessThanOrEqualTo(1);
  }

  /** What is in use once Spark has cleared away what a collection set free. */
  private static Use use(SparkSession spark) {
    SparkEnv env = SparkEnv.get();
    Use least = Use.MOST;
    for (int i = 0; i < 5; i++) {
      System.gc();
      pause();
      Runtime java = Runtime.getRuntime();
      long blocks =
          CollectionConverters.asJava(spark.sparkContext().getExecutorMemoryStatus())
              .values()
              .stream()
              .mapToLong(memory -> (long) memory._1() - (long) memory._2())
              .sum();
      long broadcasts =
          env.blockManager()
              .master()
              .getMatchingBlockIds((Chosen) BlockId::isBroadcast, true)
              .size();
      least =
          least.least(
              new Use(
                  java.totalMemory() - java.freeMemory(),
                  blocks,
                  broadcasts,
                  ((MapOutputTrackerMaster) env.mapOutputTracker()).shuffleStatuses().size(),
                  env.blockManager().diskBlockManager().getAllFiles().size(),
                  ManagementFactory.getThreadMXBean().getThreadCount()));
    }
    return least;
  }

  /** A function of Scala's that is sent to executors. */
  private interface Chosen extends scala.Function1<BlockId, Object>, Serializable {}

  private static void pause() {
    try {
      Thread.sleep(300); // Spark's cleaner works on a thread of its own
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
