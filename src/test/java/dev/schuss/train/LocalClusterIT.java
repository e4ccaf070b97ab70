package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.Digits;
import dev.schuss.Scripts;
import dev.schuss.data.Columns;
import dev.schuss.data.LocalBlocks;
import dev.schuss.math.Blas;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training on executors that are processes of their own, under both serializers. */
class LocalClusterIT {
  private static final int ROUNDS = Integer.getInteger("schuss.rounds", 300);

  @TempDir Path temp;

  private SparkSession spark;

  @AfterEach
  void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  @ParameterizedTest
  @CsvSource({"JavaSerializer, false", "KryoSerializer, true"})
  void trainsOnTwoExecutorProcesses(String serializer, boolean registration) {
    spark =
        builder()
            .config("spark.serializer", "org.apache.spark.serializer." + serializer)
            .config("spark.kryo.registrationRequired", registration)
            .config("spark.kryo.registrator", registration ? KryoRegistration.class.getName() : "")
            .getOrCreate();

    TrainingResult result = trainer().partitions(8).fit(Digits.frame(spark, Digits.TRAIN));

    assertThat(result.test().get("accuracy")).isGreaterThan(0.93);
    assertThat(result.blas()).isEqualTo(Blas.Kind.OPENBLAS.bit());
    assertThat(spark.sparkContext().isStopped()).isFalse();
    assertThat(spark.sparkContext().getPersistentRDDs().size()).isZero();
    if (!registration) {
      interruptsEndATrainingCleanly();
    }
  }

  /** Again and again, so that they fall into whatever Spark is asked for at the end, too. */
  private void interruptsEndATrainingCleanly() {
    Thread trains = Thread.currentThread();
    int step = 20;
    AtomicBoolean over = new AtomicBoolean();
    Thread interrupter =
        new Thread(
            () -> {
              while (!over.get()) {
                trains.interrupt();
                LockSupport.parkNanos(300_000);
              }
            });
    TrainingListener begins =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            if (report.step() == step) {
              interrupter.start();
            }
          }
        };
    TrainingResult result;
    boolean told;
    try {
      result = trainer().listener(begins).fit(Digits.frame(spark, Digits.TRAIN));
      told = Thread.currentThread().isInterrupted();
    } finally {
      over.set(true);
      while (interrupter.isAlive()) {
        Thread.onSpinWait();
      }
      Thread.interrupted();
    }
    assertThat(told).as("told to the caller").isTrue();
    assertThat(result.status()).isEqualTo(TrainingResult.Status.CANCELLED);
    assertThat(result.message()).isEqualTo("its thread was interrupted");
    assertThat(result.tested()).isNull();
    assertThat(result.weights())
        .isEqualTo(
            trainer().maxSteps(result.steps()).fit(Digits.frame(spark, Digits.TRAIN)).weights());
    assertThat(spark.sparkContext().isStopped()).isFalse();
    assertThat(spark.sparkContext().getPersistentRDDs().size()).isZero();
    Eventually.holds(
        () -> spark.sparkContext().statusTracker().getActiveJobIds().length == 0,
        "no job is active");
  }

  @ParameterizedTest
  @CsvSource({"2, AUTO", "8, ORDERED"})
  void anExecutorLostInTheMiddleChangesNothingButTime(int partitions, Reduction reduction) {
    spark = builder().getOrCreate();
    Trainer killing =
        trainer()
            .partitions(partitions)
            .reduction(reduction)
            .listener(
                new TrainingListener() {
                  @Override
                  public void round(RoundReport report) {
                    if (report.step() == 20) {
                      killOneExecutor();
                    }
                  }
                });

    TrainingResult calm =
        trainer()
            .partitions(partitions)
            .reduction(reduction)
            .fit(Digits.frame(spark, Digits.TRAIN));
    TrainingResult disturbed = killing.fit(Digits.frame(spark, Digits.TRAIN));

    assertThat(disturbed.steps()).isEqualTo(calm.steps());
    assertThat(disturbed.weights()).isEqualTo(calm.weights());
    assertThat(calm.weights()).as("as in one process").isEqualTo(alone(partitions));
  }

  /** Here weights are broadcast and sums are sent. A hundred rounds' weights are 40 MB. */
  @Test
  void roundsLeaveNothingBehind() {
    spark = builder().getOrCreate();
    Leaks.check(spark, 2, Reduction.AUTO, ROUNDS, temp.resolve("2"));
    if (ROUNDS >= 2000) {
      Leaks.check(spark, 8, Reduction.ORDERED, ROUNDS, temp.resolve("8"));
    }
  }

  private Trainer trainer() {
    return configured(Trainer.on(spark)).test(Digits.frame(spark, Digits.TEST));
  }

  private static Trainer configured(Trainer trainer) {
    return trainer
        .network(Network.input(64).dense(64, Activation.RELU).output(10))
        .optimizer(new Adam(Schedule.constant(0.01), 0.9, 0.999, 1e-8, 0))
        .columns(new Columns(List.of("pixels"), List.of("label"), null, null))
        .epochs(5);
  }

  /** The same training without Spark. */
  private static float[] alone(int partitions) {
    List<float[]> rows = Digits.rows(Digits.TRAIN);
    float[] features = new float[rows.size() * 64];
    float[] labels = new float[rows.size()];
    for (int i = 0; i < labels.length; i++) {
      System.arraycopy(rows.get(i), 0, features, i * 64, 64);
      labels[i] = rows.get(i)[64];
    }
    Trainer trainer = configured(Trainer.local());
    return trainer
        .fit(LocalBlocks.of(features, 64, labels, 1, null, null, partitions), null)
        .weights();
  }

  /** Ends the process of one executor at once, as the kernel's memory killer would. */
  private static void killOneExecutor() {
    assertThat(killExecutor()).isTrue();
  }

  /** The same; false if there is none. */
  static boolean killExecutor() {
    return ProcessHandle.current()
        .descendants()
        .filter(LocalClusterIT::isExecutor)
        .findAny()
        .map(ProcessHandle::destroyForcibly)
        .orElse(false);
  }

  private static boolean isExecutor(ProcessHandle process) {
    try {
      // ProcessHandle.info() gives up on a command line of this length.
      Path commandLine = Path.of("/proc", Long.toString(process.pid()), "cmdline");
      return Files.readString(commandLine).contains("CoarseGrainedExecutorBackend");
    } catch (IOException gone) {
      return false;
    }
  }

  /** Two executors of one core. */
  static SparkSession.Builder builder() {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return SparkSession.builder()
        .master("local-cluster[2,1,1024]")
        .appName("schuss-local-cluster")
        .config("spark.executor.memory", "512m")
        .config("spark.executor.extraClassPath", classPath)
        .config("spark.executor.extraJavaOptions", Scripts.QUICK)
        .config("spark.ui.enabled", false)
        .config("spark.scheduler.minRegisteredResourcesRatio", 1.0)
        .config("spark.scheduler.maxRegisteredResourcesWaitingTime", "180s")
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1");
  }
}
