package dev.schuss.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar of this build, by spark-submit, on real standalone clusters of several Spark lines. */
class StandaloneIT {
  /** Where .ci/run looks for one that was left, too. */
  private static final Path STATE = Path.of("target/cluster-it").toAbsolutePath();

  @TempDir Path temp;

  private String master;

  private record Ended(int code, String said) {}

  @AfterEach
  void stop() throws IOException, InterruptedException {
    List<Long> processes = processes();
    assertThat(run("scripts/cluster", "stop").code()).isZero();
    assertThat(processes).noneMatch(id -> ProcessHandle.of(id).isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.0", "3.5.7"})
  void aTrainingIsTheSameAsHere(String line) throws IOException, InterruptedException {
    Path here = temp.resolve("here");
    assertThat(Runs.schuss(words(here, "--master", "local[2]").toArray(String[]::new)).code())
        .isZero();
    start(line);

    Path client = temp.resolve("client");
    Ended ended = schuss(words(client, "--master", master));
    assertThat(ended.code()).as(ended.said()).isZero();
    assertThat(ended.said()).contains("digits on Spark " + line + ", " + master + ", 2 task slots");
    assertSame(here, client, line);

    if (line.equals("4.1.0")) {
      Path cluster = temp.resolve("cluster");
      ended = schuss(words(cluster, "--master", master, "--deploy-mode", "cluster"));
      assertThat(ended.code()).as(ended.said()).isZero();
      assertSame(here, cluster, line);

      // Relative, so the driver refuses it; Spark's own client would return 0.
      ended = schuss(words(Path.of("lost"), "--master", master, "--deploy-mode", "cluster"));
      assertThat(ended.code()).as(ended.said()).isEqualTo(ExitCode.SPARK);
      assertThat(ended.said()).contains("did not take the driver, or it failed there");
    }
  }

  @Test
  void aPortThatIsTakenIsSaid() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      master = "spark://127.0.0.1:" + taken.getLocalPort();
      Ended ended = run("scripts/cluster", "start");
      assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
      assertThat(ended.said())
          .isEqualTo(
              "cluster: port %d of 127.0.0.1 is taken: stop what listens there, or set SCHUSS_MASTER_PORT%n"
                  .formatted(taken.getLocalPort()));
    }
  }

  /** The same partitions and an ordered sum: the same bits wherever it runs. */
  private static void assertSame(Path expected, Path actual, String line) throws IOException {
    JsonObject result = result(actual);
    assertThat(result.getAsJsonObject("spark").get("version").getAsString()).isEqualTo(line);
    assertThat(result.getAsJsonObject("blas").get("executors").toString())
        .isEqualTo("[\"openblas\"]");
    assertThat(result.get("test")).isEqualTo(result(expected).get("test"));
    assertThat(curve(actual)).hasSize(3).isEqualTo(curve(expected));
    assertThat(actual.resolve("model/model.safetensors"))
        .hasSameBinaryContentAs(expected.resolve("model/model.safetensors"));
  }

  private static JsonObject result(Path folder) throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve("result.json")))
        .getAsJsonObject();
  }

  /** The losses of each epoch. */
  private static List<List<JsonElement>> curve(Path folder) throws IOException {
    List<List<JsonElement>> curve = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("metrics.jsonl"))) {
      JsonObject epoch = JsonParser.parseString(line).getAsJsonObject();
      curve.add(List.of(epoch.get("train"), epoch.get("validation")));
    }
    return curve;
  }

  private static List<String> words(Path output, String... more) {
    List<String> words = new ArrayList<>(List.of("train", "jobs/digits.conf"));
    for (String set :
        List.of(
            "train.epochs=3",
            "train.partitions=2",
            "train.reduction=ordered",
            "output.dir=" + output)) {
      words.addAll(List.of("--set", set));
    }
    words.addAll(List.of(more));
    return words;
  }

  private void start(String line) throws IOException, InterruptedException {
    try (ServerSocket free = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      master = "spark://127.0.0.1:" + free.getLocalPort();
    }
    Ended started = run("scripts/cluster", "start", line);
    assertThat(started.code()).as(started.said()).isZero();
    Ended status = run("scripts/cluster", "status");
    assertThat(status.said()).contains("url " + master, "aliveworkers 2", "cores 4");
  }

  private Ended schuss(List<String> words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("scripts/schuss"));
    command.addAll(words);
    return run(command.toArray(String[]::new));
  }

  private Ended run(String... command) throws IOException, InterruptedException {
    Path said = Files.createTempFile(temp, "said", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    // What the tests of local-cluster need would be taken for a Spark of the user's own.
    builder.environment().keySet().removeAll(List.of("SPARK_HOME", "SPARK_SCALA_VERSION"));
    builder.environment().put("SCHUSS_CLUSTER", STATE.toString());
    if (master != null) {
      builder
          .environment()
          .put("SCHUSS_MASTER_PORT", master.substring(master.lastIndexOf(':') + 1));
    }
    builder.environment().put("SCHUSS_WEB_PORT", "0");
    builder
        .environment()
        .put(
            "SCHUSS_SUBMIT",
            "--driver-memory 512m --executor-memory 512m --conf spark.cores.max=2 --conf spark.executor.cores=1");
    Process process = builder.start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(4, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    String text = Files.readString(said, UTF_8);
    assertThat(ended).as(text).isTrue();
    return new Ended(process.exitValue(), text);
  }

  /** Of the cluster, and of the drivers and executors below. */
  private static List<Long> processes() throws IOException {
    List<Long> all = new ArrayList<>();
    if (Files.isDirectory(STATE)) {
      try (var files = Files.newDirectoryStream(STATE, "*.pid")) {
        for (Path file : files) {
          long id = Long.parseLong(Files.readString(file).split("\\s", 2)[0]);
          all.add(id);
          ProcessHandle.of(id).ifPresent(p -> p.descendants().forEach(d -> all.add(d.pid())));
        }
      }
    }
    return all;
  }
}
