package dev.schuss.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process that answers questions, one line each; see {@link Worker}. */
final class Contestant implements AutoCloseable {
  private final String name;
  private final Path log;
  private final Process process;
  private final BufferedWriter questions;
  private final BufferedReader answers;
  private String greeting;

  /** Starts a process, and does not wait until it is ready. */
  Contestant(String name, List<String> command) throws IOException {
    this(name, command, Map.of());
  }

  Contestant(String name, List<String> command, Map<String, String> environment)
      throws IOException {
    this.name = name;
    log = Path.of("target/bench", name + ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder
        .environment()
        .put("SPARK_HOME", Path.of("target/bench/spark-home").toAbsolutePath().toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Files.createDirectories(Path.of("target/bench/spark-home/jars"));
    builder.environment().putAll(environment);
    process = builder.start();
    questions =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** A JVM with the flags that Spark needs. */
  static List<String> jvm(String memory, List<String> flags, String... mainAndArguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + memory);
    command.add("-XX:+UseParallelGC");
    command.addAll(List.of(Files.readString(Path.of("target/jvm.options")).strip().split("\\s+")));
    settings("conf/spark-defaults.conf", command);
    if (List.of(mainAndArguments).toString().contains("local-cluster")) {
      settings("conf/spark-cluster.conf", command);
    }
    command.add("-Dlog4j2.configurationFile=" + Path.of("conf/log4j2.properties").toAbsolutePath());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(mainAndArguments));
    return command;
  }

  private static void settings(String file, List<String> command) throws IOException {
    for (String line : Files.readAllLines(Path.of(file))) {
      if (line.startsWith("spark.") && !line.startsWith("spark.master")) {
        command.add("-D" + line.strip().replaceFirst("\\s+", "="));
      }
    }
  }

  /** Its first words, once it is ready; several may start at a time. */
  String greeting() throws IOException {
    if (greeting == null) {
      greeting = answer();
    }
    return greeting;
  }

  /** Asks, and waits for the answer. */
  String ask(String question) throws IOException {
    greeting();
    long start = System.nanoTime();
    questions.write(question + "\n");
    questions.flush();
    String answer = answer();
    System.err.printf(
        "%6.1f s  %s: %s = %s%n", (System.nanoTime() - start) / 1e9, name, question, answer);
    return answer;
  }

  double number(String question) throws IOException {
    return Double.parseDouble(ask(question));
  }

  private String answer() throws IOException {
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith("= ")) {
        return line.substring(2);
      }
    }
    throw new IOException(name + " ended without an answer: see " + log);
  }

  @Override
  public void close() throws IOException {
    questions.close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
