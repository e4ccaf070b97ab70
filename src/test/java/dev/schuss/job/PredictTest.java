package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.schuss.TestSpark;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.Invalid;
import dev.schuss.model.Predictor;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code predict} from its command line on, on the session of the tests. */
class PredictTest {
  private static final Network NETWORK = Network.input(2).dense(3, Activation.TANH).output(3);

  @TempDir Path temp;
  private final SparkSession spark = TestSpark.session();
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private Path model;
  private Path data;

  @BeforeEach
  void files() throws IOException {
    model = save(Invalid.ERROR);
    data = temp.resolve("new.csv");
    Files.writeString(data, "a,b,note\n1,2,first\n3,4,second\n-1,0,third\n");
  }

  private Path save(Invalid invalid) throws IOException {
    Preprocessing columns =
        new Preprocessing(
            Task.CLASSIFICATION,
            List.of(Feature.number("a"), Feature.number("b")),
            List.of("label"),
            ClassLabels.of(List.of("x", "y", "z")),
            invalid,
            null,
            null);
    Path folder = temp.resolve("model-" + invalid);
    Verbs.save(NETWORK, columns, folder);
    return folder;
  }

  private Map<String, Object> predict(String... arguments) {
    Predict verb = new Predict();
    new CommandLine(verb).parseArgs(arguments);
    PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
    return Verbs.predict(spark, verb, verb.rows.source(), verb.format(), out);
  }

  private Map<String, Object> predict(Path folder, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(folder.toString(), "--data", data.toString(), "--output", out().toString()));
    all.addAll(Arrays.asList(more));
    return predict(all.toArray(String[]::new));
  }

  private Path out() {
    return temp.resolve("deep/er/out");
  }

  private List<String> left() throws IOException {
    try (Stream<Path> all = Files.list(temp)) {
      return all.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc", "json"})
  void everyFormatHoldsTheInputAndThePredictions(String format) {
    Map<String, Object> outcome = predict(model, "--format", format);
    assertThat(outcome).containsEntry("rows", 3L).containsEntry("skippedRows", 0L);
    List<Row> rows =
        spark.read().format(format).load(out().toString()).orderBy("note").collectAsList();
    assertThat(rows).hasSize(3);
    Predictor predictor =
        Predictor.of(
            ModelFolder.load(model.toString(), spark.sparkContext().hadoopConfiguration()));
    assertThat(rows.get(1).<String>getAs("note")).isEqualTo("second");
    assertThat(rows.get(1).<String>getAs("prediction"))
        .isEqualTo(predictor.label(new float[] {3, 4}));
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("3 rows in ", "written as " + format, "a, b, note, prediction, probability");
  }

  @Test
  void csvHasAColumnPerClass() throws IOException {
    predict(model, "--format", "csv");
    List<String> lines = new ArrayList<>();
    try (Stream<Path> all = Files.list(out())) {
      for (Path part : all.filter(p -> p.toString().endsWith(".csv")).toList()) {
        lines.addAll(Files.readAllLines(part));
      }
    }
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0))
        .isEqualTo("a,b,note,prediction,probability_x,probability_y,probability_z");
    assertThat(lines.get(1)).startsWith("1,2,first,").hasLineCount(1);
    assertThat(lines.get(1).split(",")).hasSize(7);
  }

  @Test
  void sparseInputsAreLeftOutOfCsvAndThatIsSaid() throws IOException {
    data = temp.resolve("rows.libsvm");
    Files.writeString(data, "1 1:0.5 2:1\n-1 2:3\n");
    Preprocessing columns =
        new Preprocessing(
            Task.CLASSIFICATION,
            List.of(Feature.vector("features", 2)),
            List.of("label"),
            ClassLabels.of(-1, 0, 1),
            Invalid.ERROR,
            null,
            null);
    Path folder = temp.resolve("sparse");
    Verbs.save(NETWORK, columns, folder);
    Map<String, Object> outcome = predict(folder, "--format", "csv");
    assertThat(outcome.get("columns"))
        .isEqualTo(
            List.of("label", "prediction", "probability_-1", "probability_0", "probability_1"));
    assertThat(shown.toString(StandardCharsets.UTF_8)).contains("left out    features: CSV cannot");
  }

  @Test
  void theFormatFollowsFromTheName() {
    Predict verb = new Predict();
    new CommandLine(verb).parseArgs("m", "--data", "d", "--output", "a/b.JSON/");
    assertThat(verb.format()).isEqualTo("json");
    verb.output = "scored";
    assertThat(verb.format()).isEqualTo("parquet");
    verb.format = "xls";
    assertThat(Failure.of(catchThrowable(verb::format)))
        .isEqualTo(new Failure(2, "--format xls: must be one of csv, parquet, orc, json"));
  }

  @Test
  void whatIsThereIsReplacedOnlyWhenAskedForAndOnlyByAWholeTable() throws IOException {
    Files.createDirectories(out());
    Files.writeString(out().resolve("thesis.tex"), "x");
    assertFails(
        2, "--output " + out() + " exists: name another, or replace it with --overwrite", model);
    Files.writeString(data, "a,b,note\n1,2,first\n3,oops,second\n");
    assertFails(3, "new.csv line 3, column b: \"oops\" is not a number", model, "--overwrite");
    assertThat(out().resolve("thesis.tex")).exists();
    Files.writeString(data, "a,b,note\n1,2,first\n");
    predict(model, "--overwrite");
    assertThat(out().resolve("thesis.tex")).doesNotExist();
    assertThat(spark.read().parquet(out().toString()).count()).isEqualTo(1);
    try (Stream<Path> all = Files.list(out().getParent())) {
      assertThat(all).containsExactly(out());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a,b\\n1,NaN\\n       | new.csv line 2, column b: NaN is not a finite number
          a,b\\n1,2\\n3\\n     | new.csv line 3: "3" has more or fewer values than columns
          a,c\\n1,2\\n         | no feature column b
          a,b,Prediction\\n1,2,3\\n | the data has a column Prediction, and so would the predictions
          a,b                  | has a header and no rows
          """)
  void badDataIsOneLineAndNothingIsLeft(String text, String message) throws IOException {
    Files.writeString(data, text.replace("\\n", "\n"));
    assertFails(3, message, model);
    assertThat(left()).containsExactly("model-ERROR", "new.csv");
  }

  @Test
  void wrongPathsAreOneLineAndNothingIsLeft() throws IOException {
    assertFails(5, "no such model: " + temp.resolve("nowhere"), temp.resolve("nowhere"));
    Files.delete(data);
    assertFails(3, "no such file: " + data, model);
    Files.writeString(temp.resolve("file"), "x");
    Throwable thrown =
        catchThrowable(
            () -> predict(model.toString(), "--data", "x.csv", "--output", temp + "/file/out"));
    Failure failure = Failure.of(thrown);
    assertThat(failure.line()).startsWith("cannot write to --output " + temp + "/file/out (");
    assertThat(failure.exitCode()).isEqualTo(2);
    assertThat(left()).containsExactly("file", "model-ERROR");
  }

  @Test
  void badRowsAreLeftOutWhereTheModelSaysSo() throws IOException {
    Files.writeString(data, "a,b,note\n1,,first\n3,4,second\n");
    Map<String, Object> outcome = predict(save(Invalid.SKIP));
    assertThat(outcome).containsEntry("rows", 1L).containsEntry("skippedRows", 1L);
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("1 bad rows left out: ", "new.csv line 2, column b: missing value");
  }

  private void assertFails(int code, String message, Path folder, String... more) {
    Failure failure = Failure.of(catchThrowable(() -> predict(folder, more)));
    assertThat(failure.line()).contains(message).doesNotContain("\n");
    assertThat(failure.exitCode()).isEqualTo(code);
  }
}
