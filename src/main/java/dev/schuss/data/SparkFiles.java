package dev.schuss.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Files in a format that names its columns, read by Spark: Parquet, ORC, or JSON (one object per
 * line).
 *
 * @param format {@code parquet}, {@code orc} or {@code json}
 * @param path a file, folder or pattern on any Hadoop file system
 * @param options of Spark's reader for this format
 */
public record SparkFiles(String format, String path, Map<String, String> options)
    implements Source {
  /** The formats. */
  public static final List<String> FORMATS = List.of("parquet", "orc", "json");

  /** Checks the path and the format. */
  public SparkFiles {
    Files.checkNamed("path", path);
    if (!FORMATS.contains(format)) {
      throw new IllegalArgumentException(
          "format = " + format + ": must be one of " + String.join(", ", FORMATS));
    }
    options = new LinkedHashMap<>(options);
  }

  /** Without options. */
  public SparkFiles(String format, String path) {
    this(format, path, Map.of());
  }

  @Override
  public Dataset<Row> load(SparkSession spark) {
    if (Files.isResource(path)) {
      throw new DataException(
          path + ": only csv and libsvm are read from the class path; copy it to a file");
    }
    Files.list(path, spark.sparkContext().hadoopConfiguration());
    return SparkErrors.unwrapped(
        path,
        () -> {
          DataFrameReader reader = spark.read().format(format).options(options);
          return format.equals("json") ? json(reader) : reader.load(path);
        });
  }

  /** Lines that are not JSON are told as such, rather than as a row of nulls. */
  private Dataset<Row> json(DataFrameReader reader) {
    StructField malformed = Table.malformed("is not a JSON object of these columns");
    reader.option("mode", "PERMISSIVE").option("columnNameOfCorruptRecord", malformed.name());
    boolean lines =
        options.entrySet().stream()
            .noneMatch(
                e -> e.getKey().equalsIgnoreCase("multiLine") && e.getValue().equals("true"));
    Metadata text = lines ? new Table.Text(true, false, "", "").metadata() : Metadata.empty();
    StructType schema = new StructType();
    for (StructField field : reader.load(path).schema().fields()) {
      if (!field.name().equals(malformed.name())) {
        schema = schema.add(new StructField(field.name(), field.dataType(), true, text));
      }
    }
    if (schema.isEmpty()) {
      throw new DataException(
          path
              + " holds no JSON objects: name a file of one object per line, or set options.multiLine = true");
    }
    return reader.schema(schema.add(malformed)).load(path);
  }
}
