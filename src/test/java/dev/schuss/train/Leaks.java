package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Objective;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/** Thousands of rounds, and the memory that they leave behind. */
final class Leaks {
  /** A gradient that was kept each hundredth round would show. */
  private static final int PARAMETERS = 100_000;

  private static final long ALLOWED = 8 << 20;

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

  /** Bytes in use: the heap after a collection, and block managers of all processes. */
  private record Use(long heap, long blocks) {}

  /**
   * Makes so many rounds, and compares the memory in use after a fifth of them and at the end.
   *
   * @param rounds at least 5
   */
  static void check(SparkSession spark, int partitions, int rounds) {
    List<Use> uses = new ArrayList<>();
    Trainer.on(spark)
        .objective(new Cheap())
        .optimizer(new Sgd(Schedule.constant(1e-6), 0))
        .partitions(partitions)
        .batchSize(8 * partitions)
        .epochs(Integer.MAX_VALUE)
        .maxSteps(rounds)
        .listener(
            new TrainingListener() {
              @Override
              public void round(RoundReport report) {
                if (report.step() == rounds / 5 || report.step() == rounds - 1) {
                  uses.add(use(spark));
                }
              }
            })
        .fit(spark.range(1000).selectExpr("array(double(id)) as features", "double(id) as label"));

    assertThat(uses).hasSize(2);
    assertThat(uses.get(1).heap() - uses.get(0).heap()).as("heap").isLessThan(ALLOWED);
    assertThat(uses.get(1).blocks() - uses.get(0).blocks()).as("blocks").isLessThan(ALLOWED);
    assertThat(Handover.underWay()).as("rounds handed over").isLessThanOrEqualTo(1);
  }

  /** What is in use once Spark has cleared away what a collection set free. */
  private static Use use(SparkSession spark) {
    Use least = new Use(Long.MAX_VALUE, Long.MAX_VALUE);
    for (int i = 0; i < 5; i++) {
      System.gc();
      pause();
      Runtime java = Runtime.getRuntime();
      long heap = java.totalMemory() - java.freeMemory();
      long blocks =
          CollectionConverters.asJava(spark.sparkContext().getExecutorMemoryStatus())
              .values()
              .stream()
              .mapToLong(memory -> (long) memory._1() - (long) memory._2())
              .sum();
      least = new Use(Math.min(heap, least.heap()), Math.min(blocks, least.blocks()));
    }
    return least;
  }

  private static void pause() {
    try {
      Thread.sleep(300); // Spark's cleaner works on a thread of its own
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
