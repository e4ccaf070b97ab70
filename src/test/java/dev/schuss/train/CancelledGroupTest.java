package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.schuss.Digits;
import dev.schuss.TestSpark;
import dev.schuss.data.Columns;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Length;
import dev.schuss.optim.Schedule;
import dev.schuss.train.CheckpointSettings.Resume;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A notebook's stop: somebody cancels the group of Spark jobs that a training belongs to. */
class CancelledGroupTest {
  private static final int STEP = 30;

  @TempDir Path temp;

  private static Trainer trainer(SparkSession spark) {
    return Trainer.on(spark)
        .network(Network.input(64).dense(16, Activation.RELU).output(10))
        .optimizer(new Adam(Schedule.constant(0.01), 0.9, 0.999, 1e-8, 0))
        .columns(new Columns(List.of("pixels"), List.of("label"), null, null))
        .reduction(Reduction.ORDERED)
        .partitions(2)
        .epochs(5);
  }

  @Test
  void leavesTheLastStateAndASessionThatGoesOn() {
    SparkSession spark = TestSpark.session();
    SparkContext context = spark.sparkContext();
    int kept = context.getPersistentRDDs().size();
    CheckpointSettings saved =
        new CheckpointSettings(temp.toString(), Length.epochs(100), 2, Resume.AUTO);
    TrainingListener canceller =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            if (report.step() >= STEP) {
              context.cancelJobGroup("paragraph");
            }
          }
        };
    context.setJobGroup("paragraph", "a notebook's", false);
    Throwable thrown;
    try {
      thrown =
          catchThrowable(
              () ->
                  trainer(spark)
                      .checkpoint(saved)
                      .listener(canceller)
                      .fit(Digits.frame(spark, Digits.TRAIN)));
    } finally {
      context.clearJobGroup();
    }

    assertThat(thrown).hasStackTraceContaining("cancelled");
    assertThat(context.isStopped()).isFalse();
    assertThat(spark.range(10).count()).isEqualTo(10);
    assertThat(context.getPersistentRDDs().size()).isEqualTo(kept);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.equals("schuss-checkpoint"));
    TrainingResult resumed =
        trainer(spark).checkpoint(saved).fit(Digits.frame(spark, Digits.TRAIN));
    assertThat(resumed.checkpoints().resumedAt()).isBetween((long) STEP, 59L);
    assertThat(resumed.weights())
        .isEqualTo(trainer(spark).fit(Digits.frame(spark, Digits.TRAIN)).weights());
  }
}
