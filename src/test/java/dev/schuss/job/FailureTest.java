package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.data.DataException;
import dev.schuss.spec.SpecException;
import java.io.IOException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class FailureTest {
  private static IOException full() {
    return new IOException("No space left on device");
  }

  @Test
  void aFullDiskIsSaidWhoeverMetIt() {
    String line =
        "a disk is full (IOException: No space left on device): make room where the output lies and in spark.local.dir (/tmp by default)";
    assertSaid(6, line, new SparkException("Job aborted\n at x", full()));
    assertSaid(6, line, new RuntimeException(new Error(full())));
    assertSaid(6, line, new IllegalStateException("spill", new IOException(full())));
  }

  @Test
  void oursDecideWhereverTheyAreInTheChain() {
    assertSaid(
        3,
        "x.csv line 2: no",
        new SparkException("a task failed", new DataException("x.csv line 2: no")));
    assertSaid(2, "epochs = 0", new RuntimeException(new SpecException("epochs = 0")));
    assertSaid(
        130,
        "cancelled",
        new JobException(ExitCode.CANCELLED, "cancelled", new DataException("no")));
  }

  @Test
  void memoryIsSaidWithItsMend() {
    assertThat(
            Failure.of(new SparkException("task", new OutOfMemoryError("Java heap space"))).line())
        .startsWith("out of memory (OutOfMemoryError: Java heap space): give the JVM more");
  }

  @Test
  void whatIsLeftIsAnErrorOfSchussOrOfSpark() {
    assertSaid(6, "Spark failed: SparkException: lost", new SparkException("lost\nat x"));
    assertSaid(
        1,
        "error in Schuss: IllegalStateException: odd (--debug shows where; please report it)",
        new IllegalStateException("odd"));
  }

  @Test
  void aCircleOfCausesEnds() {
    RuntimeException a = new RuntimeException("a");
    RuntimeException b = new RuntimeException("b", a);
    a.initCause(b);
    assertThat(Failure.of(a).exitCode()).isEqualTo(1);
  }

  private static void assertSaid(int code, String line, Throwable thrown) {
    assertThat(Failure.of(thrown)).isEqualTo(new Failure(code, line));
  }
}
