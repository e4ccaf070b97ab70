package dev.schuss.data;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.DataFrameReader;
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
 * Lines of separated values, read by Spark's CSV reader; plain or compressed (.gz). All columns are
 * read as text in one pass, numbers are parsed where they are used. Blank lines are passed over.
 * The table has one more column, {@code _malformed}: it is null but for lines with more or fewer
 * values than there are columns.
 *
 * @param path a file, folder or pattern on any Hadoop file system, or {@code classpath:} and the
 *     name of a resource
 * @param header whether the first line of each file holds the names of the columns; otherwise they
 *     are {@code _c0}, {@code _c1} ...
 * @param delimiter what separates values, such as {@code ,} or a tab
 */
public record Csv(String path, boolean header, String delimiter) implements Source {
  private static final String MALFORMED = "_malformed";

  /** Checks the delimiter. */
  public Csv {
    if (delimiter.isEmpty()) {
      throw new IllegalArgumentException(
          "delimiter is empty: it must be at least one character, such as a comma");
    }
  }

  /** A file with a header and commas. */
  public Csv(String path) {
    this(path, true, ",");
  }

  @Override
  public Dataset<Row> load(SparkSession spark) {
    if (Files.isResource(path)) {
      List<String> lines = resourceLines();
      checkLines(lines.stream().filter(line -> !line.isBlank()).limit(2).count());
      // One partition, so that a row's number is that of its line.
      Dataset<String> text = spark.createDataset(lines, Encoders.STRING()).coalesce(1);
      StructType schema = schema(reader(spark).csv(text).schema());
      return reader(spark).schema(schema).csv(text);
    }
    checkFiles(spark.sparkContext().hadoopConfiguration());
    StructType schema = schema(reader(spark).csv(path).schema());
    return reader(spark).schema(schema).csv(path);
  }

  private DataFrameReader reader(SparkSession spark) {
    return spark
        .read()
        .option("header", header)
        .option("sep", delimiter)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", MALFORMED);
  }

  /** The same names, with what {@link Table} is to know of them. */
  private StructType schema(StructType found) {
    Metadata metadata =
        new MetadataBuilder()
            .putBoolean(Table.Text.HEADER, header)
            .putString(Table.Text.RESOURCE, Files.isResource(path) ? path : "")
            .build();
    StructType schema = new StructType();
    for (StructField field : found.fields()) {
      String name = field.name().startsWith("\uFEFF") ? field.name().substring(1) : field.name();
      schema = schema.add(new StructField(name, DataTypes.StringType, true, metadata));
    }
    Metadata malformed = new MetadataBuilder().putBoolean(Table.Text.MALFORMED, true).build();
    return schema.add(new StructField(MALFORMED, DataTypes.StringType, true, malformed));
  }

  private List<String> resourceLines() {
    try (InputStream in = Files.openResource(path);
        BufferedReader lines = buffered(in)) {
      return lines.lines().toList();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private void checkFiles(Configuration hadoop) {
    long most = 0;
    for (FileStatus file : Files.list(path, hadoop)) {
      try (InputStream in = Files.open(file.getPath(), hadoop);
          BufferedReader lines = buffered(in)) {
        most = Math.max(most, lines.lines().filter(line -> !line.isBlank()).limit(2).count());
      } catch (EOFException e) {
        continue; // an empty compressed file
      } catch (UncheckedIOException e) {
        throw unreadable(Files.display(file.getPath()), e.getCause());
      } catch (IOException e) {
        throw unreadable(Files.display(file.getPath()), e);
      }
      if (most == 2) {
        return;
      }
    }
    checkLines(most);
  }

  private static DataException unreadable(String name, IOException e) {
    return new DataException(name + " cannot be read: " + e.getMessage(), e);
  }

  private void checkLines(long lines) {
    if (lines == 0) {
      throw new DataException(path + " is empty: name a file with rows");
    }
    if (header && lines == 1) {
      throw new DataException(
          path + " has a header and no rows: name a file with rows, or set header = false");
    }
  }

  private static BufferedReader buffered(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }
}
