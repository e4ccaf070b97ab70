package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.Digits;
import dev.schuss.TestSpark;
import dev.schuss.model.FittedModel;
import dev.schuss.model.LocalFolder;
import dev.schuss.model.Predictor;
import dev.schuss.nn.Shape;
import dev.schuss.objective.Segment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job file says of images, and how {@code check} tells what does not fit. */
class ImageJobsTest {
  @TempDir Path temp;

  private JobFile job(String model) throws IOException {
    Path file = temp.resolve("job.conf");
    Files.writeString(
        file,
        """
        name = images, task = classification
        data { train { format = parquet, path = x }, validation { fraction = 0.1 } }
        output { dir = out/images }
        model { %s }
        """
            .formatted(model));
    return JobReader.read(file.toString(), List.of());
  }

  private void refused(String model, String message) {
    refused(() -> job(model), message);
  }

  private static void refused(ThrowingCallable reading, String message) {
    Failure failure = Failure.of(catchThrowable(reading));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.line()).contains(message).doesNotContain("\n");
  }

  @Test
  void shapesAreCheckedBeforeAnyDataIsRead() throws IOException {
    String conv = "{ type = conv2d, channels = 8, kernel = 5 }";
    assertThat(
            job("input = [3, 32, 32], layers = [" + conv + "]")
                .network(3072, List.of(), 10)
                .activations())
        .isEqualTo(8 * 28 * 28 + 10);
    refused(
        "layers = [" + conv + "]", "conv2d0 takes an image, not a row of numbers: set model.input");
    refused(
        "input = [3, 8, 8], layers = [" + conv + ", " + conv + "]",
        "conv2d1: its kernel of 5 x 5 is larger than its input [8, 4, 4] with a padding of 0");
    refused("input = [3, 32], layers = []", "model.input = [3,32]: must be [channels, height");
    refused("input = [3, 0, 32], layers = []", "model.input[1] = 0: must be a whole number in [1");
  }

  /** Trained, evaluated, predicted without Spark, and trained on: the same running statistics. */
  @Test
  void normalisedNetworksWorkFromEndToEnd() throws IOException {
    Path file = temp.resolve("digits.conf");
    Files.writeString(
        file,
        """
        name = digits-conv, task = classification
        data {
          train { format = csv, path = "classpath:data/digits-train.csv" }
          test { format = csv, path = "classpath:data/digits-test.csv" }
          scale = 16
        }
        model {
          input = [1, 8, 8]
          layers = [
            { type = conv2d, channels = 8, kernel = 3, padding = 1, bias = false, activation = identity }
            { type = batch-norm, ghostBatch = 32, momentum = 0.2, epsilon = 1e-5 }
            { type = activation, activation = relu }
            { type = max-pool2d, kernel = 2 }
          ]
        }
        optimizer { rule = adam, learningRate = 0.01, lookahead {} }
        train { batchSize = 128, epochs = 12, partitions = 2, reduction = ordered }
        output { dir = x }
        """);
    Run.Outcome first = run(file, "first");
    double accuracy = first.result().test().get("accuracy");
    assertThat(accuracy).isGreaterThan(0.93);

    FittedModel model = model("first");
    Predictor predictor = Predictor.of(model);
    int right = 0;
    for (float[] row : Digits.rows(Digits.TEST)) {
      right += predictor.classIndex(Arrays.copyOf(row, 64)) == (int) row[64] ? 1 : 0;
    }
    assertThat(right / 360.0).isCloseTo(accuracy, within(1e-9));

    run(file, "again");
    assertThat(model("again").weights()).isEqualTo(model("first").weights());

    String freeze = "optimizer.groups=[{ match = \"batch-norm1.*\", frozen = true }]";
    run(file, "second", "model.from=" + temp.resolve("first"), "train.epochs=1", freeze);
    for (Segment s : model.network().layout().segments()) {
      float[] before = Arrays.copyOfRange(model.weights(), s.offset(), s.end());
      float[] after = Arrays.copyOfRange(model("second").weights(), s.offset(), s.end());
      assertThat(Arrays.equals(before, after)).isEqualTo(s.name().startsWith("batch-norm1."));
    }
  }

  private Run.Outcome run(Path file, String out, String... set) {
    List<String> all = new ArrayList<>(List.of(set));
    all.add("output.dir=" + temp.resolve(out));
    JobFile read = JobReader.read(file.toString(), all);
    try (Cancellation cancellation = Cancellation.install()) {
      PrintStream shown =
          new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
      return new Run(read, TestSpark.session(), cancellation, shown, false).train();
    }
  }

  private FittedModel model(String out) throws IOException {
    return FittedModel.load(new LocalFolder(temp.resolve(out).resolve("model")));
  }

  @Test
  void theShippedJobsOfImagesAreWhole() {
    JobFile fashion = JobReader.read("jobs/fashion-mnist-conv.conf", List.of());
    assertThat(fashion.network(784, List.of(), 10).layout().segment("dense11.weight").shape())
        .containsExactly(128, 64 * 7 * 7);
    JobFile cifar = JobReader.read("jobs/cifar10.conf", List.of());
    assertThat(cifar.network(3072, List.of(), 10).layout().segment("output.weight").shape())
        .containsExactly(10, 64);
  }

  @Test
  void anEmbeddingNeedsCategories() throws IOException {
    refused(
        "layers = [ { type = embedding, units = 3 } ]",
        "embedding0 has no categories: name their columns in data.categorical");
    JobFile job =
        JobReader.read(
            "jobs/adult-embeddings.conf",
            List.of("model.layers=[{ type = embedding, units = 3 }]"));
    Shape.Category category = new Shape.Category(5, 4);
    assertThat(job.network(20, List.of(category), 2).layout().segment("embedding0.weight").shape())
        .containsExactly(4, 3);
  }

  @Test
  void anEmbeddingMayStandInAResidualBlock() {
    JobFile job =
        JobReader.read(
            "jobs/adult-embeddings.conf",
            List.of(
                "model.layers=[{ type = residual, layers = [{ type = embedding, units = 3 }]}]"));
    Shape.Category category = new Shape.Category(5, 4);
    Segment weight =
        job.network(20, List.of(category), 2).layout().segment("residual0.embedding0.weight");
    assertThat(weight.shape()).containsExactly(4, 3);
  }

  @Test
  void statisticsDoNotGoWithALineSearch() throws IOException {
    String layers = "layers = [ { type = %s } ]";
    String message = "batch-norm0.running_mean would move at every point that the optimizer's line";
    List<String> lbfgs = List.of("optimizer={ rule = lbfgs }");
    job(layers.formatted("batch-norm"));
    refused(() -> JobReader.read(temp.resolve("job.conf").toString(), lbfgs), message);
    job(layers.formatted("layer-norm"));
    assertThat(JobReader.read(temp.resolve("job.conf").toString(), lbfgs).optimizer().fullBatch())
        .isTrue();
  }

  @Test
  void aReconstructionHasNoRandomImages() throws IOException {
    job("input = [3, 32, 32], layers = [ { type = random-flip } ]");
    refused(
        () -> JobReader.read(temp.resolve("job.conf").toString(), List.of("task=reconstruction")),
        "random-flip0 changes images in training");
  }

  /** Before any data is read, where the job tells of what a row consists. */
  @Test
  void checkCountsTheListedFeatures() {
    String job = "jobs/cifar10.conf";
    refused(
        () -> JobReader.read(job, List.of("model.input=[3, 32, 33]")),
        "model.input = [3, 32, 33]: an image of 3,168 numbers, but a row has 3,072 features");
    String input = "model.input=[1, 2, 2]";
    String listed = "data.features=[pixel_0_0, pixel_0_1, pixel_1_0]";
    refused(
        () -> JobReader.read("jobs/digits.conf", List.of(input, listed)),
        "model.input = [1, 2, 2]: an image of 4 numbers, but a row has 3 features");
    JobReader.read("jobs/digits.conf", List.of(input)); // "*" may be four of them
    JobReader.read("jobs/digits.conf", List.of(input, listed, "data.categorical=[pixel_0_0]"));
  }

  @Test
  void anImageHasAsManyNumbersAsARow() throws IOException {
    JobFile job = job("input = [1, 28, 28], layers = []");
    Failure failure = Failure.of(catchThrowable(() -> job.network(785, List.of(), 10)));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.line())
        .isEqualTo(
            "model.input = [1, 28, 28]: an image of 784 numbers, but a row has 785 features");
  }
}
