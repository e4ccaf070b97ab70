package dev.schuss.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.TestSpark;
import dev.schuss.model.Preprocessing;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.RDDBlockId;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataPreparationTest {
  private static final Csv DIGITS = new Csv("classpath:data/digits-train.csv");
  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void session() {
    spark = TestSpark.session();
  }

  private static Prepared digits(Dataset<Row> data, Scaling scaling, double fraction, int p) {
    return DataPreparation.training(
        data, Columns.labelled("label"), Task.CLASSIFICATION, scaling, fraction, 5, p);
  }

  private static List<byte[]> contents(Blocks blocks) {
    List<byte[]> contents = new ArrayList<>();
    for (Block block : blocks.rdd().collect()) {
      assertThat(block.partition()).isEqualTo(contents.size());
      contents.add(BlockTest.content(block));
    }
    return contents;
  }

  private static void assertSame(Blocks a, List<byte[]> expected) {
    List<byte[]> found = contents(a);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).isEqualTo(expected.get(i));
    }
  }

  /** The rows of the blocks: features, targets, weight. */
  private static List<String> rows(List<Block> blocks) {
    List<String> rows = new ArrayList<>();
    for (Block block : blocks) {
      Batch batch = new Batch(0, block.width(), block.targetWidth());
      for (int row : block.inOrder()) {
        block.gather(new int[] {row}, 0, 1, batch);
        rows.add(
            Arrays.toString(Arrays.copyOf(batch.features(), block.width()))
                + Arrays.toString(Arrays.copyOf(batch.targets(), block.targetWidth()))
                + batch.weights()[0]);
      }
    }
    return rows;
  }

  @Test
  void blocksDoNotDependOnSplitsNorOnTheOrderOfRows() throws IOException {
    Dataset<Row> data = DIGITS.load(spark);
    try (Prepared one = digits(data.coalesce(1), Scaling.standard(), .2, 3)) {
      List<byte[]> train = contents(one.train());
      List<byte[]> validation = contents(one.validation());
      assertThat(one.train().rows() + one.validation().rows()).isEqualTo(1437);
      List<Dataset<Row>> others =
          List.of(
              data.repartition(3),
              data.repartition(8),
              data.orderBy(functions.rand(1)),
              split(data, 8));
      for (Dataset<Row> other : others) {
        try (Prepared p = digits(other, Scaling.standard(), .2, 3)) {
          assertThat(p.preprocessing()).isEqualTo(one.preprocessing());
          assertSame(p.train(), train);
          assertSame(p.validation(), validation);
        }
      }
    }
  }

  /** The same rows in a file that Spark reads in several splits. */
  private Dataset<Row> split(Dataset<Row> data, int splits) {
    Path file = SourceTest.write(folder.resolve("digits.csv"), SourceTest.digitsLines());
    SparkSession small = spark.newSession();
    small.conf().set("spark.sql.files.maxPartitionBytes", file.toFile().length() / splits + 1);
    small.conf().set("spark.sql.files.openCostInBytes", 0);
    Dataset<Row> table = new Csv(file.toString()).load(small);
    assertThat(table.javaRDD().getNumPartitions()).isEqualTo(splits);
    assertThat(table.columns()).isEqualTo(data.columns());
    return table;
  }

  @Test
  void lostBlocksComeBackToTheSameBits() {
    try (Prepared p = digits(DIGITS.load(spark), Scaling.minmax(), .1, 4)) {
      List<byte[]> expected = contents(p.train());
      int rdd = p.train().kept().id();
      assertThat(p.train().kept().name()).isEqualTo("schuss training blocks");
      SparkEnv.get().blockManager().removeBlock(new RDDBlockId(rdd, 2), true);
      assertSame(p.train(), expected);
      p.train().kept().unpersist(true);
      assertSame(p.train(), expected);
    }
  }

  @Test
  void temporaryBlocksAreFreed() {
    int before = spark.sparkContext().getPersistentRDDs().size();
    try (Prepared p = digits(DIGITS.load(spark), Scaling.minmax(), .1, 4)) {
      assertThat(spark.sparkContext().getPersistentRDDs().size()).isEqualTo(before + 2);
      assertThat(p.train().rowsPerPartition()).hasSize(4);
    }
    assertThat(spark.sparkContext().getPersistentRDDs().size()).isEqualTo(before);
  }

  @Test
  void sparkAndLocalPathsAgreeToTheBit() {
    List<String> lines = SourceTest.digitsLines();
    int n = lines.size() - 1;
    float[] features = new float[n * 64];
    float[] targets = new float[n];
    long[] ids = new long[n];
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      String[] values = lines.get(i + 1).split(",", -1);
      double[] x = new double[64];
      for (int j = 0; j < 64; j++) {
        x[j] = Double.parseDouble(values[j]) / 7; // not a float
        features[i * 64 + j] = (float) x[j];
      }
      targets[i] = Float.parseFloat(values[64]);
      ids[i] = 7L * i;
      rows.add(RowFactory.create(Vectors.dense(x), values[64], ids[i], .1 * (i % 4)));
    }
    float[] weights = new float[n];
    for (int i = 0; i < n; i++) {
      weights[i] = (float) (.1 * (i % 4));
    }
    Dataset<Row> data =
        spark.createDataFrame(
            rows,
            new StructType()
                .add("x", SQLDataTypes.VectorType())
                .add("y", DataTypes.StringType)
                .add("id", DataTypes.LongType)
                .add("w", DataTypes.DoubleType));
    Columns columns = new Columns(List.of("*"), List.of("y"), "w", "id");
    for (int p : new int[] {1, 2, 7}) {
      List<Block> local = LocalBlocks.of(features, 64, targets, 1, weights, ids, p);
      try (Prepared prepared =
          DataPreparation.training(data, columns, Task.CLASSIFICATION, Scaling.none(), 0, 1, p)) {
        assertThat(prepared.validation()).isNull();
        assertThat(prepared.preprocessing().features()).containsExactly("x");
        assertThat(prepared.preprocessing().width()).isEqualTo(64);
        assertThat(prepared.train().rowsPerPartition())
            .isEqualTo(local.stream().mapToInt(Block::rows).toArray());
        assertSame(prepared.train(), local.stream().map(BlockTest::content).toList());
      }
    }
  }

  private static Dataset<Row> few(int rows) {
    List<Row> list = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      list.add(RowFactory.create(i % 3 == 0 ? -1 : 4, i * .5, (float) i));
    }
    return spark.createDataFrame(
        list,
        new StructType()
            .add("class", DataTypes.IntegerType)
            .add("a", DataTypes.DoubleType)
            .add("b", DataTypes.FloatType));
  }

  @Test
  void anyNumberOfPartitionsHoldsTheSameRows() {
    List<String> expected = null;
    for (int p : new int[] {1, 2, 7, 33, 0}) {
      try (Prepared prepared =
          DataPreparation.training(
              few(11), Columns.labelled("class"), Task.CLASSIFICATION, Scaling.none(), .3, 1, p)) {
        assertThat(prepared.preprocessing().classes().numbers()).containsExactly(-1, 4);
        assertThat(prepared.train().rowsPerPartition()).hasSize(p == 0 ? 2 : p);
        List<Block> blocks = new ArrayList<>(prepared.train().rdd().collect());
        assertThat(blocks).allSatisfy(b -> assertThat(b.width()).isEqualTo(2));
        assertThat(blocks).allSatisfy(b -> assertThat(b.targetWidth()).isEqualTo(1));
        List<String> rows = rows(blocks);
        rows.sort(null);
        rows.add("validation");
        List<String> validation = rows(prepared.validation().rdd().collect());
        validation.sort(null);
        rows.addAll(validation);
        expected = expected == null ? rows : expected;
        assertThat(rows).isEqualTo(expected).hasSize(12);
      }
    }
    assertThat(expected).contains("[0.5, 1.0][1.0]1.0", "[0.0, 0.0][0.0]1.0");
  }

  @Test
  void everyKindOfColumnIsRead() {
    StructType schema =
        new StructType()
            .add("dense", SQLDataTypes.VectorType())
            .add("sparse", SQLDataTypes.VectorType())
            .add("floats", DataTypes.createArrayType(DataTypes.FloatType))
            .add("doubles", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("bytes", DataTypes.BinaryType)
            .add("text", DataTypes.StringType)
            .add("long", DataTypes.LongType)
            .add("decimal", DataTypes.createDecimalType(6, 2))
            .add("y1", DataTypes.FloatType)
            .add("y2", DataTypes.StringType);
    Dataset<Row> data =
        spark.createDataFrame(
            List.of(
                RowFactory.create(
                    Vectors.dense(1, 2),
                    Vectors.sparse(3, new int[] {1}, new double[] {5}),
                    List.of(.5f),
                    List.of(.25, .75),
                    new byte[] {0, 127, (byte) 255},
                    " -1.5e2 ",
                    9L,
                    new java.math.BigDecimal("3.25"),
                    .125f,
                    "17")),
            schema);
    Columns columns = Columns.labelled("y1", "y2");
    try (Prepared p =
        DataPreparation.training(data, columns, Task.REGRESSION, Scaling.none(), 0, 1, 2)) {
      assertThat(rows(p.train().rdd().collect()))
          .containsExactly(
              "[1.0, 2.0, 0.0, 5.0, 0.0, 0.5, 0.25, 0.75, 0.0, 127.0, 255.0, -150.0, 9.0, 3.25]"
                  + "[0.125, 17.0]1.0");
      assertThat(p.preprocessing().width()).isEqualTo(14);
      assertThat(p.preprocessing().classes()).isNull();
      assertThat(p.preprocessing().labels()).containsExactly("y1", "y2");
    }
    Columns some = new Columns(List.of("long", "sparse"), List.of("y1"), null, null);
    try (Prepared p =
        DataPreparation.training(data, some, Task.RECONSTRUCTION, Scaling.none(), 0, 1, 1)) {
      assertThat(rows(p.train().rdd().collect())).containsExactly("[9.0, 0.0, 5.0, 0.0][]1.0");
      assertThat(p.preprocessing().labels()).isEmpty();
    }
    try (Prepared p =
        DataPreparation.training(
            data.select("long", "y1"),
            Columns.labelled("y1", "nowhere"),
            Task.RECONSTRUCTION,
            Scaling.none(),
            0,
            1,
            1)) {
      assertThat(p.preprocessing().features()).containsExactly("long");
    }
  }

  @Test
  void scaledAndSplitRowsKeepTheirWeightsAndTargets() {
    Dataset<Row> data =
        spark.range(40).selectExpr("id as x", "id * 2 as y", "-id as y2", "id / 4 as w");
    Columns columns = new Columns(List.of("x"), List.of("y", "y2"), "w", null);
    try (Prepared p =
        DataPreparation.training(data, columns, Task.REGRESSION, Scaling.divisor(2), .5, 1, 3)) {
      List<String> rows = rows(p.train().rdd().collect());
      assertThat(rows).hasSize(20);
      rows.addAll(rows(p.validation().rdd().collect()));
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        expected.add("[%s][%s, %s]%s".formatted(i / 2f, i * 2f, 0f - i, i / 4f));
      }
      assertThat(rows).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void namesWithDotsAndTablesOfSeveralFilesAreRead() {
    Dataset<Row> dotted = few(6).withColumnRenamed("a", "a.x").union(few(6));
    try (Prepared p =
        DataPreparation.training(
            dotted, Columns.labelled("class"), Task.CLASSIFICATION, Scaling.none(), 0, 1, 2)) {
      assertThat(p.train().rows()).isEqualTo(12);
      assertThat(p.preprocessing().features()).containsExactly("a.x", "b");
    }
  }

  @Test
  void scalingUsesTheTrainingRows() {
    try (Prepared raw = digits(DIGITS.load(spark), Scaling.none(), .2, 3);
        Prepared standard = digits(DIGITS.load(spark), Scaling.standard(), .2, 3);
        Prepared minmax = digits(DIGITS.load(spark), Scaling.minmax(), .2, 3);
        Prepared by16 = digits(DIGITS.load(spark), Scaling.divisor(16), .2, 3)) {
      List<Block> blocks = raw.train().rdd().collect();
      int column = 20;
      double sum = 0;
      double squares = 0;
      for (Block block : blocks) {
        for (int row = 0; row < block.rows(); row++) {
          double x = block.featurePage(row)[block.featureOffset(row) + column];
          sum += x;
          squares += x * x;
        }
      }
      double n = raw.train().rows();
      Preprocessing s = standard.preprocessing();
      assertThat((double) s.shift()[column]).isCloseTo(sum / n, within(1e-6));
      assertThat((double) s.divisor()[column])
          .isCloseTo(Math.sqrt(squares / n - sum / n * sum / n), within(1e-6));
      assertThat(s.divisor()[0]).isEqualTo(1); // p0 is always 0
      assertThat(minmax.preprocessing().shift()[column]).isEqualTo(0);
      assertThat(minmax.preprocessing().divisor()[column]).isEqualTo(16);
      assertThat(raw.preprocessing().scales()).isFalse();
      for (Prepared scaled : List.of(standard, minmax, by16)) {
        assertScaled(blocks, scaled.train().rdd().collect(), scaled.preprocessing());
        assertScaled(
            raw.validation().rdd().collect(),
            scaled.validation().rdd().collect(),
            scaled.preprocessing());
      }
    }
  }

  private static org.assertj.core.data.Offset<Double> within(double x) {
    return org.assertj.core.data.Offset.offset(x);
  }

  private static void assertScaled(List<Block> raw, List<Block> scaled, Preprocessing how) {
    for (int p = 0; p < raw.size(); p++) {
      Batch a = new Batch(0, 64, 1);
      Batch b = new Batch(0, 64, 1);
      raw.get(p).gather(raw.get(p).inOrder(), 0, raw.get(p).rows(), a);
      scaled.get(p).gather(scaled.get(p).inOrder(), 0, scaled.get(p).rows(), b);
      how.apply(a.features(), a.rows());
      assertThat(b.features()).isEqualTo(a.features());
      assertThat(b.keys()).isEqualTo(a.keys());
      assertThat(b.targets()).isEqualTo(a.targets());
    }
  }

  @Test
  void scoringUsesThePreprocessingOfTheTraining() {
    Dataset<Row> data = DIGITS.load(spark);
    try (Prepared p = digits(data, Scaling.standard(), 0, 2);
        Blocks same = DataPreparation.scoring(data.repartition(3), null, p.preprocessing(), 2);
        Blocks reordered =
            DataPreparation.scoring(
                data.select("label", Arrays.copyOf(reversed(data.columns()), 64)),
                Columns.labelled("label"),
                p.preprocessing(),
                2)) {
      List<byte[]> expected = contents(p.train());
      assertSame(same, expected);
      assertSame(reordered, expected);
    }
  }

  private static String[] reversed(String[] columns) {
    List<String> names = new ArrayList<>(Arrays.asList(columns).subList(0, 64));
    java.util.Collections.reverse(names);
    return names.toArray(String[]::new);
  }
}
