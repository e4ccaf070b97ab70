package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.TestSpark;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Invalid;
import dev.schuss.model.Json;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Rows that verbs leave out are told, and passwords in them are not. */
class LeftOutTest {
  private static final Network NETWORK = Network.input(1).output(2);

  @TempDir Path temp;
  private final SparkSession spark = TestSpark.session();
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final PrintStream people = new PrintStream(shown, true, StandardCharsets.UTF_8);
  private String model;
  private String data;

  @BeforeEach
  void files() throws IOException {
    Preprocessing columns =
        new Preprocessing(
            Task.CLASSIFICATION,
            List.of(Feature.number("a")),
            List.of("label"),
            ClassLabels.of(0, 1),
            Invalid.SKIP,
            null,
            null);
    Verbs.save(NETWORK, columns, temp.resolve("model"));
    model = temp.resolve("model").toString();
    data = temp.resolve("rows.csv").toString();
    Files.writeString(
        Path.of(data),
        "a,label\n1,0\nftp://bob:S3cret@host/x,1\n2,1\nsftp://eve:S3cret@host/x,1\n");
  }

  private <T> T parsed(T verb, String... more) {
    CommandLine line = new CommandLine(verb);
    line.parseArgs(
        Stream.concat(Stream.of(model, "--data", data), Stream.of(more)).toArray(String[]::new));
    return verb;
  }

  private void assertTold(Map<String, Object> json) {
    assertThat(json).containsEntry("skippedRows", 2L);
    assertThat(Json.pretty(json)).contains("ftp://***@host/x").doesNotContain("S3cret");
  }

  private void assertShown() {
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("2 bad rows left out: ")
        .contains("ftp://***@host/x")
        .doesNotContain("S3cret");
  }

  @Test
  void predictHidesPasswords() {
    Predict verb = parsed(new Predict(), "--output", temp.resolve("out").toString());
    assertTold(Verbs.predict(spark, verb, verb.rows.source(), "csv", people));
    assertShown();
  }

  @Test
  void evaluateHidesPasswords() {
    Evaluate verb = parsed(new Evaluate());
    Evaluated evaluated =
        Verbs.evaluate(spark, model, verb.source.source(), List.of(), List.of(), null);
    assertTold(evaluated.json());
    LeftOut.tell(evaluated.skipped(), people);
    assertShown();
  }

  @Test
  void landscapesHidePasswords() {
    DrawLandscape verb = parsed(new DrawLandscape(), "--grid", "2");
    FittedModel read = ModelFolder.load(model, new Configuration());
    verb.losses(
        spark, verb.landscape(read, new Configuration()), read, verb.source.source(), people);
    assertShown();
  }
}
