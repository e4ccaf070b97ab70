package dev.schuss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.Digits;
import dev.schuss.Quadratic;
import dev.schuss.TestSpark;
import dev.schuss.data.Block;
import dev.schuss.data.Blocks;
import dev.schuss.data.Columns;
import dev.schuss.data.DataException;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.Persist;
import dev.schuss.data.Prepared;
import dev.schuss.data.Recipe;
import dev.schuss.math.Mix;
import dev.schuss.math.Vectors;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Invalid;
import dev.schuss.model.ModelException;
import dev.schuss.model.Scaling;
import dev.schuss.nn.Activation;
import dev.schuss.nn.BatchNorm;
import dev.schuss.nn.Network;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import dev.schuss.objective.Task;
import dev.schuss.train.Evaluator;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LandscapeTest {
  private static final Network NETWORK =
      Network.input(64).dense(7, Activation.TANH).layer(BatchNorm.DEFAULTS).output(10);
  private static final float[] A = weights(1);
  private static final float[] B = weights(2);
  private static final float[] C = weights(3);

  private static SparkSession spark;
  private static Prepared digits;

  /** With biases and running statistics that are not those of the start. */
  private static float[] weights(long seed) {
    float[] w = NETWORK.initialWeights(seed);
    Mix random = new Mix(seed);
    for (Segment s : NETWORK.layout().segments()) {
      for (int i = s.offset(); i < s.end() && s.shape().length == 1; i++) {
        w[i] = (float) (0.5 + random.nextDouble());
      }
    }
    return w;
  }

  private static Prepared digits(int partitions) {
    Recipe all =
        new Recipe(
            new Columns(List.of("pixels"), List.of("label"), null, null),
            Task.CLASSIFICATION,
            Scaling.divisor(16),
            null,
            Invalid.ERROR,
            Persist.MEMORY_AND_DISK,
            0,
            0,
            1,
            partitions);
    return DataPreparation.training(Digits.frame(spark, Digits.TEST), all);
  }

  @BeforeAll
  static void read() {
    spark = TestSpark.session();
    digits = digits(3);
  }

  @AfterAll
  static void close() {
    digits.close();
  }

  private static double evaluated(float[] w) {
    return Evaluator.evaluate(spark, NETWORK, w, digits.train()).meanLoss();
  }

  @Test
  void everyPointIsWhatAnEvaluationSays() {
    LossGrid around = Landscape.around(NETWORK, A).grid(3).seed(5).on(spark, digits.train());
    assertThat(around.x()).containsExactly(-1, 0, 1);
    assertThat(around.loss()[1][1])
        .isEqualTo(evaluated(A))
        .isEqualTo(around.places().get(0).loss());
    float[] first = Directions.random(NETWORK.layout(), A, new Mix(5, 1));
    float[] second = Directions.random(NETWORK.layout(), A, new Mix(5, 2));
    float[] corner = floats(A.length, i -> (double) A[i] - first[i] + second[i]);
    assertThat(around.loss()[2][0]).isEqualTo(evaluated(corner));
    assertThat(around.rows()).isEqualTo(360);
    assertThat(around.holes()).isZero();
  }

  @Test
  void aLineLeadsFromOneToTheOther() {
    LossGrid line = Landscape.line(NETWORK, A, B).grid(5).names("a", "b").on(spark, digits.train());
    assertThat(line.x()).containsExactly(-0.5, 0, 0.5, 1, 1.5);
    assertThat(line.y()).isEmpty();
    assertThat(line.loss()[0][1]).isEqualTo(evaluated(A)).isEqualTo(line.places().get(0).loss());
    assertThat(line.loss()[0][3]).isEqualTo(evaluated(B)).isEqualTo(line.places().get(1).loss());
    float[] middle = floats(A.length, i -> 0.5 * A[i] + 0.5 * B[i]);
    assertThat(line.loss()[0][2]).isEqualTo(evaluated(middle));
    float[] before = floats(A.length, i -> 1.5 * A[i] - 0.5 * B[i]);
    for (Segment s : NETWORK.layout().segments()) {
      for (int i = s.offset(); i < s.end() && !s.trainable(); i++) { // a variance is not negative
        before[i] = Math.max(Math.min(A[i], B[i]), Math.min(Math.max(A[i], B[i]), before[i]));
      }
    }
    assertThat(line.loss()[0][0]).isEqualTo(evaluated(before));
  }

  @Test
  void partitionsAndRepetitionsDoNotMatter() {
    Landscape plane = Landscape.plane(NETWORK, A, B, C).grid(4).rows(100);
    LossGrid once = plane.on(spark, digits.train());
    assertThat(plane.on(spark, digits.train()).loss()).isDeepEqualTo(once.loss());
    assertThat(once.rows()).isEqualTo(100);
    for (int partitions : new int[] {1, 7}) {
      try (Prepared other = digits(partitions)) {
        LossGrid same = plane.on(spark, other.train());
        assertThat(same.rows()).isEqualTo(100);
        for (int r = 0; r < 4; r++) {
          assertThat(same.loss()[r]).containsExactly(once.loss()[r], within(1e-4));
        }
      }
    }
  }

  @Test
  void aSampleIsThatOfTheSmallestKeysOfAnyPartitions() {
    for (int most : new int[] {1, 59, 359}) {
      assertThat(Arrays.stream(digits.train().sample(most)).sum()).isEqualTo(most);
    }
    assertThat(digits.train().sample(360)).isEqualTo(digits.train().rowsPerPartition());
    assertThat(digits.train().sample(Long.MAX_VALUE)).isEqualTo(digits.train().rowsPerPartition());
  }

  /** Equal rows have equal keys: of them, too, just as many as were asked for, and no others. */
  @Test
  void aSampleCountsEqualRows() {
    Dataset<Row> often =
        spark.range(120).selectExpr("array(cast(id % 12 as double)) x", "0.0 as y");
    Recipe recipe = Recipe.of(new Columns(List.of("x"), List.of("y"), null, null), Task.REGRESSION);
    Quadratic f = new Quadratic(2);
    float[] w = {5};
    try (Prepared rows = DataPreparation.training(often, recipe)) {
      List<Block> blocks = rows.train().rdd().collect();
      for (int most : new int[] {1, 15, 37, 66, 111, 120}) {
        int[] first = rows.train().sample(most);
        Evaluation sum = Evaluation.of(f);
        for (Block block : blocks) {
          if (first[block.partition()] > 0) {
            Batch batch = new Batch(0, 1, 1);
            block.gather(block.inOrder(), 0, first[block.partition()], batch);
            f.evaluate(w, batch, sum);
          }
        }
        assertThat(sum.rows()).isEqualTo(most);
        LossGrid grid = Landscape.around(f, w).grid(2).rows(most).on(spark, rows.train());
        assertThat(grid.places().get(0).loss()).isCloseTo(sum.meanLoss(), within(1e-9));
      }
    }
  }

  /** The loss is a paraboloid, and where the points of a plane lie is known. */
  @Test
  void ofAQuadraticAllIsKnown() {
    Quadratic f = new Quadratic(2, 10, 1);
    float[] a = {0, 0, 0};
    float[] b = {3, 0, 0};
    float[] c = {1, 2, 0};
    Dataset<Row> rows = spark.range(5).selectExpr("array(1.0D, -1.0D, 2.0D) features", "0.0 label");
    LossGrid plane = Landscape.plane(f, a, b, c).span(0).grid(7).on(rows);
    assertThat(plane.x()).containsExactly(new double[] {0, .5, 1, 1.5, 2, 2.5, 3}, within(1e-12));
    assertThat(plane.y()[6]).isCloseTo(2, within(1e-12));
    assertThat(plane.places().stream().map(p -> List.of(p.x(), p.y())))
        .containsExactly(List.of(0.0, 0.0), List.of(3.0, 0.0), List.of(1.0, 2.0));
    LossGrid wide = Landscape.plane(f, a, b, c).grid(2).on(rows);
    assertThat(wide.x()).containsExactly(-1.5, 4.5); // half of 3 on all sides
    assertThat(wide.y()).containsExactly(-1.5, 3.5);
    for (int r = 0; r < 7; r++) {
      for (int k = 0; k < 7; k++) {
        double x = plane.x()[k] - 1;
        double y = plane.y()[r] + 1;
        assertThat(plane.loss()[r][k]).isCloseTo(x * x + 5 * y * y + 2, within(1e-5));
      }
    }
  }

  @Test
  void farAwayTheLossMayBeNoNumber() {
    LossGrid far =
        Landscape.around(new Quadratic(1, 1, 1), new float[] {1e33f, 1e33f, 1e33f})
            .span(1e6)
            .grid(3)
            .on(spark.range(5).selectExpr("array(1.0D, 1.0D, 1.0D) features", "0.0 label"));
    assertThat(far.places().get(0).loss()).isFinite();
    assertThat(far.holes()).isBetween(2L, 8L);
  }

  @Test
  void directionsAreOfTheLengthOfEachFilter() {
    Layout layout =
        new Layout.Builder()
            .add("conv0.weight", true, 4, 3, 2, 2)
            .add("conv0.bias", true, 4)
            .add("norm1.weight", true, 4)
            .add("norm1.running_mean", false, 4)
            .add("output.weight", true, 5, 9)
            .build();
    for (long seed = 0; seed < 200; seed++) {
      Mix random = new Mix(seed);
      float[] w = floats(layout.size(), i -> random.nextGaussian() * 1e-3);
      Arrays.fill(w, 12, 24, 0); // a filter that died
      float[] d = Directions.random(layout, w, random);
      for (Segment s : layout.segments()) {
        boolean moves = s.shape().length > 1;
        int length = moves ? s.length() / s.shape()[0] : 1;
        for (int from = s.offset(); from < s.end(); from += length) {
          double norm = Math.sqrt(Vectors.sumOfSquares(d, from, from + length));
          double wanted = Math.sqrt(Vectors.sumOfSquares(w, from, from + length));
          assertThat(norm).isCloseTo(moves ? wanted : 0, within(1e-6 * wanted));
        }
      }
    }
    float[] one = Directions.random(layout, ones(layout), new Mix(1, 1));
    assertThat(Directions.random(layout, ones(layout), new Mix(1, 1))).isEqualTo(one);
    assertThat(Directions.random(layout, ones(layout), new Mix(1, 2))).isNotEqualTo(one);
  }

  private static float[] ones(Layout layout) {
    return floats(layout.size(), i -> 1);
  }

  private static float[] floats(int n, IntToDoubleFunction number) {
    float[] floats = new float[n];
    for (int i = 0; i < n; i++) {
      floats[i] = (float) number.applyAsDouble(i);
    }
    return floats;
  }

  @Test
  void whatDoesNotFitIsSaid() {
    Landscape around = Landscape.around(NETWORK, A);
    assertThatThrownBy(() -> around.grid(1)).hasMessage("grid = 1: must be 2 to 501");
    assertThatThrownBy(() -> around.span(0))
        .hasMessage("span = 0.0: must be positive and at most 1000000");
    assertThatThrownBy(() -> around.span(Double.NaN)).hasMessageContaining("span = NaN");
    assertThatThrownBy(() -> around.rows(0)).hasMessage("rows = 0: must be at least 1");
    assertThatThrownBy(() -> around.names("a", "b")).hasMessageContaining("2 names for 1");
    assertThatThrownBy(() -> Landscape.around(NETWORK, new float[3]))
        .hasMessageContaining("3 weights for");
    Blocks rows = digits.train();
    assertThatThrownBy(() -> Landscape.line(NETWORK, A, A.clone()).on(spark, rows))
        .isInstanceOf(ModelException.class)
        .hasMessage("first and second have the same weights: there is nothing between them");
    float[] beyond = floats(A.length, i -> 3.0 * B[i] - 2.0 * A[i]);
    assertThatThrownBy(
            () -> Landscape.plane(NETWORK, A, B, beyond).names("a", "b", "c").on(spark, rows))
        .hasMessage("c lies on the line through a and b: draw the line between two of them");
    assertThatThrownBy(() -> Landscape.around(NETWORK, new float[A.length]).on(spark, rows))
        .hasMessageContaining("the weights are all 0");
  }

  @Test
  void modelsOfOtherNetworksAndColumnsAreRefused() {
    FittedModel model = model(NETWORK);
    Network wider = Network.input(64).dense(8, Activation.TANH).output(10);
    assertThatThrownBy(() -> Landscape.line(model, model(wider)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("second is of another network than the first model: its layers are");
    Network other =
        Network.input(64).dense(7, Activation.RELU).layer(BatchNorm.DEFAULTS).output(10);
    assertThatThrownBy(() -> Landscape.plane(model, model, model(other)))
        .hasMessageContaining("third is of another network")
        .hasMessageContaining("activation");
    LossGrid grid = Landscape.around(model).grid(3).rows(50).on(Digits.frame(spark, Digits.TEST));
    assertThat(grid.rows()).isEqualTo(50);
  }

  /** The classes are the model's; where there is none, rows of some would count as others. */
  @Test
  void rowsMayLackClassesOfAModelButNotOfWeightsAlone() {
    Dataset<Row> all = Digits.frame(spark, Digits.TEST);
    Dataset<Row> some = all.filter("label > 1");
    FittedModel model = model(NETWORK);
    LossGrid grid = Landscape.around(model).grid(2).on(some);
    try (Blocks blocks = DataPreparation.scoring(some, null, model.preprocessing(), 0)) {
      assertThat(grid.rows()).isEqualTo(some.count());
      assertThat(grid.places().get(0).loss())
          .isCloseTo(
              Evaluator.evaluate(spark, NETWORK, model.weights(), blocks).meanLoss(), within(1e-9));
    }
    Landscape alone = Landscape.around(NETWORK, A).grid(2);
    assertThatThrownBy(() -> alone.on(some.withColumnRenamed("pixels", "features")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the rows are of 8 classes (2, 3, 4, 5, 6, 7, 8, 9), and the network")
        .hasMessageContaining("tells 10 apart")
        .hasMessageContaining("Landscape.around(model)");
    assertThat(alone.on(all.withColumnRenamed("pixels", "features")).rows()).isEqualTo(360);
  }

  @Test
  void rowsOfOtherColumnsAreRefused() {
    Network narrow = Network.input(63).output(10);
    assertThatThrownBy(
            () -> Landscape.around(narrow, narrow.initialWeights(1)).on(spark, digits.train()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("64 features and 1 label columns, but the network takes 63 and 1");
    Network values = Network.input(64).regression(3);
    assertThatThrownBy(
            () -> Landscape.around(values, values.initialWeights(1)).on(spark, digits.train()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("64 features and 1 label columns, but the network takes 64 and 3");
    assertThatThrownBy(
            () ->
                Landscape.around(model(NETWORK))
                    .on(
                        Digits.frame(spark, Digits.TEST)
                            .selectExpr("slice(pixels, 1, 9) pixels", "label")))
        .isInstanceOf(DataException.class);
  }

  private static FittedModel model(Network network) {
    return new FittedModel(
        network,
        network.initialWeights(1),
        digits.preprocessing(),
        FittedModel.Provenance.defaults("test", 1, 0));
  }
}
