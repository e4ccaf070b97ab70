package dev.schuss.job;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.schuss.Digits;
import dev.schuss.TestSpark;
import dev.schuss.checkpoint.CheckpointFolder;
import dev.schuss.export.Ran;
import dev.schuss.ml.NeuralNetworkClassifier;
import dev.schuss.model.FittedModel;
import dev.schuss.model.LocalFolder;
import dev.schuss.model.Safetensors;
import dev.schuss.model.Tensor;
import dev.schuss.score.Scorer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code export} from its command line on; trained models beside {@link Scorer}. */
class ExportTest {
  private static final String CONV =
      """
      { input = [1, 8, 8], layers = [
        { type = conv2d, channels = 8, kernel = 3, padding = 1, bias = false, activation = identity }
        { type = batch-norm, ghostBatch = 32 }, { type = activation, activation = relu }
        { type = residual, layers = [ { type = conv2d, channels = 12, kernel = 3, stride = 2, padding = 1 } ] }
        { type = average-pool2d, kernel = 3, stride = 2, padding = 1 }
        { type = dropout, rate = 0.2 }, { type = dense, units = 24, activation = gelu }
      ] }
      """;

  @TempDir Path temp;
  private final SparkSession spark = TestSpark.session();

  /** Trains a shipped job for a few rounds; returns its output folder. */
  private Path train(String job, String... sets) {
    Path out = temp.resolve("out-" + job);
    List<String> all =
        new ArrayList<>(List.of("output.dir=" + out, "train.partitions=2", "data.test=null"));
    all.addAll(List.of(sets));
    try (Cancellation cancellation = Cancellation.install()) {
      PrintStream silent =
          new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
      JobFile read = JobReader.read("jobs/" + job + ".conf", all);
      new Run(read, spark, cancellation, silent, false).train();
    }
    return out;
  }

  private static Runs.Outcome export(Object... words) {
    List<String> all = new ArrayList<>(List.of("export"));
    for (Object word : words) {
      all.add(word.toString());
    }
    return Runs.schuss(all.toArray(String[]::new));
  }

  private static List<float[]> allDigits() {
    List<float[]> rows = new ArrayList<>();
    for (String file : List.of(Digits.TRAIN, Digits.TEST)) {
      Digits.rows(file).forEach(row -> rows.add(Arrays.copyOf(row, 64)));
    }
    return rows;
  }

  /** Spark's probabilities and classes of all digits, beside those of ONNX Runtime. */
  private void assertAgreesOnAllDigits(Path model, Path onnx) throws IOException {
    Dataset<Row> rows =
        digits(Digits.TRAIN).union(digits(Digits.TEST)).coalesce(1); // in the order of the files
    FittedModel fitted = FittedModel.load(new LocalFolder(model.resolve("model")));
    List<Row> scored = Scorer.of(fitted).transform(rows).collectAsList();
    Ran ran = Ran.of(Files.readAllBytes(onnx), allDigits(), Map.of());
    assertThat(scored).hasSize(1797);
    double worst = 0;
    for (int r = 0; r < scored.size(); r++) {
      Row row = scored.get(r);
      List<Float> expected = row.getList(row.fieldIndex("probability"));
      float[] actual = ran.floats("probabilities", r);
      for (int c = 0; c < actual.length; c++) {
        worst = Math.max(worst, Math.abs(actual[c] - expected.get(c)));
      }
      assertThat(ran.label(r)).isEqualTo(row.getAs("prediction"));
    }
    assertThat(worst).as("largest difference").isLessThan(1e-5);
  }

  private Dataset<Row> digits(String resource) {
    String[] columns =
        IntStream.range(0, 64)
            .mapToObj(i -> "pixels[%d] as p%d".formatted(i, i))
            .toArray(String[]::new);
    return Digits.frame(spark, resource).selectExpr(columns);
  }

  @Test
  void sparkAndOnnxAgreeOnAllDigitsAndTheSlowWeightsAreExported() throws IOException {
    Path checkpoints = temp.resolve("checkpoints");
    Path model =
        train(
            "digits-lookahead",
            "train.maxSteps=32", // between two synchronisations
            "checkpoint.dir=" + checkpoints);
    Path onnx = temp.resolve("new/folder/digits.onnx");
    Runs.Outcome outcome = export(model, "--format", "onnx", "--output", onnx);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .isEqualTo(
            """
            %s written as ONNX (opset 17) to %s, %,d bytes
              inputs      features float [N, 64]
              outputs     label int64 [N], probabilities float [N, 10]
            """
                .formatted(model, onnx, Files.size(onnx)));
    assertThat(onnx.getParent()).isDirectoryNotContaining(p -> !p.equals(onnx));
    assertAgreesOnAllDigits(model, onnx);

    Map<String, Tensor> state =
        CheckpointFolder.at(checkpoints.toString(), new Configuration())
            .newest()
            .snapshot()
            .arrays();
    float[] slow = gather(state, "slow");
    assertThat(slow).hasSize(64 * 64 + 64 + 640 + 10).isNotEqualTo(gather(state, "weights"));
    assertThat(weights(onnx)).isEqualTo(slow);
  }

  /** The arrays of one float per weight of such a name, layer by layer. */
  private static float[] gather(Map<String, Tensor> state, String array) {
    ByteBuffer all = ByteBuffer.allocate(1 << 20);
    for (String segment : List.of("dense0.weight", "dense0.bias", "output.weight", "output.bias")) {
      state.forEach(
          (name, tensor) -> {
            if (name.endsWith(array + "/" + segment)) {
              for (float x : tensor.toArray()) {
                all.putFloat(x);
              }
            }
          });
    }
    float[] floats = new float[all.position() / 4];
    all.flip().asFloatBuffer().get(floats);
    return floats;
  }

  /** The floats of all layers, in the order of the layout. */
  private static float[] weights(Path onnx) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    for (TensorProto t :
        ModelProto.parseFrom(Files.readAllBytes(onnx)).getGraph().getInitializerList()) {
      if (t.getName().matches("(dense0|output)\\..*")) {
        t.getRawData().copyTo(all);
      }
    }
    float[] weights = new float[all.position() / 4];
    all.flip().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(weights);
    return weights;
  }

  @Test
  void aConvolutionalModelAgreesAndTensorsHavePyTorchsNames() throws IOException {
    Path model = train("digits", "model=" + CONV.strip(), "train.epochs=2");
    Path onnx = temp.resolve("conv.onnx");
    assertThat(export(model, "--format", "onnx", "--output", onnx).err()).isEmpty();
    assertAgreesOnAllDigits(model, onnx);

    Path file = temp.resolve("conv.safetensors");
    Runs.Outcome outcome =
        export(model, "--format", "safetensors", "--names", "pytorch", "--output", file);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains("written as safetensors, names of pytorch to " + file)
        .contains("nn.BatchNorm2d(8, eps=1.0E-5, momentum=0.1),")
        .contains("3.layers.0.weight");
    Runs.Outcome ours =
        export(
            model,
            "--format",
            "safetensors",
            "--names",
            "schuss",
            "--output",
            file,
            "--json",
            "--overwrite");
    JsonObject json = JsonParser.parseString(ours.out()).getAsJsonObject();
    assertThat(json.get("bytes").getAsLong()).isEqualTo(Files.size(file));
    Map<String, Tensor> tensors = Safetensors.read(Files.readAllBytes(file), "file").tensors();
    assertThat(tensors)
        .isEqualTo(
            Safetensors.read(Files.readAllBytes(model.resolve("model/model.safetensors")), "model")
                .tensors());
  }

  @Test
  void categoriesAreTexts() throws IOException {
    Path data = temp.resolve("people.csv");
    StringBuilder rows = new StringBuilder("age,work,hours,home,rich\n");
    List<String> work = List.of("office", "road", "", "field");
    for (int i = 0; i < 400; i++) {
      rows.append(
          "%d,%s,%d,%s,%s%n"
              .formatted(
                  20 + i % 50,
                  work.get(i % 4),
                  20 + i % 31,
                  i % 3 == 0 ? "Oslo" : "Rome",
                  i % 50 > 25 && i % 4 != 1 ? ">50K" : "<=50K"));
    }
    Files.writeString(data, rows);
    Path job = temp.resolve("people.conf");
    Files.writeString(
        job,
        """
        name = people, task = classification
        data { train { format = csv, path = "%s" }, label = rich, categorical = [work, home]
               scale = standard, invalid = keep }
        model { layers = [ { type = embedding, units = 3 }, { type = dense, units = 8 } ] }
        optimizer { rule = adam, learningRate = 0.01 }
        train { epochs = 2, partitions = 2 }
        output { dir = "%s" }
        """
            .formatted(data, temp.resolve("people")));
    try (Cancellation cancellation = Cancellation.install()) {
      PrintStream silent =
          new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
      new Run(JobReader.read(job.toString(), List.of()), spark, cancellation, silent, false)
          .train();
    }
    Runs.Outcome outcome = export(temp.resolve("people"), "--format", "onnx", "--json");
    JsonObject json = JsonParser.parseString(outcome.out()).getAsJsonObject();
    assertThat(json.getAsJsonArray("inputs"))
        .hasToString(
            "[{\"name\":\"features\",\"type\":\"float\",\"shape\":\"[N, 2]\"},"
                + "{\"name\":\"work\",\"type\":\"string\",\"shape\":\"[N, 1]\"},"
                + "{\"name\":\"home\",\"type\":\"string\",\"shape\":\"[N, 1]\"}]");
    Path onnx = temp.resolve("people.onnx");
    assertThat(json.get("output").getAsString()).isEqualTo(onnx.toString());

    Dataset<Row> table =
        spark.createDataFrame(
            List.of(
                RowFactory.create(33.0, "road", 40.0, "Oslo"),
                RowFactory.create(null, null, 21.0, "Paris"),
                RowFactory.create(51.0, "field", 30.0, "Rome")),
            StructType.fromDDL("age double, work string, hours double, home string"));
    FittedModel fitted = FittedModel.load(new LocalFolder(temp.resolve("people/model")));
    List<Row> scored = Scorer.of(fitted).transform(table.coalesce(1)).collectAsList();
    Map<String, String[]> texts = new LinkedHashMap<>();
    texts.put("work", new String[] {"road", "", "field"});
    texts.put("home", new String[] {"Oslo", "Paris", "Rome"});
    Ran ran =
        Ran.of(
            Files.readAllBytes(onnx),
            List.of(new float[] {33, 40}, new float[] {Float.NaN, 21}, new float[] {51, 30}),
            texts);
    for (int r = 0; r < 3; r++) {
      List<Float> expected = scored.get(r).getList(scored.get(r).fieldIndex("probability"));
      for (int c = 0; c < 2; c++) {
        assertThat(ran.floats("probabilities", r)[c]).isCloseTo(expected.get(c), within(1e-5f));
      }
      assertThat(ran.label(r)).isEqualTo(scored.get(r).getAs("prediction"));
    }
  }

  @Test
  void aSavedStageOfSparkIsAModelAndAPipelineNamesIt() throws IOException {
    Dataset<Row> rows =
        Digits.frame(spark, Digits.TEST)
            .withColumn("features", functions.array_to_vector(col("pixels")))
            .select("features", "label");
    PipelineModel fitted =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new NeuralNetworkClassifier().setLayers(new int[] {64, 8, 10}).setMaxIter(5)
                })
            .fit(rows);
    Path folder = temp.resolve("pipeline");
    fitted.write().save(folder.toString());
    Path stage;
    try (var stages = Files.list(folder.resolve("stages"))) {
      stage = stages.filter(Files::isDirectory).findFirst().get();
    }
    assertFails(
        export(folder, "--format", "onnx"),
        5,
        "%s is a pipeline or a search that Spark saved: name the model in it, %s"
            .formatted(folder, stage));
    Path onnx = temp.resolve("stage.onnx");
    assertThat(export(stage, "--format", "onnx", "--output", onnx).err()).isEmpty();
    List<float[]> pixels =
        Digits.rows(Digits.TEST).stream().map(row -> Arrays.copyOf(row, 64)).toList();
    Ran ran = Ran.of(Files.readAllBytes(onnx), pixels, Map.of());
    List<Row> scored = fitted.transform(rows.coalesce(1)).collectAsList();
    for (int r = 0; r < scored.size(); r++) {
      double[] expected = scored.get(r).<Vector>getAs("probability").toArray();
      for (int c = 0; c < 10; c++) {
        assertThat((double) ran.floats("probabilities", r)[c]).isCloseTo(expected[c], within(1e-5));
      }
    }
  }

  private static void assertFails(Runs.Outcome outcome, int code, String message) {
    assertThat(outcome.err()).contains(message).hasLineCount(1);
    assertThat(outcome.code()).isEqualTo(code);
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void whatIsWrongIsSaidInOneLineAndNothingIsWritten() throws IOException {
    Path model = train("digits", "train.maxSteps=1");
    Path file = temp.resolve("x.onnx");
    assertFails(
        export(model, "--format", "onxx", "--output", file),
        2,
        "--format onxx: must be onnx or safetensors; did you mean onnx?");
    assertFails(export(model), 2, "missing required option: '--format=FORMAT'");
    assertFails(
        export(model, "--format", "onnx", "--names", "pytorch"),
        2,
        "--names pytorch: names are of --format safetensors");
    assertFails(
        export(model, "--format", "safetensors", "--names", "torch"),
        2,
        "--names torch: must be pytorch or schuss");
    assertFails(
        export(temp.resolve("none"), "--format", "onnx", "--output", file), 5, "no such model: ");
    assertFails(export(".", "--format", "onnx"), 2, "MODEL = . says no name for the file");
    assertFails(
        export(model, "--format", "onnx", "--output", temp),
        2,
        "--output %s is a folder: name a file".formatted(temp));
    Path inFile = model.resolve("result.json/x.onnx");
    assertFails(
        export(model, "--format", "onnx", "--output", inFile),
        2,
        "cannot write --output " + inFile);
    assertFails(export(model, "--format", "onnx", "--output", "nofs://x/y"), 2, "nofs://x/y");

    Files.writeString(file, "mine");
    assertFails(
        export(model, "--format", "onnx", "--output", file),
        2,
        "--output %s exists: name another, or replace it with --overwrite".formatted(file));
    assertThat(file).hasContent("mine");

    Path weights = model.resolve("model/model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertFails(
        export(model, "--format", "onnx", "--output", file, "--overwrite"),
        5,
        "is not the file that");
    assertThat(file).hasContent("mine");
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertThat(export(model, "--format", "onnx", "--output", file, "--overwrite").code()).isZero();
    assertThat(Files.size(file)).isGreaterThan(1000);
    try (var left = Files.list(temp)) {
      assertThat(left).noneMatch(p -> p.getFileName().toString().startsWith("_unfinished"));
    }
  }

  @Test
  void checkpointsAreNoModels() {
    Path checkpoints = temp.resolve("checkpoints");
    train("digits", "train.maxSteps=2", "checkpoint.dir=" + checkpoints);
    assertFails(
        export(checkpoints, "--format", "onnx"),
        5,
        checkpoints + " holds checkpoints, which are trainings under way and no models");
  }
}
