package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.schuss.TestSpark;
import dev.schuss.train.TrainingResult.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Job files trained from their sources to their output folders. */
class RunTest {
  private static final String DIGITS = "jobs/digits.conf";

  @TempDir Path temp;
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  @Test
  void theShippedDigitsJobReachesItsAccuracyAndSaysWhereItLies() throws IOException {
    Path dir = temp.resolve("out");
    Run.Outcome outcome = run(DIGITS, "output.dir=" + dir);

    assertThat(outcome.result().test().get("accuracy")).isGreaterThanOrEqualTo(0.97);
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains(" 1/30 ", "test        accuracy 9", "model       " + dir + "/model");
    assertThat(files(dir))
        .containsExactly(
            "job.json",
            "metrics.jsonl",
            "model/model.json",
            "model/model.safetensors",
            "report.html",
            "result.json");
    JsonObject result =
        JsonParser.parseString(Files.readString(dir.resolve("result.json"))).getAsJsonObject();
    assertThat(result.keySet())
        .contains("name", "status", "steps", "epochs", "rows", "parameters", "seconds", "time")
        .contains("samplesPerSecond", "train", "validation", "test", "best", "seed", "optimizer")
        .contains("spark", "blas", "version", "reduction", "advice");
    assertThat(result.get("name").getAsString()).isEqualTo("digits");
    assertThat(result.getAsJsonObject("optimizer").get("beta1").getAsDouble()).isEqualTo(0.9);
    List<String> lines = Files.readAllLines(dir.resolve("metrics.jsonl"));
    assertThat(lines).hasSize(result.get("epochs").getAsInt());
    JsonObject first = JsonParser.parseString(lines.get(0)).getAsJsonObject();
    assertThat(first.get("epoch").getAsInt()).isEqualTo(1);
    assertThat(first.getAsJsonObject("gradientNorm").keySet()).contains("dense0.weight");
  }

  @ParameterizedTest
  @CsvSource({"digits-lookahead, 220, 0.95", "digits-lbfgs, 60, 0.95"})
  void theOtherDigitsJobsReachTheirs(String job, long steps, double accuracy) {
    Run.Outcome outcome = run("jobs/" + job + ".conf", "output.dir=" + temp.resolve("out"));
    assertThat(outcome.result().steps()).isEqualTo(steps);
    assertThat(outcome.result().test().get("accuracy")).isGreaterThanOrEqualTo(accuracy);
  }

  @Test
  void theTargetEndsTheTrainingAndItsModelIsTunedToAnotherTask() throws IOException {
    Path target = temp.resolve("target");
    Run.Outcome first = run("jobs/digits-target.conf", "output.dir=" + target);
    assertThat(first.result().status()).isEqualTo(Status.EARLY_STOPPED);
    assertThat(first.result().validation().get("accuracy")).isGreaterThanOrEqualTo(0.95);
    Path tuned = temp.resolve("tuned");
    Run.Outcome second =
        run("jobs/digits-fine-tune.conf", "model.from=" + target, "output.dir=" + tuned);
    assertThat(second.result().test().get("accuracy")).isGreaterThanOrEqualTo(0.95);
    int frozen = 64 * 256 + 256;
    assertThat(second.result().weights())
        .hasSize(frozen + 256 * 2 + 2)
        .startsWith(Arrays.copyOf(first.result().weights(), frozen));
  }

  @Test
  void theJobThatWasWrittenDownTrainsToTheSameResult() throws IOException {
    Path first = temp.resolve("first");
    Path second = temp.resolve("second");
    String[] brief = {"train.epochs=2", "optimizer={ rule = momentum, lookahead = {} }"};
    Run.Outcome a = run(DIGITS, brief[0], brief[1], "output.dir=" + first);
    Run.Outcome b = run(first.resolve("job.json").toString(), "output.dir=" + second);
    assertThat(b.result().steps()).isEqualTo(a.result().steps());
    assertThat(b.result().test().get("loss"))
        .isCloseTo(a.result().test().get("loss"), within(1e-3));
  }

  @Test
  void aTrainingThatIsGoodEnoughSaysSo() throws IOException {
    Path dir = temp.resolve("out");
    run(
        DIGITS,
        "output.dir=" + dir,
        "train.earlyStopping=null",
        "train.stopAt={ metric = accuracy, value = 0.9 }");
    JsonObject result =
        JsonParser.parseString(Files.readString(dir.resolve("result.json"))).getAsJsonObject();
    assertThat(result.get("status").getAsString()).isEqualTo("early-stopped");
    assertThat(result.get("message").getAsString())
        .startsWith("the validation accuracy of 0.9")
        .endsWith("reached train.stopAt.value = 0.9");
    assertThat(result.getAsJsonObject("validation").get("accuracy").getAsDouble())
        .isGreaterThanOrEqualTo(0.9);
    assertThat(result.getAsJsonObject("test").keySet())
        .contains("loss", "accuracy", "logLoss", "f1", "f1Weighted", "precision", "recall", "top3");
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("early stopped after ", "because     the validation accuracy of 0.9");
  }

  @Test
  void aDivergingTrainingMayGoBackOrLeaveOut() {
    Run.Outcome back =
        run(
            DIGITS,
            "optimizer={ rule = sgd, learningRate = 1e30 }",
            "train.epochs=3",
            "train.nonFinite={ kind = rollback, factor = 1e-16, limit = 4 }",
            "output.dir=" + temp.resolve("back"));
    assertThat(back.result().status()).isEqualTo(Status.COMPLETED);
    assertThat(back.json().get("rollbacks")).isEqualTo(back.result().rollbacks());
    assertThat(back.result().rollbacks()).isPositive();
    Run.Outcome out =
        run(
            DIGITS,
            "optimizer={ rule = sgd, learningRate = 1e30 }",
            "train.nonFinite={ kind = skip, limit = 3 }",
            "output.dir=" + temp.resolve("out"));
    assertThat(out.result().status()).isEqualTo(Status.DIVERGED);
    assertThat(out.json().get("leftOutBatches")).isEqualTo(3L);
  }

  @Test
  void aDivergingTrainingKeepsTheLastGoodModel() throws IOException {
    Path dir = temp.resolve("out");
    Run.Outcome outcome =
        run(DIGITS, "optimizer={ rule = sgd, learningRate = 1e30 }", "output.dir=" + dir);
    assertThat(outcome.result().status()).isEqualTo(Status.DIVERGED);
    assertThat(outcome.result().message()).isNotBlank().doesNotContain("\n");
    assertThat(files(dir)).contains("model/model.safetensors", "result.json");
    assertThat(Files.readString(dir.resolve("result.json"))).contains("\"diverged\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train.epoch=3                    | 2 | --set train.epoch: unknown key; did you mean epochs?
          train.epochs=0                   | 2 | --set train.epochs = 0: must be at least 1
          optimizer.beta1=1.5              | 2 | --set optimizer.beta1 = 1.5: must be in [0, 1)
          optimizer.rule=adma              | 2 | did you mean adam?
          train.batchSize=1295             | 2 | batchSize = 1295: more than the 1294 training rows; set train.batchSize to at most 1294
          train.earlyStopping.metric=auc   | 2 | train.earlyStopping.metric = auc: must be one of loss, accuracy
          train.earlyStopping.metric=rmse  | 2 | train.earlyStopping.metric = rmse: must be one of loss, accuracy, auc
          train.stopAt={}                  | 2 | stopAt names no target: give it a metric and a value, a trainLoss or a gradientNorm
          train.stopAt.metric=loss         | 2 | metric = loss and value = null belong together
          train.stopAt.gradientNorm=-1     | 2 | --set train.stopAt.gradientNorm = -1: must be at least 0
          train.stopAt={metric=rmse,value=1} | 2 | train.stopAt.metric = rmse: must be one of loss, accuracy
          data.validation=null             | 2 | train.earlyStopping needs validation rows
          data.scale=0                     | 2 | must be none, standard, minmax, maxabs or a positive divisor such as 255
          model.loss=mse                   | 2 | MeanSquaredError is not a loss for classification
          output.dir=/dev/null/out         | 2 | cannot write into output.dir = /dev/null/out (
          data.train.path=nowhere.csv      | 3 | nowhere.csv
          data.label=lable                 | 3 | no label column lable
          data.features=[p0, q1]           | 3 | q1
          """)
  void aMistakeIsOneLineAndNothingIsWritten(String set, int code, String message)
      throws IOException {
    List<String> sets = new ArrayList<>(List.of("output.dir=" + temp.resolve("out"), set));
    Failure failure = Failure.of(catchThrowable(() -> run(DIGITS, sets.toArray(String[]::new))));
    assertThat(failure.line()).contains(message).doesNotContain("\n");
    assertThat(failure.exitCode()).isEqualTo(code);
    assertThat(files(temp)).isEmpty();
  }

  @Test
  void aForeignFolderIsRefusedBeforeTheDataIsRead() throws IOException {
    Files.writeString(temp.resolve("thesis.tex"), "x");
    Failure failure = Failure.of(catchThrowable(() -> run(DIGITS, "output.dir=" + temp)));
    assertThat(failure.exitCode()).isEqualTo(2);
    assertThat(failure.line()).contains("holds files that Schuss did not write (thesis.tex)");
    assertThat(files(temp)).containsExactly("thesis.tex");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "digits",
        "digits-fine-tune",
        "digits-lbfgs",
        "digits-lookahead",
        "digits-target",
        "mnist",
        "fashion-mnist",
        "a9a",
        "adult",
        "casp",
        "higgs7k"
      })
  void everyShippedJobIsValid(String job) {
    assertThat(JobReader.read("jobs/" + job + ".conf", List.of()).output().dir())
        .isEqualTo("out/" + job);
  }

  @Test
  void oneFolderNamesAllIdxFiles() {
    JobFile job = JobReader.read("jobs/mnist.conf", List.of("data.train.path=hdfs://h:1/mnist"));
    assertThat(((Sources.From) job.data().test()).source())
        .hasToString(
            "Idx[images=hdfs://h:1/mnist/t10k-images-idx3-ubyte.gz, labels=hdfs://h:1/mnist/t10k-labels-idx1-ubyte.gz]");
  }

  private Run.Outcome run(String job, String... set) {
    JobFile read = JobReader.read(job, List.of(set));
    try (Cancellation cancellation = Cancellation.install()) {
      PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
      return new Run(read, TestSpark.session(), cancellation, out, false).train();
    }
  }

  private static List<String> files(Path dir) throws IOException {
    try (Stream<Path> all = Files.walk(dir)) {
      return all.filter(Files::isRegularFile)
          .map(p -> dir.relativize(p).toString())
          .sorted()
          .toList();
    }
  }
}
