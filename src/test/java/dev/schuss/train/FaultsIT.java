package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.Digits;
import dev.schuss.checkpoint.CheckpointFolder;
import dev.schuss.data.Columns;
import dev.schuss.data.LocalBlocks;
import dev.schuss.math.Mix;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Objective;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Length;
import dev.schuss.optim.Schedule;
import dev.schuss.train.CheckpointSettings.Resume;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two executor processes that are killed, tasks that throw, exit or dawdle: the training ends with
 * the bits of one that nothing happened to.
 */
@Timeout(100)
class FaultsIT {
  /** For how long executors are killed; a minute where a build has the time. */
  private static final int SECONDS = Integer.getInteger("schuss.seconds", 8);

  private static final int MEAN_MILLIS = 3000;
  private static final Network NETWORK = Network.input(64).dense(64, Activation.RELU).output(10);

  private static SparkSession spark;

  @TempDir Path temp;

  @BeforeAll
  static void start() {
    spark =
        LocalClusterIT.builder()
            .config("spark.task.maxFailures", 50)
            .config("spark.stage.maxConsecutiveAttempts", 50) // one for each executor lost in a row
            .config("spark.deploy.maxExecutorRetries", -1)
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Trainer configured(Trainer trainer, Objective objective, int epochs) {
    return trainer
        .objective(objective)
        .optimizer(new Adam(Schedule.constant(0.01), 0.9, 0.999, 1e-8, 0))
        .columns(new Columns(List.of("pixels"), List.of("label"), null, null))
        .reduction(Reduction.ORDERED)
        .partitions(4)
        .epochs(epochs);
  }

  /** The same training in this process, which nothing happens to. */
  private static float[] alone(int epochs) {
    List<float[]> rows = Digits.rows(Digits.TRAIN);
    float[] features = new float[rows.size() * 64];
    float[] labels = new float[rows.size()];
    for (int i = 0; i < labels.length; i++) {
      System.arraycopy(rows.get(i), 0, features, i * 64, 64);
      labels[i] = rows.get(i)[64];
    }
    return configured(Trainer.local(), NETWORK, epochs)
        .fit(LocalBlocks.of(features, 64, labels, 1, null, null, 4), null)
        .weights();
  }

  /** Every 3 seconds on average an executor dies. */
  @Test
  void executorsAreKilledAllTheTime() throws Exception {
    int epochs = SECONDS * 4; // 12 rounds each, which are held up a little
    List<Long> steps = new ArrayList<>();
    TrainingListener slow =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            steps.add(report.step());
            sleep(20);
          }
        };
    AtomicInteger kills = new AtomicInteger();
    Thread killer = new Thread(() -> killAround(kills), "killer");
    Trainer trainer =
        configured(Trainer.on(spark), NETWORK, epochs)
            .checkpoint(new CheckpointSettings(temp.toString(), Length.epochs(1), 2, Resume.AUTO))
            .listener(slow);
    killer.start();
    TrainingResult result;
    try {
      result = trainer.fit(Digits.frame(spark, Digits.TRAIN));
    } finally {
      killer.interrupt();
      killer.join();
    }

    assertThat(kills.get()).isPositive();
    assertThat(steps)
        .as("no round twice")
        .isEqualTo(LongStream.rangeClosed(1, result.steps()).boxed().toList());
    assertThat(result.checkpoints().saved()).isPositive();
    float[] alone = alone(epochs);
    int bits = 0;
    for (int i = 0; i < alone.length; i++) {
      int a = Float.floatToRawIntBits(alone[i]);
      bits += Integer.bitCount(a ^ Float.floatToRawIntBits(result.weights()[i]));
    }
    System.out.printf(
        "faults: %d executors killed in %d s; %d rounds, none twice; %d checkpoints; bits that differ: %d%n",
        kills.get(), SECONDS, result.steps(), result.checkpoints().saved(), bits);
    assertThat(bits).isZero();
  }

  private static void killAround(AtomicInteger kills) {
    Mix random = new Mix(System.nanoTime());
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
      sleep((long) (-MEAN_MILLIS * Math.log(1 - random.nextDouble())));
      if (LocalClusterIT.killExecutor()) {
        kills.incrementAndGet();
      }
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A network whose tasks fail at first, at moments that the rows tell. */
  private static final class Faulty implements Objective {
    private static final long serialVersionUID = 1;

    @Override
    public Layout layout() {
      return NETWORK.layout();
    }

    @Override
    public float[] initialWeights(long seed) {
      return NETWORK.initialWeights(seed);
    }

    @Override
    public int microBatch() {
      return NETWORK.microBatch();
    }

    @Override
    public void addGradient(float[] w, Batch rows, GradientSum sum) {
      TaskContext task = TaskContext.get();
      long chance = Long.remainderUnsigned(Mix.of(rows.moment(), task.partitionId()), 60);
      if (task.attemptNumber() == 0 && task.stageAttemptNumber() == 0) {
        if (chance == 0) {
          System.exit(1);
        } else if (chance < 4) {
          NETWORK.addGradient(w, rows, sum);
          throw new IllegalStateException("half of the work is done");
        } else if (chance < 8) {
          sleep(200);
        }
      }
      NETWORK.addGradient(w, rows, sum);
    }
  }

  @Test
  void tasksThatThrowExitOrDawdleAreMadeAgain() {
    TrainingResult result =
        configured(Trainer.on(spark), new Faulty(), 3)
            .fit(Digits.frame(spark, Digits.TRAIN).selectExpr("pixels", "double(label) label"));

    assertThat(result.weights()).isEqualTo(alone(3));
  }

  /** A network that fails at a round until somebody makes it stop. */
  private static final class Broken implements Objective {
    private static final long serialVersionUID = 1;
    private final long moment;

    Broken(long moment) {
      this.moment = moment;
    }

    @Override
    public Layout layout() {
      return NETWORK.layout();
    }

    @Override
    public float[] initialWeights(long seed) {
      return NETWORK.initialWeights(seed);
    }

    @Override
    public int microBatch() {
      return NETWORK.microBatch();
    }

    @Override
    public void addGradient(float[] w, Batch rows, GradientSum sum) {
      if (rows.moment() == moment) {
        throw new IllegalStateException("this row again");
      }
      NETWORK.addGradient(w, rows, sum);
    }
  }

  @Test
  void aRoundThatFailsForGoodLeavesTheLastStateAndASessionThatGoesOn() throws Exception {
    CheckpointSettings saved =
        new CheckpointSettings(temp.toString(), Length.epochs(1), 2, Resume.AUTO);
    long eighth = Mix.of(1, 0, 7 * 128); // of the seed, the epoch and the rows before

    assertThatThrownBy(
            () ->
                configured(Trainer.on(spark), new Broken(eighth), 2)
                    .checkpoint(saved)
                    .fit(
                        Digits.frame(spark, Digits.TRAIN)
                            .selectExpr("pixels", "double(label) label")))
        .hasStackTraceContaining("this row again");

    assertThat(CheckpointFolder.at(temp.toString(), new Configuration()).newest().snapshot().step())
        .isEqualTo(7);
    assertThat(spark.sparkContext().isStopped()).isFalse();
    assertThat(spark.range(10).count()).isEqualTo(10);
    assertThat(spark.sparkContext().getPersistentRDDs().size()).isZero();
    TrainingResult result =
        configured(Trainer.on(spark), new Broken(0), 2)
            .checkpoint(saved)
            .fit(Digits.frame(spark, Digits.TRAIN).selectExpr("pixels", "double(label) label"));
    assertThat(result.checkpoints().resumedAt()).isEqualTo(7);
    assertThat(result.weights()).isEqualTo(alone(2));
  }
}
