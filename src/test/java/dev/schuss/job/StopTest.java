package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.TestSpark;
import dev.schuss.train.TrainingResult.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopTest {
  @TempDir Path temp;

  @Test
  void aRunningTrainingEndsNormallyAndKeepsItsBestWeights() throws Exception {
    Path dir = temp.resolve("out");
    Files.createDirectories(dir);
    Files.writeString(dir.resolve("_stop"), ""); // left by an earlier training
    Files.writeString(dir.resolve("job.json"), "{\"name\": \"digits\"}");
    JobFile job =
        JobReader.read(
            "jobs/digits.conf",
            List.of(
                "output.dir=" + dir, "train.epochs=100000", "train.earlyStopping.patience=99999"));
    CompletableFuture<Run.Outcome> training =
        CompletableFuture.supplyAsync(
            () -> {
              try (Cancellation cancellation = Cancellation.install()) {
                PrintStream out =
                    new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
                return new Run(job, TestSpark.session(), cancellation, out, false).train();
              }
            });
    while (!Files.exists(dir.resolve("metrics.jsonl"))
        || Files.readString(dir.resolve("metrics.jsonl")).lines().count() < 2) {
      assertThat(training).isNotDone();
      Thread.sleep(50);
    }
    assertThat(Runs.schuss("stop", "file:" + dir))
        .isEqualTo(new Runs.Outcome(0, "the training in file:" + dir + " has ended\n", ""));
    Run.Outcome outcome = training.get(60, TimeUnit.SECONDS);
    assertThat(outcome.stopped()).isTrue();
    assertThat(outcome.result().status()).isEqualTo(Status.CANCELLED);
    assertThat(outcome.result().best()).isNotNull();
    assertThat(Files.readString(dir.resolve("result.json"))).contains("\"cancelled\"");
    assertThat(dir.resolve("model/model.json")).exists();
    assertThat(dir.resolve("_running")).doesNotExist();
    assertThat(dir.resolve("_stop")).doesNotExist();
    assertRefused(
        dir, "no training is running in " + dir + ": it has ended, result.json tells how");
  }

  @Test
  void whereNothingRunsThatIsSaid() throws IOException {
    Path dir = Files.createDirectories(temp.resolve("out"));
    assertRefused(temp.resolve("none"), "no such folder: " + temp.resolve("none"));
    assertRefused(dir, "no training is running in " + dir + "; name the output.dir of a running");
    Path running = dir.resolve("_running");
    Files.writeString(running, "{}");
    Files.setLastModifiedTime(
        running, FileTime.fromMillis(System.currentTimeMillis() - 3 * StopMarker.GONE_MILLIS));
    assertRefused(dir, "has given no sign of life for 3 minutes, so it was killed");
    assertThat(dir.resolve("_stop")).doesNotExist();
  }

  @Test
  void aTrainingThatDoesNotEndInTimeIsSaidToo() throws IOException {
    Path dir = Files.createDirectories(temp.resolve("out"));
    Files.writeString(dir.resolve("_running"), "{}");
    Runs.Outcome outcome = Runs.schuss("stop", dir.toString(), "--wait", "0", "--json");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("\"ended\": false");
    assertThat(dir.resolve("_stop")).exists();
  }

  private static void assertRefused(Path dir, String message) {
    Runs.Outcome outcome = Runs.schuss("stop", dir.toString());
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains(message).hasLineCount(1);
  }
}
