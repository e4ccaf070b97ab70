package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.Scripts;
import dev.schuss.Scripts.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar of this build, by spark-submit, on real standalone clusters of several Spark lines. */
class StandaloneIT {
  @TempDir static Path temp;

  private static DigitsRun here;

  private final Scripts scripts = new Scripts();

  @BeforeAll
  static void trainHere() {
    here = DigitsRun.here(temp.resolve("here"));
  }

  @AfterEach
  void stop() throws IOException, InterruptedException {
    scripts.stop("scripts/cluster", Scripts.CLUSTER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.0", "3.5.7"})
  void aTrainingIsTheSameAsHere(String line) throws Exception {
    boolean own = line.equals("3.5.7"); // then the line that start names is not looked at
    if (own) {
      String home = scripts.run("scripts/cluster", "home", line).well().said().strip();
      scripts.set("SPARK_HOME", home.substring(home.lastIndexOf('\n') + 1));
    }
    String master = scripts.startCluster(own ? "4.1.0" : line);
    assertThat(scripts.run("scripts/cluster", "submit", "--version").well().said())
        .contains("version " + line);
    assertThat(scripts.run("scripts/cluster", "status").said())
        .contains("url " + master, "aliveworkers 2", "cores 4");

    if (line.equals("4.1.0")) {
      Path client = temp.resolve("client-" + line);
      Ended ended;
      try (Listeners listeners = new Listeners(Scripts.CLUSTER)) {
        ended = train(client, "--master", master).well();
        assertThat(listeners.outside()).as("listen off loopback").isEmpty();
        assertThat(listeners.processes()).as("Master, Workers").hasSizeGreaterThanOrEqualTo(3);
      }
      assertThat(ended.said())
          .contains("digits on Spark " + line + ", " + master + ", 2 task slots");
      new DigitsRun(client).assertSame(here, line);
      aKilledDriverComesBack(master, line);
      // Relative, so the driver refuses it; Spark's own client would return 0.
      ended = train(Path.of("lost"), "--master", master, "--deploy-mode", "cluster");
      assertThat(ended.code()).as(ended.said()).isEqualTo(ExitCode.SPARK);
      assertThat(ended.said()).contains("did not take the driver, or it failed there");
    } else {
      // Spark 3.5 starts the driver without the flags that it needs; scripts/schuss adds them.
      Path cluster = temp.resolve("cluster-" + line);
      train(cluster, "--master", master, "--deploy-mode", "cluster").well();
      new DigitsRun(cluster).assertSame(here, line);
      aWorkerIsKilled(master, line);
    }
  }

  /** By {@code kill -9}; the cluster starts it again, and it goes on by itself. */
  private void aKilledDriverComesBack(String master, String line) throws Exception {
    DigitsRun run = new DigitsRun(temp.resolve("supervised-" + line));
    scripts.submitting("--supervise");
    run.disturbed(
            scripts,
            words(run.folder(), "--master", master, "--deploy-mode", "cluster"),
            () -> assertThat(Scripts.kill(Scripts.CLUSTER, "worker.DriverWrapper")).isOne())
        .well();
    scripts.submitting("");
    run.assertSame(here, line);
    run.assertResumed();
  }

  /** Its executor goes with it; another Worker starts one. */
  private void aWorkerIsKilled(String master, String line) throws Exception {
    DigitsRun run = new DigitsRun(temp.resolve("worker-" + line));
    Ended ended =
        run.disturbed(
                scripts,
                words(run.folder(), "--master", master),
                () -> assertThat(Scripts.kill(Scripts.CLUSTER, "--host\0localhost")).isOne())
            .well();
    assertThat(ended.said()).contains("digits on Spark " + line + ", " + master + ", 2 task slots");
    run.assertSame(here, line);
    assertThat(scripts.run("scripts/cluster", "status").said()).contains("aliveworkers 1");
  }

  @Test
  void aPortThatIsTakenIsSaid() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      Ended ended =
          scripts.set("SCHUSS_MASTER_PORT", Integer.toString(port)).run("scripts/cluster", "start");
      assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
      assertThat(ended.said())
          .isEqualTo(
              "cluster: port %d of 127.0.0.1 is taken: stop what listens there, or set SCHUSS_MASTER_PORT%n"
                  .formatted(port));
    }
  }

  private Ended train(Path output, String... more) throws IOException, InterruptedException {
    return scripts.schuss(words(output, more));
  }

  private static List<String> words(Path output, String... more) {
    return DigitsRun.words(DigitsRun.JOB, output.toString(), more);
  }
}
