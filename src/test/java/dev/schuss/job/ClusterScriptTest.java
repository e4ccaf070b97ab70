package dev.schuss.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts/cluster and its like say on a machine that lacks something. */
class ClusterScriptTest {
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "basename",
          "cut",
          "dirname",
          "find",
          "grep",
          "head",
          "mkdir",
          "rm",
          "sed",
          "sleep");

  @TempDir Path temp;

  /** A checkout that was never built, and a PATH with hardly anything on it. */
  @BeforeEach
  void bareMachine() throws IOException {
    for (String folder : List.of("scripts", "src/cluster")) {
      Files.createDirectories(temp.resolve(folder));
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(file, temp.resolve(folder).resolve(file.getFileName()));
        }
      }
    }
    Files.createDirectory(temp.resolve("bin"));
    for (String tool : TOOLS) {
      Path there =
          Stream.of("/usr/bin/", "/bin/")
              .map(f -> Path.of(f + tool))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(temp.resolve("bin").resolve(tool), there);
    }
  }

  @Test
  void noMavenIsSaid() throws IOException, InterruptedException {
    assertThat(said("scripts/cluster", ""))
        .isEqualTo(
            "cluster: no mvn, which fetches the jars of Spark 4.1.0: install Maven 3.8 or newer (Debian: apt install maven), or set SPARK_HOME to a Spark of your own");
    assertThat(said("scripts/hdfs", ""))
        .isEqualTo(
            "hdfs: no mvn, which fetches the jars of Hadoop: install Maven 3.8 or newer (Debian: apt install maven)");
  }

  @Test
  void aSparkHomeWithoutSparkIsSaid() throws IOException, InterruptedException {
    assertThat(said("scripts/cluster", "/nowhere"))
        .isEqualTo(
            "cluster: SPARK_HOME=/nowhere has no bin/spark-class: name the folder of a Spark, or unset it");
  }

  @Test
  void whatAKilledProcessLeftIsEnded() throws IOException, InterruptedException {
    // A Worker and its executor, in one group of processes.
    Path left = temp.resolve("left");
    Process worker =
        new ProcessBuilder("setsid", "bash", "-c", "sleep 600 & echo $! >" + left + "; wait")
            .start();
    ProcessHandle executor = ProcessHandle.of(number(left)).orElseThrow();
    Path state = Files.createDirectories(temp.resolve("target/cluster"));
    String born = birth(worker.pid());
    Files.writeString(state.resolve("worker1.pid"), worker.pid() + " " + born + "\n");
    worker.destroyForcibly().waitFor();
    assertThat(executor.isAlive()).isTrue();

    said("scripts/cluster", "/nowhere");
    assertGone(executor);
    assertThat(state.resolve("worker1.pid")).doesNotExist();
  }

  @Test
  void containersThatOutliveTheirNodeManagerAreEnded() throws IOException, InterruptedException {
    Path state = Files.createDirectories(temp.resolve("target/yarn"));
    Process ours = container(state);
    Process others = container(temp.resolve("target/yarn-of-others"));
    try {
      call("stop", "scripts/yarn", "", ExitCode.DONE);
      assertGone(ours.toHandle());
      assertThat(others.isAlive()).isTrue();
    } finally {
      others.destroyForcibly();
    }
  }

  /** As YARN starts it, with where its files are. */
  private static Process container(Path state) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("setsid", "sleep", "600");
    builder.environment().put("LOCAL_DIRS", state + "/data/local/app");
    return builder.start();
  }

  /** The number that a process writes into a file soon. */
  private static long number(Path file) throws IOException, InterruptedException {
    for (int i = 0; i < 100; i++) {
      if (Files.exists(file) && Files.readString(file).endsWith("\n")) {
        return Long.parseLong(Files.readString(file).strip());
      }
      Thread.sleep(100);
    }
    throw new AssertionError("nothing in " + file);
  }

  private static String birth(long id) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(id), "stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
  }

  private static void assertGone(ProcessHandle process) {
    assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(10));
  }

  /** What {@code start} says, which must end with exit code 2 and leave nothing running. */
  private String said(String script, String sparkHome) throws IOException, InterruptedException {
    return call("start", script, sparkHome, ExitCode.USAGE);
  }

  private String call(String word, String script, String sparkHome, int code)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(temp.resolve(script).toString(), word).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", temp.resolve("bin").toString());
    builder.environment().put("SPARK_HOME", sparkHome);
    for (String port : List.of("MASTER", "WEB", "HDFS")) {
      builder.environment().put("SCHUSS_" + port + "_PORT", "0");
    }
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(said).isEqualTo(code);
    return said.strip();
  }
}
