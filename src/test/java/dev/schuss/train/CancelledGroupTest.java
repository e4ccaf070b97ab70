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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A notebook's stop: somebody cancels the group of Spark jobs that a training belongs to. */
@Timeout(100)
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
  void leavesTheLastStateAndASessionThatGoesOn() throws InterruptedException {
    SparkSession spark = TestSpark.session();
    SparkContext context = spark.sparkContext();
    int kept = context.getPersistentRDDs().size();
    CheckpointSettings saved =
        new CheckpointSettings(temp.toString(), Length.epochs(100), 2, Resume.AUTO);
    AtomicBoolean reached = new AtomicBoolean();
    TrainingListener watcher =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            if (report.step() >= STEP) {
              reached.set(true);
            }
          }
        };
    // Again and again: what is cancelled between two rounds is no job.
    AtomicBoolean over = new AtomicBoolean();
    Thread canceller =
        new Thread(
            () -> {
              while (!over.get()) {
                if (reached.get()) {
                  context.cancelJobGroup("paragraph");
                }
                LockSupport.parkNanos(500_000);
              }
            });
    canceller.start();
    context.setJobGroup("paragraph", "a notebook's", false);
    Throwable thrown;
    try {
      thrown =
          catchThrowable(
              () ->
                  trainer(spark)
                      .checkpoint(saved)
                      .listener(watcher)
                      .fit(Digits.frame(spark, Digits.TRAIN)));
    } finally {
      over.set(true);
      canceller.join();
      context.clearJobGroup();
    }

    assertThat(thrown).hasStackTraceContaining("cancelled");
    assertThat(context.isStopped()).isFalse();
    assertThat(spark.range(10).count()).isEqualTo(10);
    assertThat(context.getPersistentRDDs().size()).isEqualTo(kept);
    for (int i = 0; i < 100 && threads() > 0; i++) {
      Thread.sleep(50); // those that were told to end do so soon
    }
    assertThat(threads()).isZero();
    TrainingResult resumed =
        trainer(spark).checkpoint(saved).fit(Digits.frame(spark, Digits.TRAIN));
    assertThat(resumed.checkpoints().resumedAt()).isBetween((long) STEP, 59L);
    assertThat(resumed.weights())
        .isEqualTo(trainer(spark).fit(Digits.frame(spark, Digits.TRAIN)).weights());
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("schuss-"))
        .count();
  }
}
