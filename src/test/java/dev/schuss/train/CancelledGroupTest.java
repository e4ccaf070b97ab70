package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.Digits;
import dev.schuss.TestSpark;
import dev.schuss.data.Columns;
import dev.schuss.data.LocalBlocks;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Length;
import dev.schuss.optim.Schedule;
import dev.schuss.train.CheckpointSettings.Resume;
import dev.schuss.train.TrainingResult.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A notebook's stop: somebody cancels the group of Spark jobs that a training belongs to, or
 * interrupts its thread.
 */
@Timeout(100)
class CancelledGroupTest {
  private static final int STEP = 30;

  /** Of 1,150 training rows in batches of 64. */
  private static final int PER_EPOCH = 18;

  private static final String GROUP = "paragraph";

  @TempDir Path temp;

  private final SparkSession spark = TestSpark.session();
  private final SparkContext context = spark.sparkContext();
  private final AtomicBoolean reached = new AtomicBoolean();

  private Trainer trainer() {
    return Trainer.on(spark)
        .network(Network.input(64).dense(16, Activation.RELU).output(10))
        .optimizer(new Adam(Schedule.constant(0.01), 0.9, 0.999, 1e-8, 0))
        .columns(new Columns(List.of("pixels"), List.of("label"), null, null))
        .reduction(Reduction.ORDERED)
        .validationFraction(0.2)
        .batchSize(64)
        .partitions(2)
        .epochs(4);
  }

  private TrainingResult fit(Trainer trainer) {
    return trainer.fit(Digits.frame(spark, Digits.TRAIN));
  }

  private CheckpointSettings saved() {
    return new CheckpointSettings(temp.toString(), Length.epochs(100), 2, Resume.AUTO);
  }

  /** At this update. */
  private static TrainingListener at(int step, Runnable action) {
    return new TrainingListener() {
      @Override
      public void round(RoundReport report) {
        if (report.step() == step) {
          action.run();
        }
      }
    };
  }

  /**
   * Somebody presses stop before the evaluation that follows; one under way may still come to its
   * end.
   */
  private void press() {
    reached.set(true);
    LockSupport.parkNanos(50_000_000);
  }

  /** A training in a group whose jobs are cancelled, again and again, from some update on. */
  private TrainingResult cancelled(Trainer trainer, int step) throws InterruptedException {
    return cancelled(trainer.listener(at(step, () -> reached.set(true))));
  }

  /** The same from when it is reached. */
  private TrainingResult cancelled(Trainer trainer) throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    Thread canceller =
        new Thread(
            () -> {
              while (!over.get()) {
                if (reached.get()) {
                  context.cancelJobGroup(GROUP);
                }
                LockSupport.parkNanos(500_000);
              }
            });
    canceller.start();
    context.setJobGroup(GROUP, "a notebook's", false);
    try {
      return fit(trainer);
    } finally {
      over.set(true);
      canceller.join();
      assertThat(context.getLocalProperty("spark.jobGroup.id")).isEqualTo(GROUP);
      context.clearJobGroup();
    }
  }

  @AfterEach
  void theSessionGoesOn() {
    assertThat(Thread.interrupted()).isFalse();
    assertThat(context.isStopped()).isFalse();
    assertThat(spark.range(10).count()).isEqualTo(10);
    assertThat(Handover.underWay()).isZero();
    // Threads that were told to end do so soon, and Spark's own books lag a little behind.
    Eventually.holds(() -> threads() == 0, "threads of ours have ended");
    Eventually.holds(
        () -> context.statusTracker().getActiveJobIds().length == 0, "no job is active");
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("schuss-"))
        .count();
  }

  @Test
  void leavesTheLastStateAndASessionThatGoesOn() throws InterruptedException {
    int kept = context.getPersistentRDDs().size();
    AtomicInteger ended = new AtomicInteger();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void ended(TrainingResult result) {
            ended.incrementAndGet();
          }
        };
    TrainingResult result =
        cancelled(
            trainer().test(Digits.frame(spark, Digits.TEST)).checkpoint(saved()).listener(listener),
            STEP);

    assertThat(result.status()).isEqualTo(Status.CANCELLED);
    assertThat(result.message()).contains("its Spark jobs were cancelled").contains(GROUP);
    assertThat(result.steps()).isBetween((long) STEP, 2L * PER_EPOCH);
    assertThat(result.history()).hasSize(2);
    assertThat(result.history().get(0).validation()).containsKey("loss");
    assertThat(result.history().get(1).validation()).isEmpty(); // not asked of Spark any more
    assertThat(result.tested()).isNull();
    assertThat(ended).hasValue(1);
    assertThat(context.getPersistentRDDs().size()).isEqualTo(kept);
    assertThat(result.weights()).isEqualTo(fit(trainer().maxSteps(result.steps())).weights());

    TrainingResult resumed = fit(trainer().checkpoint(saved()));
    TrainingResult whole = fit(trainer());
    assertThat(resumed.checkpoints().resumedAt()).isEqualTo(result.steps());
    assertThat(resumed.weights()).isEqualTo(whole.weights());
    assertThat(resumed.history().get(1).validation())
        .isEqualTo(whole.history().get(1).validation());
  }

  @Test
  void inTheValidationOfAnEpochLeavesItToWhoeverGoesOn() throws InterruptedException {
    TrainingResult result =
        cancelled(trainer().checkpoint(saved()).listener(at(2 * PER_EPOCH, this::press)));
    assertThat(result.status()).isEqualTo(Status.CANCELLED);
    assertThat(result.steps()).isEqualTo(2 * PER_EPOCH);
    assertThat(result.history()).hasSize(2);
    assertThat(result.history().get(1).validation()).isEmpty();

    TrainingResult resumed = fit(trainer().checkpoint(saved()));
    TrainingResult whole = fit(trainer());
    assertThat(resumed.weights()).isEqualTo(whole.weights());
    assertThat(resumed.history().stream().map(EpochReport::validation).toList())
        .isEqualTo(whole.history().stream().map(EpochReport::validation).toList());
  }

  @Test
  void keepsTheBestWeightsWhereEarlyStoppingDoes() throws InterruptedException {
    TrainingResult result = cancelled(trainer().earlyStopping(3), STEP);
    assertThat(result.status()).isEqualTo(Status.CANCELLED);
    assertThat(result.best().epoch()).isZero();
    assertThat(result.validation()).isEqualTo(result.history().get(0).validation());
    assertThat(result.weights()).isEqualTo(fit(trainer().epochs(1)).weights());
  }

  @Test
  void anInterruptEndsItAsWell() {
    TrainingResult result =
        fit(trainer().listener(at(STEP, () -> Thread.currentThread().interrupt())));
    assertThat(Thread.interrupted()).as("told to the caller").isTrue();
    assertThat(result.status()).isEqualTo(Status.CANCELLED);
    assertThat(result.message()).isEqualTo("its thread was interrupted");
    assertThat(result.steps()).isEqualTo(STEP);
    assertThat(result.weights()).isEqualTo(fit(trainer().maxSteps((long) STEP)).weights());
  }

  @Test
  void anInterruptBetweenRoundsIsNoticedWithoutSpark() {
    TrainingListener afterAnEpoch =
        new TrainingListener() {
          @Override
          public void epoch(EpochReport report) {
            Thread.currentThread().interrupt();
          }
        };
    TrainingResult result =
        Trainer.local()
            .network(Network.input(1).output(2))
            .optimizer(new Adam(0.01))
            .batchSize(1)
            .epochs(9)
            .listener(afterAnEpoch)
            .fit(LocalBlocks.of(new float[] {1, 2}, 1, new float[] {0, 1}, 1, null, null, 1), null);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(result.status()).isEqualTo(Status.CANCELLED);
    assertThat(result.epochs()).isEqualTo(1);
  }

  /** After its last epoch only the test rows are left to evaluate. */
  private TrainingListener afterTheLastEpoch(Runnable action) {
    return new TrainingListener() {
      @Override
      public void epoch(EpochReport report) {
        if (report.epoch() == 3) {
          action.run();
        }
      }
    };
  }

  @Test
  void aTrainingThatHasEndedKeepsItsStatusWithoutTheTestRows() throws InterruptedException {
    Trainer pressed =
        trainer().test(Digits.frame(spark, Digits.TEST)).listener(afterTheLastEpoch(this::press));
    TrainingResult completed = cancelled(pressed);
    assertThat(completed.status()).isEqualTo(Status.COMPLETED);
    assertThat(completed.tested()).isNull();
    assertThat(completed.advice()).first().asString().contains("Spark jobs were cancelled", GROUP);
    assertThat(completed.weights()).isEqualTo(fit(trainer()).weights());
  }

  @Test
  void anInterruptDoesNotUndoATrainingThatHasEnded() {
    Trainer interrupted =
        trainer()
            .test(Digits.frame(spark, Digits.TEST))
            .listener(afterTheLastEpoch(() -> Thread.currentThread().interrupt()));
    TrainingResult completed = fit(interrupted);
    assertThat(Thread.interrupted()).as("told to the caller").isTrue();
    assertThat(completed.status()).isEqualTo(Status.COMPLETED);
    assertThat(completed.tested()).isNull();
    assertThat(completed.advice()).first().asString().contains("its thread was interrupted");
  }
}
