package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.TestSpark;
import dev.schuss.experiment.LossGrid;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Json;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Landscapes of digits, by the verb, on the tests' session. */
class DrawLandscapeTest {
  private static final String TEST = "classpath:data/digits-test.csv";

  @TempDir static Path temp;

  /** 22 updates of 11 in an epoch: two after the last synchronisation, so that fast is not slow. */
  @BeforeAll
  static void train() throws IOException {
    JobFile job =
        JobReader.read(
            "jobs/digits-lookahead.conf",
            List.of(
                "output.dir=" + temp.resolve("a"),
                "checkpoint.dir=" + temp.resolve("a/checkpoints"),
                "train.epochs=2",
                "train.earlyStopping={}",
                "train.curvature=1 epoch"));
    try (Cancellation cancellation = Cancellation.install()) {
      new Run(job, TestSpark.session(), cancellation, silent(), false).train();
    }
    Network network = ModelFolder.load(out("a"), new Configuration()).network();
    save("b", network);
    save("wider", Network.input(64).dense(3, Activation.RELU).output(10));
  }

  /** A model beside the one that was trained, with the weights of a start. */
  private static void save(String name, Network network) throws IOException {
    FittedModel trained = ModelFolder.load(out("a"), new Configuration());
    Path folder = Files.createDirectories(temp.resolve(name));
    new FittedModel(
            network, network.initialWeights(7), trained.preprocessing(), trained.provenance())
        .save(file -> Files.newOutputStream(folder.resolve(file)));
  }

  private static PrintStream silent() {
    return new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
  }

  private static DrawLandscape verb(String... arguments) {
    DrawLandscape verb = new DrawLandscape();
    List<String> words = new ArrayList<>(List.of(arguments));
    if (!words.contains("--data")) {
      words.addAll(List.of("--data", TEST));
    }
    new CommandLine(verb).parseArgs(words.toArray(String[]::new));
    return verb;
  }

  private static String out(String name) {
    return temp.resolve(name).toString();
  }

  private static LossGrid drawn(DrawLandscape verb) {
    FittedModel model = ModelFolder.load(verb.arguments.model, new Configuration());
    LossGrid losses =
        verb.losses(
            TestSpark.session(),
            verb.landscape(model, new Configuration()),
            model,
            verb.source.source(),
            silent());
    verb.draw(losses);
    return losses;
  }

  private static double evaluated(String model) {
    SourceArgument source = new SourceArgument();
    source.data = TEST;
    return Verbs.evaluate(
            TestSpark.session(), out(model), source.source(), List.of(), List.of(), null)
        .evaluation()
        .meanLoss();
  }

  @Test
  void aroundAModelThePictureAndTheNumbersAreWritten() throws Exception {
    Path svg = temp.resolve("pictures/around.svg");
    LossGrid grid =
        drawn(verb(out("a"), "--grid", "5", "--span", "0.5", "--output", svg.toString()));
    assertThat(grid.loss()[2][2]).isEqualTo(evaluated("a"));
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(Files.readAllBytes(svg)));
    Map<String, Object> json =
        Json.parseObject(Files.readString(temp.resolve("pictures/around.json")), "json");
    assertThat(json)
        .containsEntry("kind", "around")
        .containsEntry("rows", 360L)
        .containsEntry("seed", 1L)
        .containsEntry("x", List.of(-0.5, -0.25, 0.0, 0.25, 0.5));
    assertThat((List<?>) json.get("loss")).hasSize(5);
  }

  @Test
  void slowAndFastWeightsOfACheckpointMakeALine() {
    String fast = out("a/checkpoints") + "#fast";
    LossGrid line =
        drawn(verb(out("a"), "--with", fast, "--grid", "5", "--output", out("line.svg")));
    assertThat(line.places().get(0).loss()).isEqualTo(evaluated("a"));
    assertThat(line.places().get(1).loss())
        .isNotEqualTo(line.places().get(0).loss())
        .isCloseTo(line.places().get(0).loss(), within(0.5));
    String slow = out("a/checkpoints") + "#slow";
    assertFailure(
        5, out("a") + " and " + slow + " have the same weights", out("a"), "--with", slow);
  }

  @Test
  void threeModelsMakeAPlane() {
    LossGrid plane =
        drawn(
            verb(
                out("a"),
                "--with",
                out("b"),
                "--with",
                out("a/checkpoints"),
                "--grid",
                "3",
                "--rows",
                "50",
                "--output",
                out("plane.svg")));
    assertThat(plane.kind()).isEqualTo(LossGrid.Kind.PLANE);
    assertThat(plane.rows()).isEqualTo(50);
    assertThat(plane.places()).hasSize(3).allMatch(place -> place.loss() < 5);
    assertThat(plane.places().get(2).name()).isEqualTo(out("a/checkpoints"));
  }

  @Test
  void theCurvatureIsInTheFilesOfTheTraining() throws IOException {
    List<String> lines = Files.readAllLines(temp.resolve("a/metrics.jsonl"));
    for (int e = 0; e < 2; e++) {
      List<?> looks = (List<?>) Json.parseObject(lines.get(e), "line").get("curvature");
      assertThat(looks).hasSize(1);
      assertThat(Json.block(looks.get(0)))
          .containsEntry("step", 1L + 11L * e)
          .containsKeys(
              "lr",
              "gradientSquared",
              "alongGradient",
              "firstOrder",
              "secondOrder",
              "taken",
              "illConditioned");
    }
    assertThat(Files.readString(temp.resolve("a/report.html")))
        .contains("Curvature along the gradient", "What updates do to the loss");
  }

  @Test
  void whatDoesNotFitIsToldInOneLine() throws IOException {
    assertFailure(2, "--grid = 1: must be 2 to 501", out("a"), "--grid", "1");
    assertFailure(2, "--span = -1.0: must be positive", out("a"), "--span=-1");
    assertFailure(2, "--rows = 0: must be at least 1", out("a"), "--rows", "0");
    assertFailure(5, "no such model", out("none"));
    assertFailure(5, "no such model", out("a"), "--with", out("none"));
    assertFailure(
        5,
        out("wider") + " is of another network than the first model",
        out("a"),
        "--with",
        out("wider"));
    assertFailure(5, "there is no checkpoint in", out("a"), "--with", out("b") + "#slow");
    assertFailure(
        5,
        "holds no weights average: it holds weights, best, fast, slow",
        out("a"),
        "--with",
        out("a/checkpoints") + "#average");
    assertFailure(3, "nowhere.csv", out("a"), "--data", "nowhere.csv");
    assertFailure(3, "no label column lable", out("a"), "--label", "lable");
    DrawLandscape often =
        verb(out("a"), "--with", out("b"), "--with", out("b"), "--with", out("b"));
    Failure failure = Failure.of(catchThrowable(often::call));
    assertThat(failure.exitCode()).isEqualTo(2);
    assertThat(failure.line())
        .isEqualTo("--with is given 3 times: a line takes one more model, a plane two");
    Failure folder = Failure.of(catchThrowable(verb(out("a"), "--output", out("b"))::call));
    assertThat(folder.exitCode()).isEqualTo(2);
    assertThat(folder.line())
        .contains("--output " + out("b") + ": cannot be written (it is a folder)");
    Path file = temp.resolve("file");
    Files.writeString(file, "x");
    Failure below = Failure.of(catchThrowable(verb(out("a"), "--output", file + "/x.svg")::call));
    assertThat(below.exitCode()).isEqualTo(2);
    assertThat(below.line()).contains("--output " + file + "/x.svg: cannot be written");
  }

  private static void assertFailure(int code, String message, String... arguments) {
    Failure failure = Failure.of(catchThrowable(() -> drawn(verb(arguments))));
    assertThat(failure.line()).contains(message).doesNotContain("\n");
    assertThat(failure.exitCode()).isEqualTo(code);
  }
}
