package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.TestSpark;
import dev.schuss.model.Json;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a job leaves behind whose training comes to no good end. */
@Timeout(100)
class FailedJobTest {
  @TempDir Path temp;

  @Test
  void cancelledSparkJobsLeaveAResultAndTheLastState() throws Exception {
    Path dir = temp.resolve("out");
    Path checkpoints = temp.resolve("checkpoints");
    JobFile job =
        JobReader.read(
            "jobs/digits.conf",
            List.of(
                "output.dir=" + dir,
                "train.epochs=100000",
                "train.earlyStopping=null",
                "checkpoint.dir=" + checkpoints,
                "checkpoint.every=1000000 steps"));
    CompletableFuture<Run.Outcome> training =
        CompletableFuture.supplyAsync(
            () -> {
              try (Cancellation cancellation = Cancellation.install()) {
                PrintStream silent =
                    new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
                return new Run(job, TestSpark.session(), cancellation, silent, false).train();
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

    assertThat(training).isCompletedExceptionally();
    Map<String, Object> result =
        Json.parseObject(Files.readString(dir.resolve("result.json")), "result.json");
    assertThat(result).containsEntry("status", "failed");
    assertThat(result.get("message").toString()).containsIgnoringCase("cancelled").hasLineCount(1);
    long steps = ((Number) result.get("steps")).longValue();
    assertThat(steps).isPositive().isEqualTo(Killed.saved(checkpoints));
    assertThat(dir.resolve("_running")).doesNotExist();
    assertThat(dir.resolve("model")).doesNotExist();
    assertThat(TestSpark.session().range(10).count()).isEqualTo(10);
  }
}
