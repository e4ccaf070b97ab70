package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keys of stores that users give to Spark and to a source: nothing that is left behind has them.
 */
@Timeout(100)
class SecretsIT {
  private static final String PLANTED = "Planted5up3rS3cr3t";
  private static final String KEY = "\"fs.s3a.secret.key\"";

  @TempDir Path temp;

  /** With everything that Spark and Schuss can log, and Spark's own record of events. */
  @Test
  void noFileAndNoLineHasThem() throws Exception {
    Path log = temp.resolve("log");
    Path settings = temp.resolve("log4j2.properties");
    Files.writeString(
        settings,
        """
        appender.console.type = Console
        appender.console.name = console
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %p %c{1}: %m%n%ex
        rootLogger.level = info
        rootLogger.appenderRef.console.ref = console
        """);
    Files.createDirectories(temp.resolve("events"));
    List<String> words = new ArrayList<>(List.of("train", DigitsRun.JOB));
    String own = "data.train.options={ " + KEY + " = " + PLANTED + "-own, comment = \"#\" }";
    for (String set :
        List.of(
            own,
            "train.epochs=2",
            "output.dir=" + temp.resolve("out"),
            "checkpoint.dir=" + temp.resolve("checkpoints"))) {
      words.addAll(List.of("--set", set));
    }
    Process process =
        Processes.schuss(
            log.toFile(),
            List.of(
                "-Dlog4j2.configurationFile=" + settings,
                "-Dspark.hadoop.fs.s3a.secret.key=" + PLANTED,
                "-Dspark.hadoop.fs.s3a.access.key=" + PLANTED + "-access",
                "-Dspark.eventLog.enabled=true",
                "-Dspark.eventLog.dir=" + temp.resolve("events").toUri()),
            words);
    assertThat(process.waitFor(100, TimeUnit.SECONDS)).as("ended in time").isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();

    assertThat(Files.readString(log)).as("a log worth reading").contains("INFO DAGScheduler");
    List<Path> files = files();
    assertThat(files.toString())
        .contains("job.json", "result.json", "state.json", "model.json", "/events/", "/log");
    assertThat(files.stream().filter(SecretsIT::leaks)).isEmpty();
    assertThat(Files.readString(temp.resolve("out/job.json")))
        .contains("\"fs.s3a.secret.key\": \"" + Secrets.HIDDEN + "\"", "\"comment\": \"#\"");
    Runs.Outcome check = Runs.schuss("check", DigitsRun.JOB, "--set", own);
    assertThat(check.code()).isZero();
    assertThat(check.out()).contains(Secrets.HIDDEN).doesNotContain(PLANTED);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(temp)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static boolean leaks(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(PLANTED);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
