package dev.schuss.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.TestSpark;
import dev.schuss.model.Invalid;
import dev.schuss.model.Preprocessing;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class SparseBlocksTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("x", SQLDataTypes.VectorType())
          .add("y", DataTypes.IntegerType)
          .add("id", DataTypes.LongType);

  private enum Form {
    SPARSE,
    DENSE,
    MIXED
  }

  /** Rows of which few elements are not 0; some rows are equal. */
  private static Dataset<Row> table(int rows, int width, int entries, Form form) {
    Random random = new Random(rows);
    List<Row> list = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double[] x = new double[width];
      for (int k = 0; k < entries; k++) {
        x[random.nextInt(width)] = random.nextInt(5) - 2;
      }
      x[i % 3] = i % 7 == 0 ? -0.0 : 1;
      Vector v = Vectors.dense(x);
      boolean sparse = form == Form.SPARSE || (form == Form.MIXED && i % 2 == 0);
      list.add(RowFactory.create(sparse ? v.toSparse() : v, i % 2, (long) i));
    }
    return TestSpark.session().createDataFrame(list, SCHEMA);
  }

  private static Prepared prepare(Dataset<Row> data, Scaling scaling, double fraction) {
    return DataPreparation.training(
        data,
        new Columns(List.of("x"), List.of("y"), null, "id"),
        Task.CLASSIFICATION,
        scaling,
        fraction,
        1,
        3);
  }

  private static List<byte[]> contents(Blocks blocks) {
    return blocks.rdd().collect().stream().map(BlockTest::content).toList();
  }

  private static void assertSame(Blocks a, Blocks b) {
    List<byte[]> expected = contents(a);
    List<byte[]> found = contents(b);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).isEqualTo(expected.get(i));
    }
  }

  @Test
  void theBlocksDoNotTellHowVectorsWereGiven() {
    for (int width : new int[] {41, 5000}) {
      for (Scaling scaling : List.of(Scaling.none(), Scaling.standard(), Scaling.maxabs())) {
        try (Prepared a = prepare(table(200, width, 4, Form.SPARSE), scaling, .2);
            Prepared b = prepare(table(200, width, 4, Form.DENSE).repartition(5), scaling, .2);
            Prepared c = prepare(table(200, width, 4, Form.MIXED).coalesce(1), scaling, .2)) {
          assertThat(a.train().sparse()).isTrue();
          assertThat(a.train().rows()).isEqualTo(160);
          assertThat(a.preprocessing()).isEqualTo(b.preprocessing()).isEqualTo(c.preprocessing());
          assertSame(a.train(), b.train());
          assertSame(a.train(), c.train());
          assertSame(a.validation(), b.validation());
        }
      }
    }
  }

  @Test
  void rowsOfFewZerosAreKeptInFullAndHaveTheKeysOfLocalBlocks() {
    try (Prepared p = prepare(table(50, 7, 7, Form.SPARSE), Scaling.none(), 0)) {
      assertThat(p.train().sparse()).isFalse();
      List<float[]> rows = rows(p.train());
      float[] features = new float[50 * 7];
      float[] targets = new float[50];
      long[] ids = new long[50];
      for (Block block : p.train().rdd().collect()) {
        Batch batch = new Batch(0, 7, 1);
        block.gather(block.inOrder(), 0, block.rows(), batch);
        for (int i = 0; i < block.rows(); i++) {
          int id = (int) block.id(i);
          System.arraycopy(batch.features(), i * 7, features, id * 7, 7);
          targets[id] = batch.targets()[i];
          ids[id] = id;
        }
      }
      assertThat(rows).hasSize(50);
      List<Block> local = LocalBlocks.of(features, 7, targets, 1, null, ids, 3);
      List<byte[]> found = contents(p.train());
      for (int i = 0; i < 3; i++) {
        assertThat(found.get(i)).isEqualTo(BlockTest.content(local.get(i)));
      }
    }
  }

  private static List<float[]> rows(Blocks blocks) {
    List<float[]> rows = new ArrayList<>();
    for (Block block : blocks.rdd().collect()) {
      Batch batch = new Batch(0, blocks.width(), 1);
      for (int row : block.inOrder()) {
        block.gather(new int[] {row}, 0, 1, batch);
        assertThat(batch.sparse() != null).isEqualTo(block.sparse());
        rows.add(java.util.Arrays.copyOf(batch.features(), blocks.width()));
      }
    }
    return rows;
  }

  @Test
  void sparseVectorsAreDividedAndNotCentred() {
    Dataset<Row> data = table(300, 41, 4, Form.SPARSE);
    try (Prepared raw = prepare(data, Scaling.none(), 0);
        Prepared standard = prepare(data, Scaling.standard(), 0);
        Prepared maxabs = prepare(data, Scaling.maxabs(), 0)) {
      Preprocessing s = standard.preprocessing();
      assertThat(s.shift()).containsOnly(0);
      int column = 20;
      double sum = 0;
      double squares = 0;
      double largest = 0;
      List<float[]> rows = rows(raw.train());
      for (float[] row : rows) {
        sum += row[column];
        squares += row[column] * row[column];
        largest = Math.max(largest, Math.abs(row[column]));
      }
      double n = rows.size();
      double deviation = Math.sqrt(squares / n - sum / n * sum / n);
      assertThat((double) s.divisor()[column])
          .isCloseTo(deviation, org.assertj.core.data.Offset.offset(1e-6));
      assertThat(maxabs.preprocessing().divisor()[column]).isEqualTo((float) largest);
      List<float[]> scaled = rows(standard.train());
      for (int i = 0; i < rows.size(); i++) {
        assertThat(scaled.get(i)[column]).isEqualTo(rows.get(i)[column] / s.divisor()[column]);
      }
    }
    assertThatThrownBy(() -> prepare(data, Scaling.minmax(), 0))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "scale = minmax would fill the zeros of the sparse vectors in column x: use maxabs, which divides only");
  }

  @Test
  void numbersBesideSparseVectorsAreCentred() {
    Dataset<Row> data =
        table(100, 60, 3, Form.SPARSE).selectExpr("id * 2 as size", "x", "id % 2 as y");
    try (Prepared p =
        DataPreparation.training(
            data, Columns.labelled("y"), Task.CLASSIFICATION, Scaling.standard(), 0, 1, 2)) {
      assertThat(p.train().sparse()).isTrue();
      assertThat(p.preprocessing().shift()[0]).isEqualTo(99);
      double sum = 0;
      double squares = 0;
      for (float[] row : rows(p.train())) {
        sum += row[0];
        squares += row[0] * row[0];
      }
      assertThat(sum).isCloseTo(0, org.assertj.core.data.Offset.offset(1e-3));
      assertThat(squares).isCloseTo(100, org.assertj.core.data.Offset.offset(1e-2));
      try (Blocks scored = DataPreparation.scoring(data, null, p.preprocessing(), 2)) {
        assertSame(p.train(), scored);
      }
    }
  }

  @Test
  void missingElementsOfSparseVectorsAreKeptAsZeros() {
    Dataset<Row> data =
        TestSpark.session()
            .createDataFrame(
                List.of(
                    RowFactory.create(sparse(30, 3, Double.NaN), 0, 1L),
                    RowFactory.create(sparse(30, 3, 4), 1, 2L),
                    RowFactory.create(sparse(30, 5, -8), 0, 3L)),
                SCHEMA);
    Recipe recipe =
        new Recipe(
            new Columns(List.of("x"), List.of("y"), null, "id"),
            Task.CLASSIFICATION,
            Scaling.maxabs(),
            null,
            Invalid.KEEP,
            Persist.DISK,
            0,
            0,
            1,
            1);
    try (Prepared p = DataPreparation.training(data, recipe)) {
      assertThat(p.preprocessing().divisor()[3]).isEqualTo(4);
      assertThat(rows(p.train()).stream().map(r -> r[3] + r[5]))
          .containsExactlyInAnyOrder(0f, 1f, -1f);
    }
  }

  private static Vector sparse(int size, int index, double value) {
    return Vectors.sparse(size, new int[] {index}, new double[] {value});
  }
}
