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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar of this build on a real YARN. */
class YarnIT {
  private static final String LINE = "3.5.6";

  @TempDir Path temp;

  private final Scripts scripts = new Scripts();

  @AfterEach
  void stop() throws IOException, InterruptedException {
    scripts.stop("scripts/yarn", Scripts.YARN);
  }

  @Test
  void aTrainingIsTheSameAsHere() throws Exception {
    DigitsRun here = DigitsRun.here(temp.resolve("here"));
    scripts.set("SCHUSS_YARN_PORT", portsFrom()).run("scripts/yarn", "start").well();
    assertThat(scripts.run("scripts/yarn", "status").well().said())
        .contains("resourcemanager", "nodemanager");

    Path client = temp.resolve("client");
    try (Listeners listeners = new Listeners(Scripts.YARN)) {
      Ended ended = train(client.toString()).well();
      assertThat(ended.said()).contains("digits on Spark " + LINE + ", yarn, 2 task slots");
      assertOnLoopback(listeners);
    }
    new DigitsRun(client).assertSame(here, LINE);

    // The job file goes to the driver by --files. The driver, in the application master, is killed
    // by kill -9; YARN starts a second one, which goes on by itself.
    DigitsRun cluster = new DigitsRun(temp.resolve("cluster"));
    scripts.submitting("--conf spark.yarn.maxAppAttempts=2");
    try (Listeners listeners = new Listeners(Scripts.YARN)) {
      cluster
          .disturbed(
              scripts,
              words(cluster.folder().toString(), "--deploy-mode", "cluster"),
              () -> assertThat(Scripts.kill(Scripts.YARN, "yarn.ApplicationMaster")).isOne())
          .well();
      assertOnLoopback(listeners);
    }
    scripts.submitting("");
    cluster.assertSame(here, LINE);
    cluster.assertResumed();

    // Relative, so the driver refuses it, and YARN tells with which code it ended.
    Ended ended = train("lost", "--deploy-mode", "cluster", "--set", "output.overwrite=true");
    assertThat(ended.code()).as(ended.said()).isEqualTo(ExitCode.USAGE);
    assertThat(ended.said()).contains("yarn did not take the driver, or it failed there");
  }

  @Test
  void aPortThatIsTakenIsSaid() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      Ended ended = scripts.set("SCHUSS_YARN_PORT", port).run("scripts/yarn", "start");
      assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
      assertThat(ended.said())
          .isEqualTo(
              "yarn: port %s of 127.0.0.1 is taken: stop what listens there, or set SCHUSS_YARN_PORT%n"
                  .formatted(port));
    }
  }

  /** Nobody outside this machine can talk to the cluster, or to what ran there. */
  private static void assertOnLoopback(Listeners listeners) {
    assertThat(listeners.outside()).isEmpty();
    // Two executors; in cluster mode the driver with its web page, too.
    assertThat(listeners.containers()).hasSizeGreaterThanOrEqualTo(2);
  }

  /** The first of four free ports in a row. */
  private static String portsFrom() throws IOException {
    while (true) {
      int first = Integer.parseInt(Scripts.freePort());
      int free = 0;
      while (free < 4 && first + free <= 65_535 && free(first + free)) {
        free++;
      }
      if (free == 4) {
        return Integer.toString(first);
      }
    }
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket(port, 5, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private Ended train(String output, String... more) throws IOException, InterruptedException {
    return scripts.schuss(words(output, more));
  }

  private static List<String> words(String output, String... more) {
    List<String> words = DigitsRun.words(DigitsRun.JOB, output, more);
    words.addAll(1, List.of("--master", "yarn"));
    return words;
  }
}
