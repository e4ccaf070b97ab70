package dev.schuss.data;

import java.io.IOException;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Images and labels in the IDX format of MNIST (Y. LeCun, C. Cortes and C. Burges), plain or
 * compressed (.gz), on any Hadoop file system. The table has a column "image" (bytes, one per
 * pixel, row by row) and a column "label" (int).
 *
 * @param images file of unsigned bytes in at least two dimensions, such as 60000 x 28 x 28
 * @param labels file of one unsigned byte per image
 */
public record Idx(String images, String labels) implements Source {
  private static final long TASK_BYTES = 16 << 20;

  /** Checks the paths. */
  public Idx {
    Files.checkNamed("images", images);
    Files.checkNamed("labels", labels);
  }

  @Override
  public Dataset<Row> load(SparkSession spark) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    IdxFile imageFile = IdxFile.open(images, hadoop);
    IdxFile labelFile = IdxFile.open(labels, hadoop);
    if (imageFile.dimensions() < 2) {
      throw new DataException(images + " holds labels, not images: name the file of images first");
    }
    if (labelFile.dimensions() != 1) {
      throw new DataException(labels + " holds images, not labels: name the file of labels second");
    }
    if (imageFile.items() != labelFile.items()) {
      throw new DataException(
          "%s holds %d images, but %s holds %d labels: name two files of one set"
              .formatted(images, imageFile.items(), labels, labelFile.items()));
    }
    if (imageFile.items() == 0) {
      throw new DataException(images + " holds no images: name a file with some");
    }
    StructType schema =
        new StructType()
            .add("image", DataTypes.BinaryType, false)
            .add("label", DataTypes.IntegerType, false);
    long bytes = imageFile.items() * imageFile.itemBytes();
    int slots = spark.sparkContext().defaultParallelism();
    int tasks = (int) Math.max(1, Math.min(slots, bytes / TASK_BYTES));
    long items = imageFile.items();
    SerializableConfiguration configuration = new SerializableConfiguration(hadoop);
    // Only the task's number travels; each reads its part of the files itself.
    return spark.createDataFrame(
        spark
            .range(0, tasks, 1, tasks)
            .toJavaRDD()
            .flatMap(
                task ->
                    rows(
                        imageFile,
                        labelFile,
                        items * task / tasks,
                        items * (task + 1) / tasks,
                        configuration.value())),
        schema);
  }

  private static Iterator<Row> rows(
      IdxFile images, IdxFile labels, long from, long to, Configuration hadoop) throws IOException {
    return new IdxRows(images, labels, from, to, hadoop);
  }
}
