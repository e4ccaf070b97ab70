package dev.schuss.data;

import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Lines of LIBSVM's format, {@code label index:value index:value ...} with indices from 1 that
 * ascend (C.-C. Chang and C.-J. Lin); plain or compressed. Blank lines and what follows a {@code #}
 * are passed over. The table has the columns "label" (text) and "features" (sparse vectors), and
 * {@code _malformed}, which says what is wrong with a line that is not of this form.
 *
 * @param path a file, folder or pattern on any Hadoop file system, or {@code classpath:} and the
 *     name of a resource
 * @param features length of the vectors; null for the largest index of the training data, which
 *     takes a pass of its own
 */
public record LibSvm(String path, Integer features) implements Source {

  /** Checks the path and the length. */
  public LibSvm {
    Files.checkNamed("path", path);
    if (features != null && features < 1) {
      throw new IllegalArgumentException("features = " + features + ": must be at least 1");
    }
  }

  /** A file whose largest index is found out. */
  public LibSvm(String path) {
    this(path, null);
  }

  @Override
  public Dataset<Row> load(SparkSession spark) {
    Dataset<String> lines;
    if (Files.isResource(path)) {
      // One partition, so that a row's number is that of its line.
      lines = spark.createDataset(TextLines.ofResource(path), Encoders.STRING()).coalesce(1);
    } else {
      Files.list(path, spark.sparkContext().hadoopConfiguration());
      lines = spark.read().textFile(path);
    }
    Integer length = features;
    return spark.createDataFrame(
        lines
            .javaRDD()
            .filter(LibSvmLine::holdsRow)
            .mapPartitions(
                part -> {
                  LibSvmLine reader = new LibSvmLine(length);
                  return new Mapped<>(part, reader::read);
                }),
        schema());
  }

  private StructType schema() {
    Metadata text = new Table.Text(true, false, Files.isResource(path) ? path : "", "#").metadata();
    MetadataBuilder vector = new MetadataBuilder().withMetadata(text);
    if (features == null) {
      vector.putBoolean(Table.Text.OPEN, true);
    }
    return new StructType()
        .add(new StructField("label", DataTypes.StringType, true, text))
        .add(new StructField("features", SQLDataTypes.VectorType(), true, vector.build()))
        .add(Table.malformed(""));
  }
}
