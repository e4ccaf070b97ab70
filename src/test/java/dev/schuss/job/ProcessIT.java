package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program in a process of its own: signals, and a machine without OpenBLAS. */
@Timeout(100)
class ProcessIT {
  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void aSignalKeepsTheLastState(String signal, int code) throws Exception {
    assumeFalse(
        signal.equals("INT") && interruptsAreIgnored(), "started by a shell with & at the end");
    DigitsRun run = new DigitsRun(temp.resolve("out"));
    Path checkpoints = temp.resolve("checkpoints");
    Path log = temp.resolve("log");
    Process process =
        start(
            log,
            run,
            List.of(),
            "train.epochs=100000",
            "train.earlyStopping=null",
            "checkpoint.dir=" + checkpoints,
            "checkpoint.every=1000000 steps");
    Path metrics = run.folder().resolve("metrics.jsonl");
    while (process.isAlive() && !(Files.exists(metrics) && Files.size(metrics) > 0)) {
      Thread.sleep(20);
    }
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(Files.readString(log)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(code);
    assertThat(run.result().get("status").getAsString()).isEqualTo("cancelled");
    long steps = run.result().get("steps").getAsLong();
    assertThat(steps).isPositive();
    assertThat(Killed.saved(checkpoints)).as("the only checkpoint").isEqualTo(steps);
    assertThat(run.folder().resolve("model/model.json")).exists();
  }

  /**
   * A process that a shell started in the background cannot be interrupted, nor can its children.
   */
  private static boolean interruptsAreIgnored() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      String ignored = lines.filter(line -> line.startsWith("SigIgn:")).findFirst().orElseThrow();
      return (Long.parseUnsignedLong(ignored.substring(7).strip(), 16) & 2) != 0;
    }
  }

  @Test
  void whereOpenBlasIsLackingThatIsToldOnce() throws Exception {
    DigitsRun run = new DigitsRun(temp.resolve("out"));
    Path log = temp.resolve("log");
    Process process = start(log, run, List.of("-Dschuss.blas=java"), "train.epochs=1");
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(log);
    assertThat(process.exitValue()).as(said).isZero();
    assertThat(said).containsOnlyOnce("without OpenBLAS");
    assertThat(run.result().getAsJsonObject("blas").get("executors").toString())
        .isEqualTo("[\"java\"]");
  }

  private static Process start(Path log, DigitsRun run, List<String> jvm, String... set)
      throws IOException {
    String[] more = new String[2 * set.length];
    for (int i = 0; i < set.length; i++) {
      more[2 * i] = "--set";
      more[2 * i + 1] = set[i];
    }
    return Processes.schuss(
        log.toFile(), jvm, DigitsRun.words(DigitsRun.JOB, run.folder().toString(), more));
  }
}
