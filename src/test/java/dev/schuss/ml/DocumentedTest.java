package dev.schuss.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.Digits;
import dev.schuss.Generated;
import dev.schuss.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page docs/spark-ml.md: its example runs, and its table is that of the params. */
class DocumentedTest {
  private static final Path PAGE = Path.of("docs/spark-ml.md");
  private static final Path SELF = Path.of("src/test/java/dev/schuss/ml/DocumentedTest.java");

  @TempDir Path temp;

  private static double example(SparkSession spark, String folder) throws IOException {
    // example: begin
    Dataset<Row> rows =
        spark.read().option("header", true).option("inferSchema", true).csv(folder + "/digits.csv");
    String[] pixels = rows.drop("label").columns();
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new VectorAssembler().setInputCols(pixels).setOutputCol("features"),
                  new NeuralNetworkClassifier().setLayers(new int[] {64, 32, 10}).setMaxIter(60)
                });
    PipelineModel model = pipeline.fit(rows);
    model.write().overwrite().save(folder + "/model");
    Dataset<Row> scored = PipelineModel.load(folder + "/model").transform(rows);
    double accuracy =
        new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(scored);
    // example: end
    return accuracy;
  }

  @Test
  void theExampleRunsAndIsThePages() throws IOException {
    try (var in = DocumentedTest.class.getResourceAsStream(Digits.TRAIN)) {
      Files.copy(in, temp.resolve("digits.csv"));
    }
    assertThat(example(TestSpark.session(), temp.toString())).isGreaterThan(0.99);
    List<String> source = Files.readAllLines(SELF);
    List<String> block = new ArrayList<>(List.of("```java"));
    source
        .subList(source.indexOf("    // example: begin") + 1, source.indexOf("    // example: end"))
        .forEach(line -> block.add(line.substring(Math.min(4, line.length()))));
    block.add("```");
    compare("example", block);
  }

  @Test
  void theTableIsThatOfTheParams() {
    NeuralNetworkClassifier stage = new NeuralNetworkClassifier("nnc");
    List<String> table = new ArrayList<>(List.of("| param | meaning | default |", "|---|---|---|"));
    for (Param<?> param : stage.params()) {
      String usual = stage.hasDefault(param) ? "`" + stage.getDefault(param).get() + "`" : "";
      table.add(
          "| `%s` | %s | %s |".formatted(param.name(), param.doc().replace("|", "\\|"), usual));
    }
    compare("params", table);
  }

  private static void compare(String name, List<String> lines) {
    if (Generated.writing()) {
      Generated.write(PAGE, name, lines);
    }
    assertThat(Generated.read(PAGE, name)).isEqualTo(lines);
  }
}
