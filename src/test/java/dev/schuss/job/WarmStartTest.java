package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.schuss.TestSpark;
import dev.schuss.model.FittedModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trainings that start from the model of another. */
class WarmStartTest {
  @TempDir Path temp;
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private Path data;

  @BeforeEach
  void rows() throws IOException {
    data = temp.resolve("rows.csv");
    StringBuilder text = new StringBuilder("a,colour,y\n");
    for (int i = 0; i < 40; i++) {
      String colour = i % 3 == 0 ? "red" : "blue";
      text.append(i).append(',').append(colour).append(',').append(i % 2).append('\n');
    }
    Files.writeString(data, text);
  }

  private Run.Outcome train(String out, String... set) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "data.train.path=" + data, "output.dir=" + temp.resolve(out), "train.epochs=2"));
    sets.addAll(Arrays.asList(set));
    Path job = temp.resolve("job.conf");
    try {
      Files.writeString(
          job,
          """
          name = warm
          task = classification
          data { train { format = csv, path = "" }, label = y, categorical = [colour], scale = standard }
          model.layers = [ { type = dense, units = 4, activation = tanh } ]
          optimizer { rule = sgd, learningRate = 0.1 }
          train { batchSize = 10, partitions = 2 }
          output.dir = ""
          """
              .replace("path = \"\"", "path = x")
              .replace("dir = \"\"", "dir = x"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    JobFile read = JobReader.read(job.toString(), sets);
    try (Cancellation cancellation = Cancellation.install()) {
      PrintStream printed = new PrintStream(shown, true, StandardCharsets.UTF_8);
      return new Run(read, TestSpark.session(), cancellation, printed, false).train();
    }
  }

  private FittedModel model(String out) {
    return ModelFolder.load(temp.resolve(out).toString(), new Configuration());
  }

  private static float[] part(FittedModel model, String segment) {
    var s = model.network().layout().segment(segment);
    return Arrays.copyOfRange(model.weights(), s.offset(), s.end());
  }

  @Test
  void allWeightsAndTheScalingAreTakenOver() throws IOException {
    train("first");
    // Other rows: their mean is another, and so would be the order of the categories by frequency.
    Files.writeString(data, "a,colour,y\n100,red,0\n300,red,1\n200,blue,1\n250,red,0\n");
    train(
        "second",
        "model.from=" + temp.resolve("first"),
        "train.batchSize=4",
        "optimizer.learningRate=1e-30");
    FittedModel first = model("first");
    FittedModel second = model("second");
    assertThat(second.weights()).isEqualTo(first.weights());
    assertThat(second.preprocessing()).isEqualTo(first.preprocessing());
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("starts from " + temp.resolve("first") + " (all weights); its scaling is kept");
  }

  @Test
  void frozenLayersKeepTheirBitsAndTheOthersMove() {
    train("first");
    train(
        "second",
        "model.from=" + temp.resolve("first"),
        "optimizer.groups=[{ match = \"dense0.*\", frozen = true }]");
    for (String name : List.of("dense0.weight", "dense0.bias")) {
      assertThat(part(model("second"), name)).isEqualTo(part(model("first"), name));
    }
    for (String name : List.of("output.weight", "output.bias")) {
      assertThat(part(model("second"), name)).isNotEqualTo(part(model("first"), name));
    }
  }

  @Test
  void otherClassesGetALastLayerOfTheirOwn() throws IOException {
    train("first");
    Files.writeString(data, "a,colour,y\n1,red,u\n3,red,v\n2,blue,w\n5,red,u\n");
    train(
        "second",
        "model.from=" + temp.resolve("first"),
        "train.batchSize=4",
        "optimizer.learningRate=1e-30");
    assertThat(part(model("second"), "dense0.weight"))
        .isEqualTo(part(model("first"), "dense0.weight"));
    assertThat(part(model("second"), "output.weight")).hasSize(12).doesNotContain(0f);
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("(all layers but the last, whose outputs differ: 2 there, 3 here)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model.layers=[{type=dense,units=5,activation=tanh}] | model.layers[0] is Dense[units=4, activation=Tanh[]] there and Dense[units=5, activation=Tanh[]] here
          model.layers=[{type=dense,units=4}]                 | model.layers[0] is Dense[units=4, activation=Tanh[]] there and Dense[units=4, activation=Relu[]] here
          model.layers=[]                                     | model.layers[0] is Dense[units=4, activation=Tanh[]] there and missing here
          data.features=[a]                                   | takes 4 inputs, this job has 1: name the same features
          """)
  void whatDoesNotFitIsNamedAndNothingIsWritten(String set, String message) {
    train("first");
    String more = set.startsWith("data") ? "data.categorical=[]" : "train.seed=1";
    Failure failure =
        Failure.of(
            catchThrowable(
                () -> train("second", "model.from=" + temp.resolve("first"), set, more)));
    assertThat(failure.line()).contains("model.from = " + temp.resolve("first") + ": " + message);
    assertThat(failure.exitCode()).isEqualTo(5);
    assertThat(temp.resolve("second")).doesNotExist();
  }

  /** The same inputs in number, and the same layers: the weights alone would fit. */
  @Test
  void anEmbeddingKeepsToItsCategories() {
    String layers = "model.layers=[{type=embedding,units=2},{type=dense,units=4}]";
    train("first", layers);
    train("again", layers, "model.from=" + temp.resolve("first"));
    assertThat(shown.toString(StandardCharsets.UTF_8)).contains("(all weights)");
    refused(
        "embedding0's categories differ: feature 1 is a (a number) there and colour (blue, red) here: name the same features in the same order, with the same data.categorical",
        layers,
        "data.features=[colour, a]");
    refused(
        "embedding0's categories differ: feature 2 is colour (blue, red) there and shade (b, r) here",
        layers,
        "data.train.derive={ shade = \"substring(colour, 1, 1)\" }",
        "data.features=[a, shade]",
        "data.categorical=[shade]");
    refused(
        "embedding0's other inputs differ: feature 1 is a (a number) there and b (a number) here",
        layers,
        "data.train.derive={ b = \"a + 1\" }",
        "data.features=[b, colour]");
  }

  @Test
  void imagesKeepTheirShape() {
    String[] two = {
      "data.categorical=[]", "data.train.derive={ b = \"a + 1\" }", "data.features=[a, b]"
    };
    train("first", and(two, "model.input=[1, 1, 2]"));
    refused(
        "takes images [1, 1, 2], this job has images [2, 1, 1]: give the job the same model.input",
        and(two, "model.input=[2, 1, 1]"));
    refused(
        "takes images [1, 1, 2], this job has rows of 2 numbers: give the job the same model.input",
        two);
  }

  private static String[] and(String[] set, String more) {
    String[] all = Arrays.copyOf(set, set.length + 1);
    all[set.length] = more;
    return all;
  }

  private void refused(String message, String... set) {
    List<String> all = new ArrayList<>(Arrays.asList(set));
    all.add("model.from=" + temp.resolve("first"));
    Failure failure = Failure.of(catchThrowable(() -> train("second", all.toArray(String[]::new))));
    assertThat(failure.line()).contains("model.from = " + temp.resolve("first") + ": " + message);
    assertThat(failure.exitCode()).isEqualTo(5);
    assertThat(temp.resolve("second")).doesNotExist();
  }

  @Test
  void aModelThatIsNotThereIsToldBeforeTheDataIsRead() {
    Failure failure =
        Failure.of(catchThrowable(() -> train("x", "model.from=nowhere", "data.train.path=none")));
    assertThat(failure.line()).startsWith("no such model: nowhere");
    assertThat(failure.exitCode()).isEqualTo(5);
  }
}
