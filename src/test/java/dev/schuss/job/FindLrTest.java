package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.schuss.TestSpark;
import dev.schuss.experiment.RangeTest;
import dev.schuss.model.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FindLrTest {
  @TempDir Path temp;
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  private Map<String, Object> find(RangeTest test, String... set) {
    JobFile job =
        JobReader.read(
            "jobs/digits.conf",
            Stream.concat(Stream.of("output.dir=" + temp.resolve("out")), Stream.of(set)).toList());
    JobFile tried = job.trial(RateChange.replaced(job.optimizer(), test.schedule()), 100);
    try (Cancellation cancellation = Cancellation.install()) {
      PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
      return FindLr.run(tried, test, TestSpark.session(), cancellation, out);
    }
  }

  private String shown() {
    return shown.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aRateForTheDigitsIsFoundThatTrainsThem() throws Exception {
    RangeTest test = new RangeTest(new RangeTest.Plan(1e-6, 10, 100, 0.9));
    Map<String, Object> json = find(test);
    double rate = (Double) json.get("suggestion");
    assertThat(rate).isBetween(1e-4, 0.1);
    assertThat(shown()).contains("suggested learning rate: ", "because", "find-lr.svg");
    assertThat(Json.parseObject(Files.readString(temp.resolve("out/find-lr.json")), "j"))
        .containsEntry("name", "digits")
        .containsEntry("batchSize", 64L)
        .containsKeys("suggestion", "why", "rate", "loss", "smoothed", "divergedAt");
    byte[] svg = Files.readAllBytes(temp.resolve("out/find-lr.svg"));
    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg));
    try (Stream<Path> files = Files.list(temp.resolve("out"))) {
      assertThat(files.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("find-lr.json", "find-lr.svg");
    }
    // The folder is the job's own now, and stays so.
    try (Cancellation cancellation = Cancellation.install()) {
      JobFile job =
          JobReader.read(
              "jobs/digits.conf",
              List.of(
                  "output.dir=" + temp.resolve("out"),
                  "train.epochs=3",
                  "optimizer.learningRate=" + rate));
      Run.Outcome trained =
          new Run(
                  job,
                  TestSpark.session(),
                  cancellation,
                  new PrintStream(shown, true, StandardCharsets.UTF_8),
                  false)
              .train();
      assertThat(trained.result().test().get("accuracy")).isGreaterThan(0.8);
    }
  }

  @Test
  void itEndsWhereTheLossDiverges() throws IOException {
    RangeTest test = new RangeTest(new RangeTest.Plan(1e-3, 1e20, 100, 0.9));
    Map<String, Object> json =
        find(test, "optimizer={ rule = sgd, schedule { kind = cosine }, learningRate = 1 }");
    assertThat(test.over()).isTrue();
    assertThat((Long) json.get("updates")).isLessThan(60);
    assertThat(shown()).contains("where it diverged");
    assertThat(json.get("optimizer").toString()).contains("kind=exponential", "rule=sgd");
  }

  @Test
  void aFirstUpdateThatFailsIsTold() {
    RangeTest test = new RangeTest(new RangeTest.Plan(1e38, 2e38, 100, 0.9));
    Failure failure =
        Failure.of(catchThrowable(() -> find(test, "optimizer={ rule = sgd, learningRate = 1 }")));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.DIVERGED);
    assertThat(failure.line())
        .startsWith("no learning rate to suggest, it diverged at once: ")
        .contains("smaller --from");
    assertThat(temp.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --from=0                      | --from = 0.0: must be positive
          --to=1e-9                     | --to = 1.0E-9: must be above from = 1.0E-6
          --steps=3                     | --steps = 3: must be at least 10
          --set=optimizer.rule=lbfgs    | a rule of the full batch chooses the length of its steps itself
          """)
  void aMistakeIsToldBeforeSparkStarts(String word, String message) {
    Runs.Outcome outcome = Runs.schuss("find-lr", "jobs/digits.conf", word);
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains(message).hasLineCount(1);
  }
}
