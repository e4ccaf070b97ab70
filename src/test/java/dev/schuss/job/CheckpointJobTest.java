package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.schuss.TestSpark;
import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.train.TrainingResult.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Job files with checkpoints: going on, what the output folder then holds, and inspect. */
class CheckpointJobTest {
  private static final String JOB = "jobs/digits.conf";

  @TempDir Path temp;
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  private Run.Outcome run(String... set) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "output.dir=" + temp.resolve("out"),
                "checkpoint.dir=" + temp.resolve("out/checkpoints"),
                "train.reduction=ordered",
                "train.earlyStopping=null",
                "train.epochs=4"));
    all.addAll(Arrays.asList(set));
    JobFile job = JobReader.read(JOB, all);
    try (Cancellation cancellation = Cancellation.install()) {
      PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
      return new Run(job, TestSpark.session(), cancellation, out, false).train();
    }
  }

  private List<String> lines(String file) throws IOException {
    return Files.readAllLines(temp.resolve(file));
  }

  /** Lines of metrics.jsonl without what clocks say. */
  private static List<String> timeless(List<String> lines) {
    return lines.stream()
        .map(
            line -> {
              JsonObject json = JsonParser.parseString(line).getAsJsonObject();
              List.of("samplesPerSecond", "seconds", "time", "round").forEach(json::remove);
              return json.toString();
            })
        .toList();
  }

  @Test
  void aJobThatIsStartedAgainGoesOnToTheSameResult() throws IOException {
    Run.Outcome whole =
        run("output.dir=" + temp.resolve("whole"), "checkpoint={}", "train.partitions=3");
    Run.Outcome first = run("train.maxSteps=17", "train.partitions=3", "checkpoint.every=5");
    assertThat(first.result().checkpoints().saved()).isPositive();
    // Nobody says 3 again: a checkpoint's rows lie as they lay.
    Run.Outcome second = run("checkpoint.every=5 steps", "checkpoint.resume=require");

    assertThat(second.result().checkpoints().resumedAt()).isEqualTo(17);
    assertThat(second.result().weights()).isEqualTo(whole.result().weights());
    assertThat(timeless(lines("out/metrics.jsonl")))
        .isEqualTo(timeless(lines("whole/metrics.jsonl")));
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("going on after 17 steps from " + temp.resolve("out/checkpoints") + "/0000");
    JsonObject result =
        JsonParser.parseString(Files.readString(temp.resolve("out/result.json")))
            .getAsJsonObject()
            .getAsJsonObject("checkpoint");
    assertThat(result.get("resumedAtStep").getAsLong()).isEqualTo(17);
    assertThat(result.get("newest").getAsString()).contains("-step-84-");
    assertThat(result.get("failed").getAsInt()).isZero();
  }

  @Test
  void keepSaysHowManyRemain() throws IOException {
    run("checkpoint.keep=3", "checkpoint.every=1 epoch");
    try (Stream<Path> found = Files.list(temp.resolve("out/checkpoints"))) {
      assertThat(found.map(p -> p.getFileName().toString()).sorted())
          .hasSizeBetween(1, 3) // one that is due while another is written is left out
          .last()
          .asString()
          .contains("-step-84-");
    }
  }

  @Test
  void aJobThatIsDoneSaysSo() {
    run();
    shown.reset();
    Run.Outcome again = run();

    assertThat(again.result().status()).isEqualTo(Status.COMPLETED);
    assertThat(again.result().checkpoints().saved()).isZero();
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("nothing is left to train: raise train.epochs, or start anew with --set");
  }

  @Test
  void anotherJobsCheckpointIsRefusedAndTheOutputStays() throws IOException {
    run("train.epochs=1");
    String before = Files.readString(temp.resolve("out/result.json"));

    assertThatThrownBy(() -> run("data.scale=standard", "train.epochs=2"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("is of another training: data.scale is 16.0 there and standard here");
    assertThat(Failure.of(new CheckpointException("x")).exitCode()).isEqualTo(ExitCode.CHECKPOINT);
    assertThat(Files.readString(temp.resolve("out/result.json"))).isEqualTo(before);
  }

  @Test
  void inspectShowsTheNewestThatIsWhole() throws IOException {
    run("train.epochs=2", "optimizer.lookahead={}");
    String dir = temp.resolve("out/checkpoints").toString();

    Runs.Outcome outcome = Runs.schuss("inspect", dir);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains(": a training after 42 steps, to go on with epoch 3, round 1")
        .contains("layer       type      activation      output    parameters")
        .contains("optimizer   {\"rule\":\"adam\",")
        .contains("rule        Lookahead(Adam(")
        .contains("state       weights 19,210", "optimizer.slow 19,210", "optimizer.inner.m 19,210")
        .contains("epoch 2     train loss 0.")
        .contains("rows        1294 rows with the hash ")
        .contains("written by  schuss 0.1.0", ", spark 4.1.0, blas OpenBLAS");
    JsonObject json =
        JsonParser.parseString(Runs.schuss("inspect", dir, "--json").out()).getAsJsonObject();
    assertThat(json.get("steps").getAsLong()).isEqualTo(42);
    assertThat(json.getAsJsonArray("history")).hasSize(2);

    try (Stream<Path> found = Files.list(Path.of(dir))) {
      Path newest = found.sorted().reduce((a, b) -> b).orElseThrow();
      assertThat(Runs.schuss("inspect", newest.toString()).out()).contains("after 42 steps");
      Files.writeString(newest.resolve("state.json"), "{}");
      Runs.Outcome damaged = Runs.schuss("inspect", newest.toString());
      assertThat(damaged.code()).isEqualTo(ExitCode.CHECKPOINT);
      assertThat(damaged.err()).contains("is damaged: state.json: has 2 bytes, the manifest says");
    }
    assertThat(Runs.schuss("inspect", dir).out())
        .contains("after 21 steps")
        .contains("passed over " + dir + "/000002-step-42-");
  }
}
