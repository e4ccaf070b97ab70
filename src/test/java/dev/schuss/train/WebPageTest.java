package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.Digits;
import dev.schuss.TestSpark;
import dev.schuss.data.Columns;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Spark's web page shows of a training: its jobs and its cached blocks. */
class WebPageTest {
  private static final String DESCRIPTION = "spark.job.description";
  private static final String GROUP = "spark.jobGroup.id";

  private final SparkSession spark = TestSpark.session();
  private final SparkContext context = spark.sparkContext();

  @AfterEach
  void leaveNoGroup() {
    context.clearJobGroup();
  }

  @Test
  void aRoundTellsWhereItIsAndTheCallersGroupStays() throws InterruptedException {
    List<Properties> jobs = new CopyOnWriteArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            jobs.add(start.properties());
          }
        };
    List<String> cached = new ArrayList<>();
    context.addSparkListener(listener);
    context.setJobGroup("mine", "what I do", false);
    try {
      Trainer.on(spark)
          .network(Network.input(64).dense(8, Activation.RELU).output(10))
          .optimizer(new Adam(Schedule.constant(0.01), 0.9, 0.999, 1e-8, 0))
          .columns(new Columns(List.of("pixels"), List.of("label"), null, null))
          .validationFraction(0.1)
          .batchSize(100)
          .epochs(2)
          .listener(
              new TrainingListener() {
                @Override
                public void started(TrainingStart start) {
                  JavaSparkContext.fromSparkContext(context)
                      .getPersistentRDDs()
                      .values()
                      .forEach(rdd -> cached.add(rdd.name()));
                }
              })
          .fit(Digits.frame(spark, Digits.TRAIN));
      long end = System.nanoTime() + 30_000_000_000L; // listeners hear of jobs later
      while (rounds(jobs).size() < 2 * 13 && System.nanoTime() < end) {
        Thread.sleep(20);
      }
    } finally {
      context.removeSparkListener(listener);
    }

    assertThat(jobs).allMatch(job -> "mine".equals(job.getProperty(GROUP)));
    List<String> rounds = rounds(jobs);
    assertThat(rounds).hasSize(2 * 13);
    assertThat(rounds.get(0)).isEqualTo("Schuss: epoch 1, round 1 of 13");
    assertThat(rounds.get(25))
        .matches(
            "Schuss: epoch 2, round 13 of 13; step 2[45]: loss [0-9.]+, [0-9.]+ ms \\(compute .*\\)");
    assertThat(cached).contains("schuss training blocks", "schuss validation blocks");
    assertThat(context.getLocalProperty(GROUP)).isEqualTo("mine");
    assertThat(context.getLocalProperty(DESCRIPTION)).isEqualTo("what I do");
  }

  private static List<String> rounds(List<Properties> jobs) {
    return jobs.stream()
        .map(job -> job.getProperty(DESCRIPTION))
        .filter(text -> text.startsWith("Schuss: epoch "))
        .toList();
  }
}
