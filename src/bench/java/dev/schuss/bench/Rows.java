package dev.schuss.bench;

import dev.schuss.data.Block;
import dev.schuss.data.Columns;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.LocalBlocks;
import dev.schuss.data.Prepared;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Task;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Generated rows of the shape of MNIST: 784 bytes, of which one in five is not 0, and a class. */
final class Rows {
  static final int COUNT = 60_000;
  static final int PIXELS = 784;
  static final int CLASSES = 10;

  private Rows() {}

  private static byte[] image(long row) {
    SplittableRandom random = new SplittableRandom(row);
    byte[] image = new byte[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      image[i] = random.nextInt(5) == 0 ? (byte) random.nextInt(256) : 0;
    }
    return image;
  }

  private static int label(long row) {
    return (int) (row * 7 % CLASSES);
  }

  /** The rows in this process. */
  static List<Block> local(int partitions) {
    float[] features = new float[COUNT * PIXELS];
    float[] labels = new float[COUNT];
    for (int row = 0; row < COUNT; row++) {
      byte[] image = image(row);
      for (int i = 0; i < PIXELS; i++) {
        features[row * PIXELS + i] = (image[i] & 0xff) / 255f;
      }
      labels[row] = label(row);
    }
    return LocalBlocks.of(features, PIXELS, labels, 1, null, null, partitions);
  }

  /** The rows on Spark. */
  static Prepared spark(SparkSession spark, int partitions) {
    Dataset<Row> rows =
        spark.createDataFrame(
            spark
                .range(0, COUNT, 1, partitions)
                .toJavaRDD()
                .map(row -> RowFactory.create(image(row), label(row))),
            new StructType()
                .add("image", DataTypes.BinaryType, false)
                .add("label", DataTypes.IntegerType, false));
    return prepare(rows, Task.CLASSIFICATION, Scaling.divisor(255), partitions);
  }

  /** Many rows of one feature: for rounds that compute nothing. */
  static Prepared narrow(SparkSession spark, int count, int partitions) {
    Dataset<Row> rows =
        spark.range(0, count, 1, partitions).selectExpr("double(id) as x", "double(id) as label");
    return prepare(rows, Task.REGRESSION, Scaling.none(), partitions);
  }

  private static Prepared prepare(Dataset<Row> rows, Task task, Scaling scaling, int partitions) {
    return DataPreparation.training(
        rows, Columns.labelled("label"), task, scaling, 0, 1, partitions);
  }
}
