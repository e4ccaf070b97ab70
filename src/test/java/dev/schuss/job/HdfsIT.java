package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.Scripts;
import dev.schuss.Scripts.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs, rows, models and results on a real HDFS, read and written by a standalone cluster. */
class HdfsIT {
  private static final String LINE = "4.1.0";

  @TempDir Path temp;

  private final Scripts scripts = new Scripts();

  @AfterEach
  void stop() throws IOException, InterruptedException {
    scripts.stop("scripts/cluster", Scripts.CLUSTER);
    scripts.stop("scripts/hdfs", Scripts.HDFS);
  }

  @Test
  void aTrainingLivesThere() throws IOException, InterruptedException {
    DigitsRun here = DigitsRun.here(temp.resolve("here"));
    String port = Scripts.freePort();
    String hdfs = "hdfs://127.0.0.1:" + port;
    scripts.set("SCHUSS_HDFS_PORT", port).run("scripts/hdfs", "start").well();
    assertThat(scripts.run("scripts/hdfs", "status").said()).contains("namenode", "datanode", hdfs);
    Ended again = scripts.run("scripts/hdfs", "start");
    assertThat(again.code()).isEqualTo(ExitCode.USAGE);
    assertThat(again.said()).isEqualTo("hdfs: it runs already: scripts/hdfs stop ends it\n");
    Path job = temp.resolve("digits.conf");
    Files.writeString(
        job,
        Files.readString(Path.of(DigitsRun.JOB))
            .replace("classpath:data/", hdfs + "/digits/")
            .replace("out/digits", hdfs + "/models/digits"));
    Path data = Path.of("src/main/resources/data");
    fs("-mkdir", "/digits");
    fs("-put", data + "/digits-train.csv", data + "/digits-test.csv", job.toString(), "/digits");
    String master = scripts.startCluster(LINE);

    // A training ends early and leaves a checkpoint there, as if its driver had been lost.
    String[] checkpoints = {
      "--master", master, "--set", "checkpoint.dir=" + hdfs + "/models/checkpoints"
    };
    try (Listeners listeners = new Listeners(Scripts.HDFS)) {
      train(hdfs, "/models/cluster", with(checkpoints, "--set", "train.maxSteps=30"));
      assertThat(listeners.outside()).as("listen off loopback").isEmpty();
      assertThat(listeners.processes()).as("NameNode, DataNode").hasSizeGreaterThanOrEqualTo(2);
    }

    // The driver on the cluster finds its job there, goes on, and leaves the result there.
    train(hdfs, "/models/cluster", with(checkpoints, "--deploy-mode", "cluster"));
    DigitsRun cluster = get("/models/cluster");
    cluster.assertSame(here, LINE);
    assertThat(cluster.result().toString()).contains("\"resumedAtStep\":30");

    // In client mode: executors read rows and write predictions.
    Ended predicted =
        scripts
            .run(
                "scripts/schuss",
                "predict",
                hdfs + "/models/cluster",
                "--data",
                hdfs + "/digits/digits-test.csv",
                "--output",
                hdfs + "/predictions.parquet",
                "--master",
                master)
            .well();
    assertThat(predicted.said()).contains(hdfs + "/predictions.parquet");
    assertThat(fs("-ls", "/predictions.parquet")).contains("_SUCCESS", ".parquet");
  }

  @Test
  void aPortThatIsTakenIsSaid() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      Ended ended = scripts.set("SCHUSS_HDFS_PORT", port).run("scripts/hdfs", "start");
      assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
      assertThat(ended.said())
          .isEqualTo(
              "hdfs: port %s of 127.0.0.1 is taken: stop what listens there, or set SCHUSS_HDFS_PORT%n"
                  .formatted(port));
    }
  }

  private void train(String hdfs, String output, String... more)
      throws IOException, InterruptedException {
    scripts.schuss(DigitsRun.words(hdfs + "/digits/digits.conf", hdfs + output, more)).well();
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new);
  }

  private DigitsRun get(String folder) throws IOException, InterruptedException {
    Path copy = temp.resolve("copy" + folder.replace('/', '-'));
    fs("-get", folder, copy.toString());
    return new DigitsRun(copy);
  }

  private String fs(String... words) throws IOException, InterruptedException {
    String[] command = new String[2 + words.length];
    command[0] = "scripts/hdfs";
    command[1] = "fs";
    System.arraycopy(words, 0, command, 2, words.length);
    return scripts.run(command).well().said();
  }
}
