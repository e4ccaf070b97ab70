package dev.schuss.data;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Images and labels in the binary format of CIFAR-10 (A. Krizhevsky 2009), plain or compressed
 * (.gz): records of one label byte, 0 to 9, and 3072 pixel bytes, the red plane of 32 x 32 before
 * the green and the blue one. The table has a column "image" (bytes) and a column "label" (int).
 *
 * @param path a file, folder or pattern on any Hadoop file system, such as {@code data_batch_*.bin}
 */
public record Cifar(String path) implements Source {
  /** Numbers of an image: 3 colours, 32 rows, 32 columns. */
  public static final int IMAGE = 3 * 32 * 32;

  static final int RECORD = 1 + IMAGE;
  static final int CLASSES = 10;
  private static final int RECORDS_PER_TASK = 5000;

  /** Checks the path. */
  public Cifar {
    Files.checkNamed("path", path);
  }

  /** Consecutive records of a file. */
  record Part(String file, long from, long to) implements Serializable {}

  @Override
  public Dataset<Row> load(SparkSession spark) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    List<Part> parts = new ArrayList<>();
    for (FileStatus file : Files.list(path, hadoop)) {
      addParts(file, hadoop, parts);
    }
    StructType schema =
        new StructType()
            .add("image", DataTypes.BinaryType, false)
            .add("label", DataTypes.IntegerType, false);
    SerializableConfiguration configuration = new SerializableConfiguration(hadoop);
    return spark.createDataFrame(
        spark
            .range(0, parts.size(), 1, parts.size())
            .toJavaRDD()
            .flatMap(task -> rows(parts.get(task.intValue()), configuration.value())),
        schema);
  }

  private static Iterator<Row> rows(Part part, Configuration hadoop) {
    return new CifarRows(part, hadoop);
  }

  private static void addParts(FileStatus file, Configuration hadoop, List<Part> parts) {
    String name = Files.display(file.getPath());
    long bytes;
    try {
      bytes = Files.length(file, hadoop, n -> n % RECORD == 0);
    } catch (IOException e) {
      throw Files.damaged(name, e);
    }
    if (bytes == 0 || bytes % RECORD != 0) {
      throw new DataException(
          "%s is no whole file of CIFAR-10: it has %d bytes, which is no multiple of %d; fetch it again"
              .formatted(name, bytes, RECORD));
    }
    long records = bytes / RECORD;
    // A compressed file can only be read from its start.
    long step = Files.isCompressed(file.getPath(), hadoop) ? records : RECORDS_PER_TASK;
    for (long from = 0; from < records; from += step) {
      parts.add(new Part(file.getPath().toString(), from, Math.min(records, from + step)));
    }
  }
}
