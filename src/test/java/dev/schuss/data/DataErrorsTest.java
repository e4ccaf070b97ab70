package dev.schuss.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.TestSpark;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.Invalid;
import dev.schuss.model.Preprocessing;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Task;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class DataErrorsTest {
  private static final StructType XY =
      new StructType().add("x", DataTypes.DoubleType).add("y", DataTypes.DoubleType);

  private static Dataset<Row> table(StructType schema, Object... values) {
    int width = schema.size();
    List<Row> rows =
        java.util.stream.IntStream.range(0, values.length / width)
            .mapToObj(
                i -> RowFactory.create(Arrays.copyOfRange(values, i * width, (i + 1) * width)))
            .toList();
    return TestSpark.session().createDataFrame(rows, schema);
  }

  private static void train(Dataset<Row> data, Columns columns, Task task) {
    DataPreparation.training(data, columns, task, Scaling.none(), 0, 1, 2).close();
  }

  private static void assertSaid(Dataset<Row> table, Columns columns, Task task, String message) {
    // One partition, so that rows have their numbers.
    assertSaidAsItIs(table.coalesce(1), columns, task, message);
  }

  private static void assertSaidAsItIs(
      Dataset<Row> data, Columns columns, Task task, String message) {
    int before = TestSpark.session().sparkContext().getPersistentRDDs().size();
    assertThatThrownBy(() -> train(data, columns, task))
        .isInstanceOf(DataException.class)
        .hasMessage(message);
    assertThat(TestSpark.session().sparkContext().getPersistentRDDs().size()).isEqualTo(before);
  }

  private static void assertSaid(Dataset<Row> data, String message) {
    assertSaid(data, Columns.labelled("y"), Task.CLASSIFICATION, message);
  }

  @Test
  void wrongColumns() {
    Dataset<Row> data = table(XY, 1.0, 0.0, 2.0, 1.0);
    assertSaid(
        data,
        Columns.labelled("yy"),
        Task.CLASSIFICATION,
        "no label column yy (did you mean y?); the columns are x, y");
    assertSaid(
        data,
        new Columns(List.of("height"), List.of("y"), null, null),
        Task.REGRESSION,
        "no feature column height; the columns are x, y");
    assertSaid(
        data,
        new Columns(List.of("x"), List.of("y"), "w", null),
        Task.REGRESSION,
        "no weight column w; the columns are x, y");
    assertSaid(
        data,
        Columns.labelled("x", "y"),
        Task.CLASSIFICATION,
        "classification takes one label column, not 2 (x, y)");
    assertSaid(
        data,
        Columns.labelled("x", "y"),
        Task.REGRESSION,
        "no feature columns: the table has only x, y; name some under features");
    assertSaid(
        data,
        new Columns(List.of("x", "y"), List.of("y"), null, null),
        Task.REGRESSION,
        "column y is a feature and also label, weight or id: name it only once");
    assertSaid(data, Columns.labelled(), Task.REGRESSION, "no label column: regression needs one");
    assertSaid(
        data.toDF("x", "x"),
        new Columns(List.of("x"), List.of("x"), null, null),
        Task.REGRESSION,
        "two columns are named x: rename one");
    String kinds =
        ": it must hold numbers, text, vectors, arrays or bytes; derive a number from it, or name other columns";
    assertSaid(
        data.selectExpr("x", "y", "current_date() as day"),
        "feature column day is of type date" + kinds);
    assertSaid(
        data.selectExpr("named_struct('a', x) as place", "y"),
        "feature column place is of type struct<a:double>" + kinds);
    assertSaid(
        data.selectExpr("current_timestamp() as at", "y"),
        "feature column at is of type timestamp" + kinds);
    assertSaid(
        data.selectExpr("x", "array(y) as y"),
        "label column y is of type array<double>: it must hold one number per row");
  }

  @Test
  void unusableValues() {
    String one = "; 1 row of 2 is bad: mend or remove it";
    assertSaid(
        table(XY, 1.0, 0.0, Double.NaN, 1.0),
        "row 2 of the data, column x: NaN is not a finite number" + one);
    assertSaid(
        table(XY, Double.NEGATIVE_INFINITY, 0.0, 1.0, 1.0),
        "row 1 of the data, column x: -Infinity is not a finite number" + one);
    assertSaid(table(XY, 1.0, 0.0, null, 1.0), "row 2 of the data, column x: missing value" + one);
    assertSaid(table(XY, 1.0, 0.0, 2.0, null), "row 2 of the data, column y: missing value" + one);
    assertSaid(
        table(XY, 1.0, 0.0, 2.0, Double.NaN),
        "row 2 of the data, column y: NaN is not a finite number" + one);
    assertSaid(
        table(XY, 1.0, 0.0, 2.0, 1e300),
        Columns.labelled("y"),
        Task.REGRESSION,
        "row 2 of the data, column y: 1.0E300 does not fit a 32-bit float" + one);
    StructType text =
        new StructType().add("x", DataTypes.DoubleType).add("y", DataTypes.StringType);
    assertSaid(
        table(text, 1.0, "1", 2.0, "cat"),
        "row 2 of the data, column y: \"cat\" is not a number, as other labels are, such as 1: mend it, or if all labels are names give them a letter, as with derive { y = \"concat('c', y)\" }");
  }

  @Test
  void weightsAndIds() {
    StructType schema = XY.add("w", DataTypes.DoubleType).add("id", DataTypes.DoubleType);
    Columns columns = new Columns(List.of("x"), List.of("y"), "w", "id");
    String one = "; 1 row of 2 is bad: mend or remove it";
    assertSaid(
        table(schema, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, -.5, 2.0),
        columns,
        Task.CLASSIFICATION,
        "row 2 of the data, column w: -0.5 is negative: a weight must be 0 or more" + one);
    assertSaid(
        table(schema, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, Double.POSITIVE_INFINITY, 2.0),
        columns,
        Task.CLASSIFICATION,
        "row 2 of the data, column w: Infinity is not a finite number" + one);
    assertSaid(
        table(schema, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.5),
        columns,
        Task.CLASSIFICATION,
        "row 2 of the data, column id: 2.5 is not a whole number" + one);
  }

  @Test
  void vectorsOfDifferentSizes() {
    StructType schema =
        new StructType().add("x", SQLDataTypes.VectorType()).add("y", DataTypes.IntegerType);
    Dataset<Row> same = table(schema, Vectors.dense(1, 2), 0, Vectors.dense(1, 2, 3), 1);
    assertSaid(
        same,
        "row 2 of the data, column x: 3 values, but 2 in the rows before; 1 row of 2 is bad: mend or remove it");
    assertThat(same.javaRDD().getNumPartitions()).isEqualTo(2);
    assertSaidAsItIs(
        same,
        Columns.labelled("y"),
        Task.CLASSIFICATION,
        "the feature columns x hold 2 values in some rows and 3 in others: all rows need the same number");
    assertSaid(
        table(schema, Vectors.dense(1, Double.NaN), 0),
        "row 1 of the data, column x[1]: NaN is not a finite number; 1 row of 1 is bad: mend or remove it");
    assertSaid(
        table(schema, Vectors.dense(new double[0]), 0), "the feature columns x hold no values");
    DataType array = DataTypes.createArrayType(DataTypes.FloatType, true);
    assertSaid(
        table(
            new StructType().add("x", array).add("y", DataTypes.IntegerType),
            Arrays.asList(1f, null),
            0),
        "row 1 of the data, column x[1]: missing value; 1 row of 1 is bad: mend or remove it");
  }

  @Test
  void labelsThatAreNoClasses() {
    assertSaid(
        table(XY, 1.0, 3.0, 2.0, 3.0),
        "label column y: all 2 rows have the label 3; a classification needs at least two classes");
    assertSaid(
        table(XY, 1.0, 3.5, 2.0, 3.25, 4.0, 1.0),
        "label column y: most labels are not whole numbers, such as 3.5: looks like a regression target: set task = regression");
    assertSaid(
        TestSpark.session().range(10_001).selectExpr("id as x", "id as y"),
        "label column y has more than 10000 different values: looks like a regression target: set task = regression");
    assertSaid(table(XY), "the data has no rows: training and evaluation need some");
  }

  @Test
  void scoringWithOtherClassesOrFeatures() {
    Preprocessing trained =
        new Preprocessing(
            Task.CLASSIFICATION,
            List.of(Feature.number("x")),
            List.of("y"),
            ClassLabels.of(0, 2),
            Invalid.ERROR,
            null,
            null);
    assertThatThrownBy(
            () ->
                DataPreparation.scoring(
                    table(XY, 1.0, 0.0, 2.0, 7.0).coalesce(1), null, trained, 2))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "row 2 of the data, column y: 7 is not one of the classes of the training data (0, 2); 1 row of 2 is bad: mend or remove it");
    assertThatThrownBy(
            () ->
                DataPreparation.scoring(
                    table(XY.add("z", DataTypes.DoubleType), 1.0, 0.0, 2.0),
                    new Columns(List.of("x", "z"), List.of("y"), null, null),
                    trained,
                    2))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "the rows have 2 features, but the model was trained on 1: name the same columns");
    assertThatThrownBy(
            () -> DataPreparation.scoring(table(XY, 1.0, 0.0).drop("x"), null, trained, 2))
        .hasMessage("no feature column x; the columns are y");
  }
}
