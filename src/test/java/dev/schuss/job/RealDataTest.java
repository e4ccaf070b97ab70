package dev.schuss.job;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.TestSpark;
import dev.schuss.data.Block;
import dev.schuss.data.Blocks;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.Prepared;
import dev.schuss.export.Ran;
import dev.schuss.model.FittedModel;
import dev.schuss.model.LocalFolder;
import dev.schuss.objective.Batch;
import dev.schuss.score.Scorer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped jobs reach their figures on the real files, where these are: {@code mvn test
 * -Dtest=RealDataTest -Ddata.dir=/folder} with the folders a9a, adult, casp, fashion-mnist and
 * higgs7k. {@code .ci/run} looks for them itself.
 */
@EnabledIfSystemProperty(named = "data.dir", matches = ".+")
class RealDataTest {
  private static final Path DATA = Path.of(System.getProperty("data.dir", ""));

  @TempDir Path temp;

  private JobFile job(String name, String... paths) {
    List<String> set = new ArrayList<>(List.of("output.dir=" + temp.resolve("out")));
    for (String path : paths) {
      String[] parts = path.split("=", -1);
      set.add("data." + parts[0] + ".path=" + DATA.resolve(parts[1]));
    }
    return JobReader.read("jobs/" + name + ".conf", set);
  }

  private static double run(JobFile job, String metric) {
    try (Cancellation cancellation = Cancellation.install()) {
      PrintStream silent =
          new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
      return new Run(job, TestSpark.session(), cancellation, silent, false)
          .train()
          .result()
          .test()
          .get(metric);
    }
  }

  @Test
  void a9a() {
    Dataset<Row> train = libsvm("a9a/a9a");
    Dataset<Row> test = libsvm("a9a/a9a.t");
    assertThat(run(job("a9a", "train=a9a/a9a"), "accuracy"))
        .isGreaterThanOrEqualTo(0.845)
        .isGreaterThanOrEqualTo(logistic(train, test));
  }

  private static Dataset<Row> libsvm(String path) {
    return TestSpark.session()
        .read()
        .format("libsvm")
        .option("numFeatures", 123)
        .load(DATA.resolve(path).toString())
        .withColumn("label", col("label").gt(0).cast("double"));
  }

  @Test
  void adult() {
    JobFile job = job("adult", "train=adult/adult.data", "test=adult/adult.test");
    Dataset<Row> train = job.data().train().source().load(TestSpark.session());
    Dataset<Row> test = ((Sources.From) job.data().test()).source().load(TestSpark.session());
    List<String> names = job.data().categorical();
    List<String> inputs = new ArrayList<>(job.data().features());
    inputs.removeAll(names);
    for (String number : inputs) {
      train = train.withColumn(number, col(number).cast("double"));
      test = test.withColumn(number, col(number).cast("double"));
    }
    List<PipelineStage> stages = new ArrayList<>();
    for (String name : names) {
      stages.add(
          new StringIndexer()
              .setInputCol(name)
              .setOutputCol(name + " index")
              .setHandleInvalid("keep"));
      stages.add(new OneHotEncoder().setInputCol(name + " index").setOutputCol(name + " vector"));
      inputs.add(name + " vector");
    }
    stages.add(
        new VectorAssembler().setInputCols(inputs.toArray(String[]::new)).setOutputCol("features"));
    PipelineModel vectors =
        new Pipeline().setStages(stages.toArray(PipelineStage[]::new)).fit(train);
    Column rich = col("income").equalTo(">50K").cast("double");
    double linear =
        logistic(
            vectors.transform(train).withColumn("label", rich),
            vectors.transform(test).withColumn("label", rich));
    assertThat(run(job, "accuracy")).isGreaterThanOrEqualTo(0.845).isGreaterThanOrEqualTo(linear);
  }

  /** The accuracy of spark.ml's LogisticRegression, which is given all rows but the test's. */
  private static double logistic(Dataset<Row> train, Dataset<Row> test) {
    return new MulticlassClassificationEvaluator()
        .setMetricName("accuracy")
        .evaluate(new LogisticRegression().fit(train).transform(test));
  }

  @Test
  void casp() {
    JobFile job = job("casp", "train=casp/CASP.csv");
    double rmse = run(job, "rmse");
    try (Prepared p =
        DataPreparation.training(
            job.data().train().source().load(TestSpark.session()),
            job.data().recipe(job.task(), job.train().seed(), job.train().partitions()))) {
      Dataset<Row> rows = new LinearRegression().fit(table(p.train())).transform(table(p.test()));
      double linear = new RegressionEvaluator().setMetricName("rmse").evaluate(rows);
      assertThat(rmse).isLessThanOrEqualTo(0.85 * linear);
    }
  }

  @Test
  void higgs7k() {
    JobFile job = job("higgs7k", "train=higgs7k/binary.train", "test=higgs7k/binary.test");
    assertThat(run(job, "auc")).isGreaterThanOrEqualTo(0.78);
  }

  /** A few updates are enough: what is compared is Spark's and ONNX Runtime's view of a model. */
  @Test
  void fashionMnistByConvolutionsAsOnnx() throws IOException {
    JobFile job = job("fashion-mnist-conv", "train=fashion-mnist");
    String folder = temp.resolve("out").toString();
    List<String> set =
        List.of(
            "output.dir=" + folder,
            "data.train.path=" + DATA.resolve("fashion-mnist"),
            "data.validation=null",
            "train.maxSteps=60");
    run(JobReader.read("jobs/fashion-mnist-conv.conf", set), "accuracy");
    Path onnx = temp.resolve("conv.onnx");
    assertThat(Runs.schuss("export", folder, "--format", "onnx", "--output", onnx.toString()).err())
        .isEmpty();

    FittedModel model = FittedModel.load(new LocalFolder(Path.of(folder, "model")));
    Dataset<Row> test = ((Sources.From) job.data().test()).source().load(TestSpark.session());
    String pixels = model.preprocessing().features().get(0);
    List<Row> scored = Scorer.of(model).transform(test.coalesce(1)).collectAsList();
    List<float[]> rows = new ArrayList<>();
    for (Row row : scored) {
      byte[] bytes = row.getAs(pixels);
      float[] numbers = new float[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        numbers[i] = bytes[i] & 0xFF;
      }
      rows.add(numbers);
    }
    Ran ran = Ran.of(Files.readAllBytes(onnx), rows, Map.of());
    assertThat(scored).hasSize(10_000);
    double worst = 0;
    int same = 0;
    for (int r = 0; r < scored.size(); r++) {
      List<Float> expected = scored.get(r).getList(scored.get(r).fieldIndex("probability"));
      for (int c = 0; c < expected.size(); c++) {
        worst = Math.max(worst, Math.abs(ran.floats("probabilities", r)[c] - expected.get(c)));
      }
      same += ran.label(r).equals(scored.get(r).getAs("prediction")) ? 1 : 0;
    }
    assertThat(worst).as("largest difference").isLessThan(1e-5);
    assertThat(same).isEqualTo(10_000);
  }

  /** Blocks as a table for spark.ml. */
  private static Dataset<Row> table(Blocks blocks) {
    List<Row> rows = new ArrayList<>();
    for (Block block : blocks.rdd().collect()) {
      Batch batch = new Batch(0, block.width(), 1);
      block.gather(block.inOrder(), 0, block.rows(), batch);
      int width = block.width();
      for (int i = 0; i < block.rows(); i++) {
        double[] x = new double[width];
        int at = i * width;
        Arrays.setAll(x, j -> batch.features()[at + j]);
        Vector features = Vectors.dense(x);
        rows.add(RowFactory.create(features, (double) batch.targets()[i]));
      }
    }
    StructType schema =
        new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add("label", DataTypes.DoubleType);
    return TestSpark.session().createDataFrame(rows, schema);
  }
}
