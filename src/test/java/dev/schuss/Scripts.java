package dev.schuss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The project's scripts as users call them, with the processes that they leave running. */
public final class Scripts {
  /** Where .ci/run looks for what was left, too. */
  public static final Path CLUSTER = Path.of("target/cluster-it").toAbsolutePath();

  public static final Path HDFS = Path.of("target/hdfs-it").toAbsolutePath();
  public static final Path YARN = Path.of("target/yarn-it").toAbsolutePath();

  /**
   * Of Java's two compilers the quick one alone: what lives for seconds starts in half the time.
   */
  public static final String QUICK = "-XX:TieredStopAtLevel=1";

  private static final String SUBMIT =
      "--driver-memory 512m --executor-memory 512m --conf spark.cores.max=2 --conf spark.executor.cores=1"
          + " --conf spark.driver.defaultJavaOptions="
          + QUICK
          + " --conf spark.executor.defaultJavaOptions="
          + QUICK;

  private final Map<String, String> variables = new HashMap<>();

  /** How a script ended, and all that it printed. */
  public record Ended(int code, String said) {
    /** It must have ended well. */
    public Ended well() {
      assertThat(code).as(said).isZero();
      return this;
    }
  }

  /** For the clusters of the tests: small heaps, two tasks at once. */
  public Scripts() {
    set("SCHUSS_CLUSTER", CLUSTER.toString());
    set("SCHUSS_HDFS", HDFS.toString());
    set("SCHUSS_YARN", YARN.toString());
    set("SCHUSS_WEB_PORT", "0");
    set("SPARK_SUBMIT_OPTS", QUICK);
    submitting("");
  }

  /** Words for spark-submit beside the usual ones. */
  public Scripts submitting(String more) {
    return set("SCHUSS_SUBMIT", SUBMIT + " " + more);
  }

  /** Sets an environment variable of the scripts. */
  public Scripts set(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  /** Starts a standalone cluster of a Spark line; returns its address. */
  public String startCluster(String line) throws IOException, InterruptedException {
    String port = freePort();
    set("SCHUSS_MASTER_PORT", port);
    run("scripts/cluster", "start", line).well();
    return "spark://127.0.0.1:" + port;
  }

  /** Stops what a script started, and makes sure that no process of it is left. */
  public void stop(String script, Path state) throws IOException, InterruptedException {
    List<Long> processes = processes(state);
    run(script, "stop").well();
    assertThat(processes).noneMatch(id -> ProcessHandle.of(id).isPresent());
  }

  /** Runs scripts/schuss. */
  public Ended schuss(List<String> words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("scripts/schuss"));
    command.addAll(words);
    return run(command.toArray(String[]::new));
  }

  /** The same beside what the caller does; an error is thrown by {@code join}. */
  public CompletableFuture<Ended> begin(List<String> words) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return schuss(words);
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /**
   * Ends the Java processes of a cluster whose command line has this text, by {@code kill -9}.
   *
   * @return how many there were
   */
  public static int kill(Path state, String text) throws IOException {
    int killed = 0;
    for (long id : processes(state)) {
      Path process = Path.of("/proc", Long.toString(id));
      try {
        if (Files.readString(process.resolve("comm")).startsWith("java")
            && Files.readString(process.resolve("cmdline")).contains(text)
            && ProcessHandle.of(id).map(ProcessHandle::destroyForcibly).orElse(false)) {
          killed++;
        }
      } catch (IOException e) {
        // It ended while it was looked at.
      }
    }
    return killed;
  }

  /** Runs any command; at most four minutes. */
  public Ended run(String... command) throws IOException, InterruptedException {
    Path said = Files.createTempFile("said", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    // What the tests of local-cluster need would be taken for a Spark of the user's own.
    builder.environment().keySet().removeAll(List.of("SPARK_HOME", "SPARK_SCALA_VERSION"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(4, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    String text = Files.readString(said, UTF_8);
    Files.delete(said);
    assertThat(ended).as(text).isTrue();
    return new Ended(process.exitValue(), text);
  }

  /** A port at which nothing listens. */
  public static String freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      return Integer.toString(free.getLocalPort());
    }
  }

  /** Of a cluster, and of the drivers and executors below. */
  private static List<Long> processes(Path state) throws IOException {
    List<Long> all = new ArrayList<>();
    if (Files.isDirectory(state)) {
      try (var files = Files.newDirectoryStream(state, "*.pid")) {
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
