package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.TestSpark;
import dev.schuss.model.Json;
import dev.schuss.train.RoundReport;
import dev.schuss.train.TrainingListener;
import dev.schuss.train.TrainingResult;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a job leaves behind whose training is cut short. */
@Timeout(100)
class CutShortJobTest {
  @TempDir Path temp;

  private static final PrintStream SILENT =
      new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

  private JobFile job() {
    return JobReader.read(
        "jobs/digits.conf",
        List.of(
            "output.dir=" + temp.resolve("out"),
            "train.epochs=100000",
            "train.earlyStopping=null",
            "checkpoint.dir=" + temp.resolve("checkpoints"),
            "checkpoint.every=1000000 steps"));
  }

  private Map<String, Object> result() throws IOException {
    return Json.parseObject(Files.readString(temp.resolve("out/result.json")), "result.json");
  }

  @Test
  void aFailureLeavesAResultAndTheLastState() throws IOException {
    JobFile job = job();
    SparkSession spark = TestSpark.session();
    TrainingListener fails =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            if (report.step() == 5) {
              throw new IllegalStateException("nobody listens");
            }
          }
        };
    try (OutputFolder folder =
            OutputFolder.open(
                temp.resolve("out").toString(),
                job.name(),
                false,
                spark.sparkContext().hadoopConfiguration());
        PackedRows rows = PackedRows.of(job, spark, 2, null, SILENT)) {
      Training training =
          new Training(job, spark, Training.trainer(job, spark), rows).listener(fails);
      assertThatThrownBy(() -> training.into(folder)).hasMessage("nobody listens");
    }
    assertThat(result()).containsEntry("status", "failed").containsEntry("steps", 5L);
    assertThat(result().get("message").toString()).contains("nobody listens").hasLineCount(1);
    assertThat(Killed.saved(temp.resolve("checkpoints"))).isEqualTo(5);
    assertThat(temp.resolve("out/model")).doesNotExist();
  }

  @Test
  void cancelledSparkJobsLeaveAResultAndTheLastState() throws Exception {
    Path dir = temp.resolve("out");
    Path checkpoints = temp.resolve("checkpoints");
    JobFile job = job();
    CompletableFuture<Run.Outcome> training =
        CompletableFuture.supplyAsync(
            () -> {
              try (Cancellation cancellation = Cancellation.install()) {
                return new Run(job, TestSpark.session(), cancellation, SILENT, false).train();
              }
            });
    Path metrics = dir.resolve("metrics.jsonl");
    while (!(Files.exists(metrics) && Files.size(metrics) > 0)) {
      assertThat(training).isNotDone();
      Thread.sleep(20);
    }
    while (!training.isDone()) {
      TestSpark.session().sparkContext().cancelAllJobs();
      LockSupport.parkNanos(500_000);
    }

    assertThat(training)
        .isCompletedWithValueMatching(
            outcome -> outcome.result().status() == TrainingResult.Status.CANCELLED);
    Map<String, Object> result = result();
    assertThat(result).containsEntry("status", "cancelled");
    assertThat(result.get("message").toString()).containsIgnoringCase("cancelled").hasLineCount(1);
    long steps = ((Number) result.get("steps")).longValue();
    assertThat(steps).isPositive().isEqualTo(Killed.saved(checkpoints));
    assertThat(dir.resolve("_running")).doesNotExist();
    assertThat(dir.resolve("model")).isDirectory();
    assertThat(TestSpark.session().range(10).count()).isEqualTo(10);
  }
}
