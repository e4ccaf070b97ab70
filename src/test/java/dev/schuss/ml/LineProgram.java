package dev.schuss.ml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A pipeline on one line of Spark: fits, saves, and loads what other lines saved. It prints what
 * each model says, which is the same for all.
 */
public final class LineProgram {
  private LineProgram() {}

  /** Fits and saves into this folder, and loads all that lies there. */
  public static void main(String[] args) throws IOException {
    SparkSession spark =
        SparkSession.builder().master("local[1]").config("spark.ui.enabled", false).getOrCreate();
    Path folder = Path.of(args[0]);
    PipelineStage[] stages = {
      new StringIndexer().setInputCol("y").setOutputCol("label"),
      new VectorAssembler().setInputCols(new String[] {"a", "b"}).setOutputCol("features"),
      new NeuralNetworkClassifier().setLayers(new int[] {2, 6, 2}).setReduction("ordered")
    };
    PipelineModel fitted = new Pipeline().setStages(stages).fit(rows(spark));
    NeuralNetworkClassificationModel model = (NeuralNetworkClassificationModel) fitted.stages()[2];
    double[] figures = model.summary().recallByLabel(); // by a trait of this very line
    if (model.summary().accuracy() != 1 || figures.length != 2) {
      throw new IllegalStateException(
          "accuracy " + model.summary().accuracy() + ", " + figures.length + " classes");
    }
    fitted.write().overwrite().save(folder.resolve(spark.version()).toString());
    said(spark, folder).forEach(line -> System.out.println("= " + line));
    spark.stop();
  }

  private static Dataset<Row> rows(SparkSession spark) {
    StructType schema = new StructType().add("a", "double").add("b", "double").add("y", "string");
    return spark.createDataFrame(
        List.of(
            RowFactory.create(0.0, 0.0, "even"),
            RowFactory.create(0.0, 1.0, "odd"),
            RowFactory.create(1.0, 0.0, "odd"),
            RowFactory.create(1.0, 1.0, "even")),
        schema);
  }

  /** For each saved model its line and, of each row, whether it is right and a probability. */
  static List<String> said(SparkSession spark, Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> saved = Files.list(folder)) {
      for (Path model : saved.sorted().toList()) {
        StringBuilder said = new StringBuilder(model.getFileName().toString());
        Dataset<Row> out = PipelineModel.load(model.toString()).transform(rows(spark));
        for (Row row : out.collectAsList()) {
          boolean right = row.<Double>getAs("label").equals(row.<Double>getAs("prediction"));
          double probability = row.<Vector>getAs("probability").apply(0);
          said.append(right ? " y" : " n").append(probability);
        }
        lines.add(said.toString());
      }
    }
    return lines;
  }
}
