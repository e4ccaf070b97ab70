package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {

  private record Outcome(int code, String out, String err) {}

  @Test
  void helpAndVersionGoToStdoutAndFit80Columns() {
    for (String command :
        List.of(
            "--help",
            "train --help",
            "check --help",
            "compare --help",
            "find-lr --help",
            "evaluate --help",
            "predict --help",
            "inspect --help",
            "stop --help",
            "completion --help",
            "--version")) {
      Outcome outcome = run(command);
      assertThat(outcome.code).isZero();
      assertThat(outcome.err).isEmpty();
      assertThat(outcome.out.lines()).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
    }
    assertThat(run("--version").out).startsWith("Schuss " + Version.schuss());
    assertThat(run("--help").out).contains("train", "check", "Exit codes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trian x        | unknown verb trian; did you mean train?; see schuss --help
          frobnicate     | unknown verb frobnicate; see schuss --help
          train --jsno x | unknown option --jsno; did you mean --json?; see schuss train --help
          train x y      | unexpected argument y; see schuss train --help
          train          | missing required parameter: 'JOB'; see schuss train --help
          evaluate out/x | missing required option: '--data=SOURCE'; see schuss evaluate --help
          train x --set  | missing required parameter for option '--set' (KEY=VALUE); see schuss train --help
          """)
  void aWrongCommandLineIsOneLine(String command, String message) {
    assertThat(run(command)).isEqualTo(new Outcome(2, "", "schuss: " + message + "\n"));
  }

  @Test
  void withoutAVerbThereIsHelpOnStderr() {
    Outcome outcome = run("");
    assertThat(outcome.code).isEqualTo(2);
    assertThat(outcome.out).isEmpty();
    assertThat(outcome.err).contains("Verbs:");
  }

  @Test
  void theCauseOfAFailureDecidesItsExitCode() {
    Throwable task = new SparkException("Job aborted", new IllegalStateException("lost\n\tat x"));
    assertThat(Failure.of(new RuntimeException(task)))
        .isEqualTo(new Failure(6, "Spark failed: IllegalStateException: lost"));
    assertThat(Failure.of(new SparkException("x", new JobException(3, "bad row"))))
        .isEqualTo(new Failure(3, "bad row"));
    assertThat(Failure.of(new RuntimeException(new OutOfMemoryError("Java heap space"))))
        .satisfies(f -> assertThat(f.exitCode()).isEqualTo(6))
        .satisfies(f -> assertThat(f.line()).contains("Java heap space", "SCHUSS_MEMORY"));
    assertThat(Failure.of(new NullPointerException()))
        .isEqualTo(
            new Failure(
                1,
                "error in Schuss: NullPointerException (--debug shows where; please report it)"));
  }

  @Test
  void aCircleOfCausesEnds() {
    RuntimeException a = new RuntimeException("a");
    a.initCause(new RuntimeException("b", a));
    assertThat(Failure.of(a).exitCode()).isEqualTo(1);
  }

  @Test
  void theCompletionScriptNamesEveryVerbAndItsOptions() throws Exception {
    Runs.Outcome outcome = Runs.schuss("completion");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out().lines().filter(l -> l.startsWith("  local commands=")).findFirst())
        .hasValueSatisfying(
            l -> assertThat(l).contains("train", "check", "predict", "inspect", "export", "stop"));
    assertThat(outcome.out()).contains("--data-format", "--overwrite", "complete -F");
    Process bash = new ProcessBuilder("bash", "-n").start();
    try (var in = bash.getOutputStream()) {
      in.write(outcome.out().getBytes(StandardCharsets.UTF_8));
    }
    assertThat(bash.waitFor()).isZero();
  }

  private static Outcome run(String command) {
    List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
    words.removeIf(String::isEmpty);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            words.toArray(String[]::new),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
