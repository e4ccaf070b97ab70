package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.TestSpark;
import dev.schuss.model.FittedModel;
import dev.schuss.model.LocalFolder;
import dev.schuss.train.ReductionPlan;
import dev.schuss.train.TrainingResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of a job file that no other test writes down, each by what it changes. */
class KeysAtWorkTest {
  @TempDir Path temp;
  private final SparkSession spark = TestSpark.session();
  private Path rows;

  @BeforeEach
  void rows() throws IOException {
    rows = temp.resolve("rows.csv");
    StringBuilder text = new StringBuilder("key,x,w,y\n");
    for (int i = 0; i < 40; i++) {
      text.append("%d,%d,%d,%d\n".formatted(i, i % 7, i % 2 == 0 ? 3 : 1, i % 2));
    }
    Files.writeString(rows, text);
  }

  private TrainingResult train(String... set) throws IOException {
    Path job = temp.resolve("job.conf");
    Files.writeString(
        job,
        """
        name = keys
        task = regression
        data { train { format = csv, path = rows.csv }, label = y }
        model.layers = []
        optimizer { rule = sgd, learningRate = 0.001 }
        train { batchSize = 16, epochs = 3, partitions = 2 }
        output { dir = out, overwrite = true }
        """
            .replace("rows.csv", "\"" + rows + "\"")
            .replace("dir = out", "dir = \"" + temp.resolve("out") + "\""));
    JobFile read = JobReader.read(job.toString(), List.of(set));
    try (Cancellation cancellation = Cancellation.install()) {
      PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
      return new Run(read, spark, cancellation, out, false).train().result();
    }
  }

  private List<String> features() throws IOException {
    return FittedModel.load(new LocalFolder(temp.resolve("out/model"))).preprocessing().features();
  }

  @Test
  void aWeightCountsForItsRowAndAnIdForNothing() throws IOException {
    double loss = train("data.features=[x]").train().get("loss");
    assertThat(features()).containsExactly("x");
    TrainingResult weighted = train("data.weight=w", "data.id=key");
    assertThat(features()).containsExactly("x");
    assertThat(weighted.train().get("loss")).isNotCloseTo(loss, within(1e-4));
  }

  @Test
  void theModelsKeysDecideStartAndError() throws IOException {
    String still = "optimizer.learningRate=1e-30";
    TrainingResult he = train(still);
    TrainingResult glorot = train(still, "model.initializer=glorot");
    assertThat(glorot.weights()).isNotEqualTo(he.weights());
    TrainingResult half = train(still, "model.loss={ kind = mse, reduction = half-sum }");
    assertThat(half.train().get("loss")).isCloseTo(he.train().get("loss") / 2, within(1e-5));
  }

  @Test
  void theTrainBlocksKeysDecideBatchesLengthAndSums() throws IOException {
    TrainingResult kept = train();
    assertThat(kept.steps()).isEqualTo(9);
    TrainingResult spread = train("train.shortBatch=spread");
    assertThat(spread.steps()).isEqualTo(9);
    assertThat(spread.weights()).isNotEqualTo(kept.weights());
    assertThat(train("train.maxSteps=2").steps()).isEqualTo(2);
    TrainingResult tree = train("train={ batchSize = 16, reduction = tree, treeDepth = 3 }");
    assertThat(tree.reduction().kind()).isEqualTo(ReductionPlan.Kind.TREE);
    assertThat(tree.reduction().depth()).isEqualTo(3);
  }

  @Test
  void earlyStoppingWaitsForMinDeltaAndRestoresTheBest() throws IOException {
    String validation = "data.validation={ fraction = 0.3 }";
    TrainingResult kept =
        train(
            validation,
            "train.earlyStopping={ patience = 1, minDelta = 1e6, restoreBest = false }");
    assertThat(kept.epochs()).isEqualTo(2);
    TrainingResult restored =
        train(validation, "train.earlyStopping={ patience = 1, minDelta = 1e6 }");
    assertThat(restored.epochs()).isEqualTo(2);
    assertThat(restored.weights()).isNotEqualTo(kept.weights());
  }

  private String table(String format) {
    String path = temp.resolve("rows-" + format).toString();
    spark
        .read()
        .option("header", true)
        .csv(rows.toString())
        .selectExpr("cast(x as int) x", "cast(y as int) y")
        .repartition(4)
        .write()
        .format(format)
        .save(path);
    return path;
  }

  @Test
  void aColumnarFileHasOptionsAndDerivedColumns() throws IOException {
    String small = "train.batchSize=4";
    TrainingResult parquet =
        train(
            small,
            "data.train={ format = parquet, path = \""
                + table("parquet")
                + "\", options { pathGlobFilter = \"part-00000*\" }, derive { y = \"y * 2\" } }");
    TrainingResult orc =
        train(
            small,
            "data.train={ format = orc, path = \""
                + table("orc")
                + "\", options { pathGlobFilter = \"part-00000*\" }, derive { y = \"y * 2\" } }");
    TrainingResult json =
        train(
            small,
            "data.train={ format = json, path = \""
                + table("json")
                + "\", options { pathGlobFilter = \"part-00000*\" }, derive { y = \"y * 2\" } }");
    for (TrainingResult one : List.of(parquet, orc, json)) {
      assertThat(one.rows() / one.epochs()).isBetween(1L, 39L);
      assertThat(one.weights()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"y", "y * 100"})
  void aTableHasDerivedColumns(String expression) throws IOException {
    spark
        .read()
        .option("header", true)
        .csv(rows.toString())
        .selectExpr("cast(x as int) x", "cast(y as int) y")
        .createOrReplaceTempView("keys_at_work");
    double loss =
        train(
                "data.train={ format = table, name = keys_at_work, derive { y = \""
                    + expression
                    + "\" } }")
            .train()
            .get("loss");
    assertThat(loss > 100).isEqualTo(expression.endsWith("100"));
  }

  @Test
  void aLibSvmRowIsAsLongAsItIsSaidToBe() throws IOException {
    rows = temp.resolve("rows.libsvm");
    Files.writeString(rows, "1 1:2 3:1\n0 2:1\n".repeat(10));
    assertThat(
            train(
                    "data.label=label",
                    "data.train={ format = libsvm, path = \"" + rows + "\", features = 9 }")
                .weights())
        .hasSize(9 + 1);
  }

  @Test
  void aCifarFileIsFoundByItsPattern() throws IOException {
    Files.write(temp.resolve("data_batch_1.bin"), new byte[20 * 3073]);
    String pattern = temp.resolve("data_batch_*.bin").toString();
    assertThat(
            train("data.label=label", "data.train={ format = cifar, path = \"" + pattern + "\" }")
                .weights())
        .hasSize(3072 + 1);
  }
}
