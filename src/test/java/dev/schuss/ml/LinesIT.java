package dev.schuss.ml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar on each line of Spark: fit, transform, save, and load what the others saved. */
class LinesIT {
  private static final List<String> LINES = List.of("4.1.0", "3.5.6", "3.5.7");

  @TempDir Path temp;

  @Test
  void whatOneLineSavesTheOthersLoad() throws IOException, InterruptedException {
    Path models = Files.createDirectory(temp.resolve("models"));
    List<List<String>> answers = new ArrayList<>();
    for (String line : LINES) {
      answers.add(run(line, models));
    }
    answers.add(LineProgram.said(TestSpark.session(), models)); // what came after it, too
    assertThat(answers.stream().map(List::size)).containsExactly(1, 2, 3, 3);
    Set<String> said = new LinkedHashSet<>();
    answers.forEach(all -> all.forEach(one -> said.add(one.substring(one.indexOf(' ') + 1))));
    assertThat(said).as("the same bits everywhere").hasSize(1);
    assertThat(said.iterator().next().split(" ")).hasSize(4).allMatch(word -> word.startsWith("y"));
  }

  private List<String> run(String line, Path models) throws IOException, InterruptedException {
    Path home = Path.of("target/spark", line);
    if (!Files.isDirectory(home)) {
      Process made =
          new ProcessBuilder("scripts/cluster", "home", line).redirectErrorStream(true).start();
      String said = new String(made.getInputStream().readAllBytes(), UTF_8);
      assertThat(made.waitFor()).as(said).isZero();
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1", // compiling takes most of the time of four rows
            "-XX:+UseSerialGC",
            "-Dspark.sql.codegen.wholeStage=false",
            "-Dspark.sql.codegen.factoryMode=NO_CODEGEN",
            "-Dspark.sql.adaptive.enabled=false",
            "-Dspark.sql.shuffle.partitions=1",
            "-Dspark.driver.host=127.0.0.1",
            "-Dspark.driver.bindAddress=127.0.0.1",
            "-cp",
            System.getProperty("schuss.jar") + ":target/test-classes:" + home + "/jars/*",
            LineProgram.class.getName(),
            models.toString()));
    Path log = temp.resolve(line + ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().remove("SPARK_HOME");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(said + Files.readString(log)).isZero();
    return said.lines().filter(l -> l.startsWith("= ")).map(l -> l.substring(2)).toList();
  }
}
