package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.schuss.TestSpark;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Json;
import dev.schuss.model.LocalFolder;
import dev.schuss.model.Preprocessing;
import dev.schuss.report.EvaluationText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of the digits on rows whose answers are known. */
class EvaluateTest {
  private static final String OUT = "out";
  private static final String TEST = "classpath:data/digits-test.csv";

  @TempDir static Path temp;
  private static Map<String, Double> trained;

  @BeforeAll
  static void train() {
    JobFile job =
        JobReader.read(
            "jobs/digits.conf", List.of("output.dir=" + temp.resolve("out"), "train.epochs=4"));
    try (Cancellation cancellation = Cancellation.install()) {
      trained =
          new Run(job, TestSpark.session(), cancellation, silent(), false).train().result().test();
    }
  }

  @Test
  void theFiguresAreThoseOfTheTraining() {
    assertThat(trained.keySet())
        .contains("loss", "accuracy", "logLoss", "f1", "f1Weighted", "top3", "top5")
        .doesNotContain("auc");
    Map<String, Double> figures = evaluate(TEST).evaluation().figures();
    assertThat(figures.keySet()).isEqualTo(trained.keySet());
    figures.forEach(
        (name, value) -> assertThat(value).as(name).isCloseTo(trained.get(name), within(1e-6)));
  }

  @Test
  void theTableShowsMetricsClassesAndConfusion() {
    Evaluated evaluated = evaluate(TEST);
    List<String> lines = EvaluationText.lines(evaluated.evaluation(), evaluated.classNames());
    assertThat(lines.get(0)).isEqualTo("360 rows");
    assertThat(lines).anySatisfy(l -> assertThat(l).matches("  accuracy +9\\d\\.\\d\\d %"));
    assertThat(lines).anySatisfy(l -> assertThat(l).matches("class +rows +precision +recall +f1"));
    assertThat(lines).anySatisfy(l -> assertThat(l).matches("7 +\\d+( +[01]\\.\\d{4}){3}"));
    assertThat(lines).anySatisfy(l -> assertThat(l).matches("9( +\\d+){10}"));
    assertThat(lines).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
  }

  @Test
  void theJsonHoldsEverything() {
    JsonObject json = JsonParser.parseString(Json.pretty(evaluate(TEST).json())).getAsJsonObject();
    assertThat(json.get("rows").getAsInt()).isEqualTo(360);
    assertThat(json.getAsJsonObject("metrics").get("accuracy").getAsDouble()).isGreaterThan(0.9);
    JsonArray classes = json.getAsJsonArray("classes");
    JsonArray confusion = json.getAsJsonArray("confusion");
    double right = 0;
    for (int c = 0; c < 10; c++) {
      JsonArray row = confusion.get(c).getAsJsonArray();
      double sum = 0;
      for (int p = 0; p < 10; p++) {
        sum += row.get(p).getAsDouble();
      }
      assertThat(sum).isEqualTo(classes.get(c).getAsJsonObject().get("rows").getAsDouble());
      right += row.get(c).getAsDouble();
    }
    assertThat(right / 360)
        .isEqualTo(json.getAsJsonObject("metrics").get("accuracy").getAsDouble());
  }

  @Test
  void columnsMayHaveOtherNames() throws IOException {
    Path file = temp.resolve("renamed.csv");
    List<String> rows = new ArrayList<>();
    for (String line : rows()) {
      rows.add(rows.isEmpty() ? line.replace("label", "answer") + ",w" : line + ",0.5");
    }
    Files.write(file, rows);
    Evaluated evaluated =
        Verbs.evaluate(
            TestSpark.session(),
            temp.resolve("out/model").toString(),
            source(file.toString()),
            List.of("answer"),
            List.of(),
            "w");
    assertThat(evaluated.evaluation().weightSum()).isEqualTo(180);
    assertThat(evaluated.evaluation().figures().get("accuracy"))
        .isCloseTo(trained.get("accuracy"), within(1e-9));
  }

  /** As those of a spark.ml pipeline are, where StringIndexer numbered them. */
  @Test
  void classesAreCalledByTheirNames() throws IOException {
    List<String> turned =
        IntStream.range(0, 10).mapToObj(i -> String.valueOf((i + 3) % 10)).toList();
    assertThat(accuracy("turned", turned, i -> turned.get(i))).isEqualTo(trained.get("accuracy"));
    assertThat(accuracy("turned", turned, i -> "" + i)).isLessThan(0.2); // such digits are names
    List<String> texts = IntStream.range(0, 10).mapToObj(i -> "digit " + i).toList();
    assertThat(accuracy("texts", texts, i -> texts.get(i))).isEqualTo(trained.get("accuracy"));
    assertThat(accuracy("texts", texts, i -> "" + i)).isEqualTo(trained.get("accuracy"));
    List<String> odd = new ArrayList<>(texts);
    odd.set(3, "NaN");
    odd.set(4, "-Infinity");
    assertThat(accuracy("odd", odd, i -> odd.get(i))).isEqualTo(trained.get("accuracy"));
    assertFailure(3, "NaN is not a finite number", "texts", labelled("nan.csv", i -> "NaN") + "");
    assertFailure(
        3,
        "\"digit x\" is not one of the classes of the training data (0 = digit 0, 1 = digit 1, ",
        "texts",
        labelled("wrong.csv", i -> "digit x").toString());
  }

  /** The accuracy of the model with names for its classes, on rows whose labels are called so. */
  private static double accuracy(String model, List<String> names, IntFunction<String> labels)
      throws IOException {
    FittedModel digits = ModelFolder.load(temp.resolve("out").toString(), new Configuration());
    Preprocessing p = digits.preprocessing();
    Preprocessing named =
        new Preprocessing(
            p.task(),
            p.inputs(),
            p.labels(),
            p.classes().named(names),
            p.invalid(),
            p.shift(),
            p.divisor());
    new FittedModel(digits.network(), digits.weights(), named, digits.provenance())
        .save(new LocalFolder(temp.resolve(model)));
    return Verbs.evaluate(
            TestSpark.session(),
            temp.resolve(model).toString(),
            source(labelled("named.csv", labels).toString()),
            List.of(),
            List.of(),
            null)
        .evaluation()
        .figures()
        .get("accuracy");
  }

  private static Path labelled(String name, IntFunction<String> labels) throws IOException {
    List<String> rows = new ArrayList<>();
    for (String line : rows()) {
      int end = line.lastIndexOf(',') + 1;
      String label = line.substring(end);
      rows.add(
          rows.isEmpty() ? line : line.substring(0, end) + labels.apply(Integer.parseInt(label)));
    }
    return Files.write(temp.resolve(name), rows);
  }

  @Test
  void dataThatCannotBeUsedIsToldInOneLine() throws IOException {
    assertFailure(3, "nowhere.csv", OUT, "nowhere.csv");
    assertFailure(3, "no label column lable", OUT, TEST, "lable");
    assertFailure(
        3,
        "the rows have 2 features, but the model was trained on 64: name the same columns",
        OUT,
        TEST,
        "label",
        "p0",
        "p1");
    Path file = temp.resolve("eleven.csv");
    String first = rows().get(1);
    Files.write(
        file, List.of(rows().get(0), first, first.substring(0, first.lastIndexOf(',')) + ",11"));
    assertFailure(3, "eleven.csv", OUT, file.toString());
    assertFailure(
        3,
        "11 is not one of the classes of the training data (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)",
        OUT,
        file.toString());
  }

  @Test
  void aModelThatCannotBeReadIsToldInOneLine() throws IOException {
    assertFailure(5, "no such model: " + temp.resolve("none"), "none", TEST);
    Path broken = copy("truncated");
    byte[] weights = Files.readAllBytes(broken.resolve("model.safetensors"));
    Files.write(broken.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length - 100));
    assertFailure(5, "model.safetensors", "truncated", TEST);
    Path newer = copy("newer").resolve("model.json");
    Files.writeString(newer, Files.readString(newer).replace("schuss-model/1", "schuss-model/9"));
    assertFailure(5, "format is schuss-model/9, which a newer Schuss wrote", "newer", TEST);
    Files.delete(copy("half").resolve("model.json"));
    assertFailure(5, "model.json: no such file", "half", TEST);
  }

  private static Path copy(String name) throws IOException {
    Path to = Files.createDirectories(temp.resolve(name));
    for (String file : List.of("model.json", "model.safetensors")) {
      Files.copy(temp.resolve("out/model").resolve(file), to.resolve(file));
    }
    return to;
  }

  private static List<String> rows() throws IOException {
    try (InputStream in = EvaluateTest.class.getResourceAsStream("/data/digits-test.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static void assertFailure(
      int code, String message, String model, String data, String... columns) {
    List<String> named = List.of(columns);
    Failure failure =
        Failure.of(
            catchThrowable(
                () ->
                    Verbs.evaluate(
                        TestSpark.session(),
                        temp.resolve(model).toString(),
                        source(data),
                        named.stream().limit(1).toList(),
                        named.stream().skip(1).toList(),
                        null)));
    assertThat(failure.line()).contains(message).doesNotContain("\n");
    assertThat(failure.exitCode()).isEqualTo(code);
  }

  private static Evaluated evaluate(String data) {
    return Verbs.evaluate(
        TestSpark.session(),
        temp.resolve("out").toString(),
        source(data),
        List.of(),
        List.of(),
        null);
  }

  private static Sources.From source(String data) {
    SourceArgument argument = new SourceArgument();
    argument.data = data;
    return argument.source();
  }

  private static PrintStream silent() {
    return new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
  }
}
