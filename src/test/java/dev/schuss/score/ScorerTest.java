package dev.schuss.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.Digits;
import dev.schuss.TestSpark;
import dev.schuss.data.Csv;
import dev.schuss.data.DataException;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Invalid;
import dev.schuss.model.Predictor;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScorerTest {
  private static final FittedModel.Provenance HERE = FittedModel.Provenance.defaults("0.1.0", 1, 2);
  private final SparkSession spark = TestSpark.session();

  private static FittedModel model(
      Network network, ClassLabels classes, Invalid invalid, Feature... features) {
    int width = Arrays.stream(features).mapToInt(Feature::width).sum();
    float[] shift = new float[width];
    float[] divisor = new float[width];
    Arrays.fill(divisor, 16);
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < network.outputs() && network.task() != Task.RECONSTRUCTION; i++) {
      labels.add("y" + i);
    }
    Preprocessing columns =
        new Preprocessing(
            network.task(),
            List.of(features),
            classes == null ? labels : List.of("label"),
            classes,
            invalid,
            shift,
            divisor);
    return new FittedModel(network, network.initialWeights(3), columns, HERE);
  }

  private static FittedModel digits() {
    return model(
        Network.input(64).dense(32, Activation.RELU).output(10),
        ClassLabels.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
        Invalid.ERROR,
        Feature.vector("pixels", 64));
  }

  private static float[] floats(Row row, String column) {
    List<Float> list = row.getList(row.fieldIndex(column));
    float[] floats = new float[list.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = list.get(i);
    }
    return floats;
  }

  @Test
  void theNumbersAreThePredictorsAndRowsKeepTheirPlaces() {
    FittedModel model = digits();
    Predictor predictor = Predictor.of(model);
    Dataset<Row> rows = Digits.frame(spark, Digits.TEST).repartition(7).drop("label").cache();
    try {
      Dataset<Row> scored = Scorer.of(model).transform(rows);
      assertThat(scored.columns()).containsExactly("id", "pixels", "prediction", "probability");
      assertThat(scored.schema().apply("prediction").dataType()).isEqualTo(DataTypes.LongType);
      assertThat(scored.schema().apply("probability").metadata().getStringArray("schuss.classes"))
          .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
      assertThat(scored.rdd().getNumPartitions()).isEqualTo(7);
      List<Row> before = rows.collectAsList();
      List<Row> after = scored.collectAsList();
      assertThat(after).hasSameSizeAs(before);
      for (int i = 0; i < after.size(); i++) {
        Row row = after.get(i);
        assertThat(row.getLong(0)).isEqualTo(before.get(i).getLong(0));
        float[] pixels = floats(row, "pixels");
        assertThat(row.getLong(2)).isEqualTo(predictor.classIndex(pixels));
        float[] expected = new float[10];
        predictor.probabilities(pixels, expected);
        assertThat(floats(row, "probability")).containsExactly(expected, within(1e-5f));
      }
    } finally {
      rows.unpersist();
    }
  }

  @Test
  void emptyPartitionsAndEmptyTablesAreFine() {
    Dataset<Row> rows = Digits.frame(spark, Digits.TEST).limit(3).repartition(9);
    assertThat(Scorer.of(digits()).transform(rows).count()).isEqualTo(3);
    assertThat(Scorer.of(digits()).transform(rows.filter("id < 0")).collectAsList()).isEmpty();
  }

  @Test
  void textsAndFractionsComeBackAsTheyWere() {
    Dataset<Row> rows =
        spark.sql("SELECT 3 AS a, 'k' AS c, timestamp'2020-02-03 04:05:06.000007' AS t, NULL AS n");
    Network network = Network.input(3).dense(2, Activation.TANH).output(2);
    Feature[] features = {Feature.number("a"), Feature.category("c", List.of("k"), false)};
    FittedModel texts =
        model(network, ClassLabels.of(List.of("no", "yes")), Invalid.ERROR, features);
    Row row = Scorer.of(texts).transform(rows).head();
    assertThat(row.<String>getAs("prediction")).isIn("no", "yes");
    assertThat(row.<Object>getAs("t")).isEqualTo(rows.head().getAs("t"));
    FittedModel halves = model(network, ClassLabels.of(0.5, 2), Invalid.ERROR, features);
    assertThat(Scorer.of(halves).transform(rows).head().<Double>getAs("prediction")).isIn(0.5, 2.0);
  }

  @Test
  void aRegressionGivesADoubleOrSeveral() {
    Dataset<Row> rows = spark.sql("SELECT array(1.0, 2.0) AS v");
    for (int labels : new int[] {1, 3}) {
      FittedModel model =
          model(
              Network.input(2).dense(2, Activation.TANH).regression(labels),
              null,
              Invalid.ERROR,
              Feature.vector("v", 2));
      float[] expected = new float[labels];
      Predictor.of(model).scores(new float[] {1, 2}, expected);
      Dataset<Row> scored = Scorer.of(model).transform(rows);
      assertThat(scored.columns()).containsExactly("v", "prediction");
      Row row = scored.head();
      if (labels == 1) {
        assertThat(row.getDouble(1)).isCloseTo(expected[0], within(1e-6));
      } else {
        assertThat(row.<Double>getList(1)).hasSize(3);
        assertThat(row.<Double>getList(1).get(2)).isCloseTo(expected[2], within(1e-6));
      }
    }
  }

  @Test
  void anAutoencoderGivesReconstructionsAndCodes() {
    FittedModel model =
        model(
            Network.input(2).dense(3, Activation.TANH).dense(1, Activation.TANH).reconstruction(),
            null,
            Invalid.ERROR,
            Feature.number("a"),
            Feature.number("b"));
    Dataset<Row> rows = spark.sql("SELECT * FROM VALUES (1, '2'), (5, '7') AS t(a, b)").coalesce(1);
    Row row = Scorer.of(model).transform(rows).collectAsList().get(1);
    float[] back = new float[2];
    float[] code = new float[1];
    Predictor.of(model).reconstruction(new float[] {5, 7}, back);
    Predictor.of(model).code(new float[] {5, 7}, code);
    assertThat(floats(row, "reconstruction")).containsExactly(back, within(1e-4f));
    assertThat(floats(row, "code")).containsExactly(code, within(1e-6f));
  }

  @Test
  void sparseRowsAndDenseOnesAreTheSame() {
    int width = 100_000;
    Random random = new Random(4);
    List<Row> sparse = new ArrayList<>();
    List<Row> dense = new ArrayList<>();
    for (int r = 0; r < 20; r++) {
      int[] at = random.ints(30, 0, width).sorted().distinct().toArray();
      double[] x = random.doubles(at.length).toArray();
      Vector v = Vectors.sparse(width, at, x);
      sparse.add(RowFactory.create(v));
      dense.add(RowFactory.create(v.toDense()));
    }
    StructType schema = new StructType().add("v", SQLDataTypes.VectorType());
    FittedModel model =
        model(
            Network.input(width).dense(4, Activation.TANH).output(2),
            ClassLabels.of(-1, 1),
            Invalid.ERROR,
            Feature.vector("v", width));
    List<Row> a = Scorer.of(model).transform(spark.createDataFrame(sparse, schema)).collectAsList();
    List<Row> b = Scorer.of(model).transform(spark.createDataFrame(dense, schema)).collectAsList();
    float[] row = new float[width];
    for (int r = 0; r < 20; r++) {
      double[] x = ((Vector) a.get(r).get(0)).toArray();
      for (int j = 0; j < width; j++) {
        row[j] = (float) x[j];
      }
      float[] expected = new float[2];
      Predictor.of(model).probabilities(row, expected);
      assertThat(floats(a.get(r), "probability")).containsExactly(expected, within(1e-5f));
      assertThat(floats(b.get(r), "probability")).containsExactly(expected, within(1e-5f));
    }
  }

  @Test
  void otherColumnsMayHoldTheFeatures() {
    FittedModel model =
        model(
            Network.input(2).dense(2, Activation.TANH).regression(1),
            null,
            Invalid.ERROR,
            Feature.number("a"),
            Feature.number("b"));
    Dataset<Row> rows = spark.sql("SELECT array(1.0, 2.0) AS v, 1 AS x, 2 AS y, array(1.0) AS one");
    double named = Scorer.of(model).features("x", "y").transform(rows).head().getAs("prediction");
    double vector = Scorer.of(model).features("v").transform(rows).head().getAs("prediction");
    assertThat(vector).isEqualTo(named);
    Throwable thrown =
        catchThrowable(() -> Scorer.of(model).features("one").transform(rows).collectAsList());
    assertThat(cause(thrown)).hasMessageContaining("1 features (one), but the model takes 2");
  }

  @Test
  void rowsThatCannotBeScoredAreHandledAsTheModelSays(@TempDir Path temp) throws IOException {
    Path file = temp.resolve("x.csv");
    Files.writeString(file, "a,b,note\n1,2,u\n\n3,,v\n4,five,w\n6,7,x\n");
    Dataset<Row> rows = new Csv(file.toString()).load(spark);
    Network network = Network.input(2).dense(2, Activation.TANH).regression(1);
    Feature[] features = {Feature.number("a"), Feature.number("b")};

    Throwable thrown =
        catchThrowable(
            () -> Scorer.of(model(network, null, Invalid.ERROR, features)).transform(rows).count());
    assertThat(cause(thrown))
        .hasMessage(
            file
                + " line 4, column b: missing value: mend or remove the row, or train with data.invalid = skip or keep");

    SkippedRows skipped = SkippedRows.on(spark);
    Dataset<Row> left =
        Scorer.of(model(network, null, Invalid.SKIP, features))
            .counting(skipped, null)
            .transform(rows);
    assertThat(left.columns()).containsExactly("a", "b", "note", "prediction");
    assertThat(left.select("note").collectAsList())
        .extracting(r -> r.getString(0))
        .containsExactly("u", "x");
    assertThat(skipped.soFar().rows()).isEqualTo(2);
    assertThat(skipped.soFar().examples())
        .containsExactly(
            file + " line 4, column b: missing value",
            file + " line 5, column b: \"five\" is not a number");

    List<String> told = new CopyOnWriteArrayList<>();
    SkippedRows telling = SkippedRows.telling(spark, "left out", told::add);
    Dataset<Row> again =
        Scorer.of(model(network, null, Invalid.SKIP, features))
            .counting(telling, null)
            .transform(rows);
    assertThat(told).as("before anything is computed").isEmpty();
    assertThat(again.count()).isEqualTo(2);
    assertThat(again.count()).isEqualTo(2);
    assertThat(told).containsExactly(file + " line 4, column b: missing value");
    assertThat(telling.soFar().rows()).isEqualTo(4);

    FittedModel keeping = model(network, null, Invalid.KEEP, features);
    List<Row> kept = Scorer.of(keeping).transform(rows.filter("note <> 'w'")).collectAsList();
    float[] expected = new float[1];
    Predictor.of(keeping).scores(new float[] {3, Float.NaN}, expected);
    assertThat(kept.get(1).<Double>getAs("prediction")).isCloseTo(expected[0], within(1e-6));
  }

  private static DataException cause(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof DataException data) {
        return data;
      }
    }
    throw new AssertionError("no DataException", thrown);
  }

  @Test
  void whatDoesNotFitIsToldBeforeAnythingRuns() {
    FittedModel model = digits();
    Dataset<Row> rows = Digits.frame(spark, Digits.TEST);
    assertRefused(
        model, rows.drop("pixels"), "no feature column pixels; the columns are id, label");
    assertRefused(
        model,
        rows.withColumnRenamed("label", "Prediction"),
        "the data has a column Prediction, and so would the predictions: rename it");
    assertRefused(
        model,
        spark.sql("SELECT map(1, 2) AS pixels"),
        "feature column pixels is of type map<int,int>: it must hold numbers");
    Dataset<Row> scored =
        Scorer.of(model)
            .columns(OutputColumns.DEFAULTS.named("digit", "p"))
            .transform(rows.withColumnRenamed("label", "prediction"));
    assertThat(scored.columns()).containsExactly("id", "pixels", "prediction", "digit", "p");
    Dataset<Row> narrow = spark.sql("SELECT array(1, 2) AS pixels");
    Throwable thrown = catchThrowable(() -> Scorer.of(model).transform(narrow).collectAsList());
    assertThat(cause(thrown))
        .hasMessageContaining("row 1 of the data, column pixels: 2 values, but 64 are expected");
  }

  private static void assertRefused(FittedModel model, Dataset<Row> rows, String message) {
    assertThatThrownBy(() -> Scorer.of(model).transform(rows))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }
}
