package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.TestSpark;
import dev.schuss.data.DataException;
import dev.schuss.model.FittedModel;
import dev.schuss.model.LocalFolder;
import dev.schuss.model.Predictor;
import dev.schuss.score.Scorer;
import dev.schuss.train.SettingsException;
import dev.schuss.train.TrainingResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings by other losses than the usual ones, and what their models predict. */
class LossesAtWorkTest {
  @TempDir Path temp;
  private final SparkSession spark = TestSpark.session();

  /** Rows of x in [-3, 3], two labels of x's sign and size, and a class of three. */
  private TrainingResult train(String spoiled, String... set) throws IOException {
    StringBuilder text = new StringBuilder("x,high,far,kind\n");
    for (int i = 0; i <= 60; i++) {
      double x = (i - 30) / 10.0 + 0.05;
      int kind = x < -1 ? 0 : x < 1 ? 1 : 2;
      text.append("%s,%d,%d,%d\n".formatted(x, x > 0 ? 1 : 0, Math.abs(x) > 1 ? 1 : 0, kind));
    }
    Path rows = temp.resolve("rows.csv");
    Files.writeString(rows, text + spoiled);
    Path job = temp.resolve("job.conf");
    Files.writeString(
        job,
        """
        name = losses, task = classification
        data { train { format = csv, path = ROWS }, features = [x], validation.fraction = 0.2 }
        model.layers = [ { type = dense, units = 12, activation = gelu } ]
        optimizer { rule = adam, learningRate = 0.05 }
        train { batchSize = 16, epochs = 60, partitions = 2 }
        output { dir = OUT, overwrite = true }
        """
            .replace("ROWS", "\"" + rows + "\"")
            .replace("OUT", "\"" + temp.resolve("out") + "\""));
    JobFile read = JobReader.read(job.toString(), List.of(set));
    try (Cancellation cancellation = Cancellation.install()) {
      PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
      return new Run(read, spark, cancellation, out, false).train().result();
    }
  }

  private FittedModel model() throws IOException {
    return FittedModel.load(new LocalFolder(temp.resolve("out/model")));
  }

  private List<Row> scored() throws IOException {
    return Scorer.of(model())
        .transform(
            spark
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .csv(temp.resolve("rows.csv").toString()))
        .collectAsList();
  }

  @Test
  void labelsThatDoNotExcludeEachOther() throws IOException {
    TrainingResult result =
        train("", "task=regression", "data.label=[high, far]", "model.loss=binary-cross-entropy");
    assertThat(result.validation())
        .containsKeys("loss", "accuracy", "auc", "logLoss", "f1", "exactMatch");
    assertThat(result.validation().get("accuracy")).isGreaterThan(0.85);
    Predictor predictor = Predictor.of(model());
    float[] p = predictor.predict(Map.of("x", 2.5)).values();
    assertThat(p[0]).isBetween(0.9f, 1f);
    assertThat(p[1]).isBetween(0.8f, 1f);
    assertThat(predictor.predict(Map.of("x", 0.05)).values()[1]).isBetween(0f, 0.2f);
    List<Double> last = scored().get(60).getList(4);
    assertThat(last).hasSize(2).allMatch(v -> v > 0.8 && v <= 1);
  }

  @Test
  void aLabelThatIsNeitherZeroNorOneIsToldBeforeTheFirstRound() {
    String[] set = {"task=regression", "data.label=[high, far]", "model.loss=binary-cross-entropy"};
    assertThatThrownBy(() -> train("9,1,2,0\n", set))
        .isInstanceOf(DataException.class)
        .hasMessage("label 2 is 2.0: must be 0 or 1 for binary-cross-entropy");
    assertThat(temp.resolve("out/model")).doesNotExist();
  }

  @Test
  void oneOutputTellsTwoClassesApart() throws IOException {
    String bce = "model.loss=binary-cross-entropy";
    TrainingResult result = train("", "data.label=high", bce, "train.earlyStopping.metric=auc");
    assertThat(result.validation().get("accuracy")).isGreaterThan(0.9);
    assertThat(model().network().layout().segment("output.bias").length()).isEqualTo(1);
    float[] p = new float[2];
    Predictor.of(model()).probabilities(new float[] {2.5f}, p);
    assertThat(p[1]).isGreaterThan(0.95f);
    assertThat(p[0] + p[1]).isCloseTo(1, within(1e-6f));
    assertThat(Predictor.of(model()).label(new float[] {-2f})).isEqualTo("0");
    assertThat(scored().get(0).<Float>getList(5)).hasSize(2);
    assertThatThrownBy(() -> train("", "data.label=kind", bce))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("model.loss: BinaryCrossEntropy tells 2 classes apart, not 3");
  }

  @Test
  void theHingeWritesScores() throws IOException {
    TrainingResult result =
        train("", "data.label=kind", "model.loss={ kind = multiclass-hinge, delta = 2 }");
    assertThat(result.validation().get("accuracy")).isGreaterThan(0.8);
    assertThat(result.validation()).doesNotContainKey("logLoss");
    Row row = scored().get(60);
    assertThat(row.schema().fieldNames()).endsWith("prediction", "score");
    assertThat(row.<Object>getAs("prediction")).isEqualTo(2L);
    assertThat(row.<Float>getList(5)).hasSize(3);
    assertThatThrownBy(() -> Predictor.of(model()).probabilities(new float[] {1}, new float[3]))
        .hasMessage("a model trained by MulticlassHinge has no probabilities: use scores");
    assertThat(Predictor.of(model()).predict(Map.of("x", 2.9)).label()).isEqualTo("2");
  }
}
