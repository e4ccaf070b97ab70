package dev.schuss.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Values that any number of blanks and tabs separates, which Spark's CSV reader cannot read. */
final class WhitespaceTable {
  private static final List<String> OPTIONS = List.of("comment", "nullvalue");

  private final Csv csv;

  WhitespaceTable(Csv csv) {
    this.csv = csv;
    for (String name : csv.options().keySet()) {
      if (!OPTIONS.contains(name.toLowerCase(Locale.ROOT))) {
        throw new DataException(
            "options.%s does not go with delimiter = whitespace; comment and nullValue do"
                .formatted(name));
      }
    }
  }

  Dataset<Row> of(SparkSession spark, Dataset<String> lines) {
    String comment = csv.option("comment");
    var rows =
        lines
            .javaRDD()
            .filter(line -> !line.isBlank())
            .filter(line -> comment.isEmpty() || !line.stripLeading().startsWith(comment));
    List<String> first = rows.take(1);
    if (first.isEmpty()) {
      throw new DataException(csv.path() + " holds comments only: name a file with rows");
    }
    String[] cells = cells(first.get(0));
    List<String> names = csv.names(cells.length, csv.header() ? Arrays.asList(cells) : null);
    StructType schema = csv.schema(names);
    String header = csv.header() ? first.get(0) : "";
    String missing = csv.option("nullValue");
    return spark.createDataFrame(
        rows.filter(line -> !line.equals(header)).map(line -> row(line, names.size(), missing)),
        schema);
  }

  private static String[] cells(String line) {
    return line.strip().split("\\s+");
  }

  private static Row row(String line, int columns, String missing) {
    String[] cells = cells(line);
    Object[] row = new Object[columns + 1];
    for (int i = 0; i < Math.min(columns, cells.length); i++) {
      row[i] = cells[i].equals(missing) ? null : cells[i];
    }
    if (cells.length != columns) {
      row[columns] = line;
    }
    return RowFactory.create(row);
  }
}
