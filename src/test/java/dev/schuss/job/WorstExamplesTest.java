package dev.schuss.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.TestSpark;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.Invalid;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Shape;
import dev.schuss.objective.Task;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorstExamplesTest {
  private static final Sources.From CSV = Sources.FromCsv.defaults("x.csv");

  @TempDir Path temp;

  private static Preprocessing columns(List<Feature> inputs) {
    return new Preprocessing(
        Task.CLASSIFICATION, inputs, List.of("y"), ClassLabels.of(0, 1), Invalid.ERROR, null, null);
  }

  private static Shape image(int count, IntFunction<String> name, Sources.From source) {
    List<Feature> inputs =
        new ArrayList<>(IntStream.range(0, count).mapToObj(name).map(Feature::number).toList());
    return WorstExamples.image(Shape.flat(count), columns(inputs), source);
  }

  private static Shape image(int width, Sources.From source) {
    return WorstExamples.image(
        Shape.flat(width), columns(List.of(Feature.vector("x", width))), source);
  }

  @Test
  void columnsOfPixelsAreAPicture() {
    assertThat(image(64, i -> "p" + i, CSV)).isEqualTo(Shape.image(1, 8, 8));
    assertThat(image(784, i -> "pixel" + (i + 1), CSV)).isEqualTo(Shape.image(1, 28, 28));
    assertThat(image(63, i -> "p" + i, CSV)).isNull(); // no square
    assertThat(image(4, i -> "p" + i, CSV)).isNull(); // too small for one
    assertThat(image(64, i -> "p" + 2 * i, CSV)).isNull();
    assertThat(image(64, i -> i == 9 ? "age" : "p" + i, CSV)).isNull();
    assertThat(image(64, i -> i == 9 ? "q9" : "p" + i, CSV)).isNull();
    assertThat(image(784, CSV)).isNull(); // a vector may be anything
    assertThat(image(784, Sources.FromIdx.defaults("a", "b"))).isEqualTo(Shape.image(1, 28, 28));
    assertThat(image(3072, new Sources.FromCifar("x"))).isEqualTo(Shape.image(3, 32, 32));
    Shape given = Shape.image(2, 4, 8);
    assertThat(WorstExamples.image(given, columns(List.of(Feature.vector("x", 64))), CSV))
        .isEqualTo(given);
  }

  /** Of a network that learned next to nothing. */
  @Test
  void aTrainingShowsThem() throws Exception {
    Path out = temp.resolve("digits");
    train("jobs/digits.conf", out);
    String page = Files.readString(out.resolve("report.html"));
    assertThat(page)
        .contains("Largest loss among the test rows", "</b> taken for <b>")
        .contains("Sizes of the gradient", "A round");
    assertThat(page.split("<img ")).hasSize(1 + 24);
    String metrics = Files.readString(out.resolve("metrics.jsonl"));
    assertThat(metrics)
        .contains("\"gradientLooks\":[{\"step\":1,\"size\":{")
        .containsPattern("\"round\":\\{\"median\":\\{\"compute\":[0-9.E-]+,\"broadcast\"")
        .contains("\"trustRatio\":{\"dense0.weight\":");
  }

  @Test
  void otherRowsAreATable() throws Exception {
    StringBuilder rows = new StringBuilder("age,job,y\n");
    for (int i = 0; i < 40; i++) {
      rows.append(20 + i).append(i % 3 == 0 ? ",cook," : ",smith,").append(i % 2).append('\n');
    }
    Files.writeString(temp.resolve("rows.csv"), rows);
    Path job = temp.resolve("job.conf");
    Files.writeString(
        job,
        """
        name = rows
        task = classification
        data {
          train { format = csv, path = "%s" }
          validation { fraction = 0.5 }
          label = y
          categorical = [job]
          scale = standard
        }
        model.layers = []
        train { batchSize = 8, epochs = 1, partitions = 2 }
        """
            .formatted(temp.resolve("rows.csv")));
    Path out = temp.resolve("rows");
    train(job.toString(), out);
    String page = Files.readString(out.resolve("report.html"));
    assertThat(page)
        .contains("Largest loss among the validation rows")
        .contains(
            "<th>label</th><th>predicted</th><th>probability</th><th>loss</th><th>age</th><th>job</th>")
        .containsPattern("<td>[2-5][0-9]</td><td>(cook|smith)</td></tr>"); // in their own units
    assertThat(page).doesNotContain("<img");
  }

  private static void train(String job, Path out) {
    JobFile file =
        JobReader.read(
            job,
            List.of(
                "output.dir=" + out,
                "train.epochs=1",
                "optimizer={ rule = lars, learningRate = 0.1 }"));
    PrintStream nobody = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    try (Cancellation cancellation = Cancellation.install()) {
      new Run(file, TestSpark.session(), cancellation, nobody, false).train();
    }
  }
}
