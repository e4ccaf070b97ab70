package dev.schuss.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Lines of separated values, read by Spark's CSV reader; plain or compressed (.gz). All columns are
 * read as text in one pass, numbers are parsed where they are used. Blank lines are passed over.
 * The table has one more column, {@code _malformed}: it is null but for lines with more or fewer
 * values than there are columns. A value in quotes may hold delimiters, and quotes written twice
 * (RFC 4180); with the option {@code multiLine} line breaks, too.
 *
 * @param path a file, folder or pattern on any Hadoop file system, or {@code classpath:} and the
 *     name of a resource
 * @param header whether the first line of each file holds the names of the columns; otherwise they
 *     are {@code _c0}, {@code _c1} ...
 * @param delimiter what separates values, such as {@code ,} or a tab; {@code whitespace} stands for
 *     any number of blanks and tabs
 * @param columns names of all columns, in place of those of the header; empty for none
 * @param options of Spark's CSV reader, such as {@code comment} or {@code nullValue}
 */
public record Csv(
    String path,
    boolean header,
    String delimiter,
    List<String> columns,
    Map<String, String> options)
    implements Source {
  /** The delimiter that stands for any number of blanks and tabs. */
  static final String WHITESPACE = "whitespace";

  private static final Map<String, String> RESERVED =
      Map.of(
          "header", "set header beside the path instead",
          "mode", "set data.invalid instead",
          "inferschema", "numbers are found where they are used",
          "columnnameofcorruptrecord", "it is used by Schuss itself",
          "enforceschema", "name the columns with columns = [ ... ] instead");

  /** Checks the path, the delimiter and the options. */
  public Csv {
    Files.checkNamed("path", path);
    columns = List.copyOf(columns);
    Map<String, String> others = new LinkedHashMap<>(options);
    for (String name : options.keySet()) {
      String plain = name.toLowerCase(Locale.ROOT);
      if (plain.equals("sep") || plain.equals("delimiter")) {
        if (!delimiter.equals(",") && !delimiter.equals(options.get(name))) {
          throw new IllegalArgumentException(
              "delimiter is given twice, as options.%s too: leave one out".formatted(name));
        }
        delimiter = others.remove(name);
      } else if (RESERVED.containsKey(plain)) {
        throw new IllegalArgumentException("options." + name + ": " + RESERVED.get(plain));
      }
    }
    options = others;
    if (delimiter.isEmpty()) {
      throw new IllegalArgumentException(
          "delimiter is empty: it must be at least one character, such as a comma");
    }
    checkTwins(columns, "columns names %s and %s: give each column its own name");
  }

  /** Without names and options. */
  public Csv(String path, boolean header, String delimiter) {
    this(path, header, delimiter, List.of(), Map.of());
  }

  /** A file with a header and commas. */
  public Csv(String path) {
    this(path, true, ",");
  }

  @Override
  public Dataset<Row> load(SparkSession spark) {
    return SparkErrors.unwrapped(path, () -> table(spark));
  }

  private Dataset<Row> table(SparkSession spark) {
    boolean resource = Files.isResource(path);
    Dataset<String> lines = null;
    FirstLines first = new FirstLines(this, spark.sparkContext().hadoopConfiguration());
    String firstLine;
    if (resource) {
      List<String> all = TextLines.ofResource(path);
      firstLine = first.ofRows(all.stream().filter(line -> !line.isBlank()).limit(2).toList());
      // One partition, so that a row's number is that of its line.
      lines = spark.createDataset(all, Encoders.STRING()).coalesce(1);
    } else {
      firstLine = first.ofFirst();
    }
    if (delimiter.equals(WHITESPACE)) {
      return new WhitespaceTable(this).of(spark, resource ? lines : spark.read().textFile(path));
    }
    List<String> names = names(spark, lines, firstLine);
    DataFrameReader reader = reader(spark).schema(schema(names)).option("header", header);
    if (!resource && columns.isEmpty() && firstLine.equals(String.join(delimiter, names))) {
      reader.option("enforceSchema", false); // compares the header of every file
    }
    return rows(reader, lines);
  }

  /**
   * The names of the columns. Spark makes up names for blanks and twins, so its names count only
   * where they are what the header's line says; else a further job reads the header's cells.
   */
  private List<String> names(SparkSession spark, Dataset<String> lines, String firstLine) {
    String[] found = rows(reader(spark).option("header", header), lines).schema().fieldNames();
    if (!header) {
      return names(found.length, null);
    }
    if (firstLine.equals(String.join(delimiter, found))) {
      return names(found.length, Arrays.asList(found));
    }
    Row first = rows(reader(spark).option("header", false), lines).head();
    return names(first.size(), cells(first));
  }

  private Dataset<Row> rows(DataFrameReader reader, Dataset<String> lines) {
    return lines == null ? reader.csv(path) : reader.csv(lines);
  }

  private DataFrameReader reader(SparkSession spark) {
    return spark
        .read()
        .option("escape", "\"") // RFC 4180: a quote within quotes is written twice
        .options(options)
        .option("sep", delimiter)
        // Else lines of too many values pass where not all columns are used.
        .option("columnPruning", false)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", Table.malformed("").name());
  }

  private static List<String> cells(Row row) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      cells.add(row.getString(i));
    }
    return cells;
  }

  /**
   * The names of the columns.
   *
   * @param first the cells of the header; null if there is none
   */
  List<String> names(int count, List<String> first) {
    if (!columns.isEmpty()) {
      if (columns.size() != count) {
        throw new DataException(
            "%s has %d columns, but columns names %d: name each of them"
                .formatted(path, count, columns.size()));
      }
      return columns;
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = first == null || first.get(i) == null ? "" : first.get(i);
      String trimmed = (name.startsWith("\uFEFF") ? name.substring(1) : name).trim();
      names.add(trimmed.isEmpty() ? "_c" + i : trimmed);
    }
    checkTwins(
        names, path + ": two columns are named %s and %s: rename one, or name all in columns");
    return names;
  }

  /** Spark does not tell names apart that differ in case alone. */
  private static void checkTwins(List<String> names, String message) {
    Map<String, String> seen = new HashMap<>();
    for (String name : names) {
      String twin = seen.put(name.toLowerCase(Locale.ROOT), name);
      if (twin != null) {
        String text = message.formatted(twin, name);
        throw message.startsWith("columns")
            ? new IllegalArgumentException(text)
            : new DataException(text);
      }
    }
  }

  /** All columns as text, with what {@link Table} is to know of them. */
  StructType schema(List<String> names) {
    boolean lines = !Boolean.parseBoolean(option("multiLine"));
    Metadata metadata =
        new Table.Text(true, header, Files.isResource(path) ? path : "", option("comment"))
            .metadata();
    StructType schema = new StructType();
    for (String name : names) {
      schema =
          schema.add(
              new StructField(
                  name, DataTypes.StringType, true, lines ? metadata : Metadata.empty()));
    }
    String hint =
        delimiter.equals(" ") ? " (where several blanks separate, set delimiter = whitespace)" : "";
    return schema.add(Table.malformed("has more or fewer values than columns" + hint));
  }

  /** An option by its name in any case; empty if it is not there. */
  String option(String name) {
    return options.entrySet().stream()
        .filter(e -> e.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }
}
