package dev.schuss.data;

import dev.schuss.math.EditDistance;
import dev.schuss.objective.Task;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * {@link Columns} as found in a table. The selected row holds the features, the labels, the weight
 * and the id if there are any, the malformed record if the source keeps it, the file and the first
 * byte of the file's split.
 */
record Table(
    List<Field> features,
    List<Field> labels,
    Field weight,
    Field id,
    int malformed,
    String malformedAs,
    Text text)
    implements Serializable {

  /** How a column's values are read. */
  enum Kind {
    NUMBER,
    BOOLEAN,
    TEXT,
    CATEGORY,
    VECTOR,
    ARRAY,
    BYTES
  }

  /**
   * A column.
   *
   * @param index its place in the table
   * @param open whether its vectors are only as long as their last element, so that a longer one
   *     has zeros
   */
  record Field(String name, Kind kind, int index, boolean open) implements Serializable {}

  /**
   * What is known of the text file behind a table; it travels in the metadata of the columns.
   *
   * @param lines whether a record is a line
   * @param header whether each file starts with a line of names
   * @param resource where the lines come from if not from files; empty otherwise
   * @param comment what lines begin with that are no rows; empty if none do
   */
  record Text(boolean lines, boolean header, String resource, String comment)
      implements Serializable {
    static final String HEADER = "schuss.header";
    static final String RESOURCE = "schuss.resource";
    static final String COMMENT = "schuss.comment";

    /** Marks the column of what could not be read; its value is what is said of it. */
    static final String MALFORMED = "schuss.malformed";

    static final String OPEN = "schuss.open";

    static final Text NONE = new Text(false, false, "", "");

    Metadata metadata() {
      return new MetadataBuilder()
          .putBoolean(HEADER, header)
          .putString(RESOURCE, resource)
          .putString(COMMENT, comment)
          .build();
    }
  }

  private static final int LISTED = 20;

  /**
   * The column of what could not be read; null in all other rows.
   *
   * @param what is said of it; empty if the value says it itself
   */
  static StructField malformed(String what) {
    Metadata metadata = new MetadataBuilder().putString(Text.MALFORMED, what).build();
    return new StructField("_malformed", DataTypes.StringType, true, metadata);
  }

  /**
   * Finds the columns.
   *
   * @throws DataException if one is missing or of a type that cannot be used
   */
  static Table of(StructType schema, Columns columns, Task task) {
    StructField[] fields = schema.fields();
    List<String> names = new ArrayList<>();
    int malformed = -1;
    String malformedAs = "";
    for (int i = 0; i < fields.length; i++) {
      if (fields[i].metadata().contains(Text.MALFORMED)) {
        malformed = i;
        malformedAs = fields[i].metadata().getString(Text.MALFORMED);
      } else {
        names.add(fields[i].name());
      }
    }
    List<String> special =
        Stream.concat(
                columns.labels().stream(),
                Stream.of(columns.weight(), columns.id()).filter(n -> n != null))
            .toList();
    List<Field> labels = new ArrayList<>();
    if (task != Task.RECONSTRUCTION) {
      checkLabels(columns.labels(), task);
      for (String label : columns.labels()) {
        labels.add(scalar(fields, names, label, "label", task == Task.CLASSIFICATION));
      }
    }
    Field weight =
        columns.weight() == null ? null : scalar(fields, names, columns.weight(), "weight", false);
    Field id = columns.id() == null ? null : scalar(fields, names, columns.id(), "id", false);
    List<String> featureNames =
        columns.allFeatures()
            ? names.stream().filter(n -> !special.contains(n)).toList()
            : columns.features();
    if (featureNames.isEmpty()) {
      throw new DataException(
          "no feature columns: the table has only " + list(names) + "; name some under features");
    }
    List<Field> features = new ArrayList<>();
    for (String name : featureNames) {
      if (special.contains(name)) {
        throw new DataException(
            "column " + name + " is a feature and also label, weight or id: name it only once");
      }
      features.add(
          columns.categorical().contains(name)
              ? category(fields, names, name)
              : field(fields, names, name, "feature"));
    }
    for (String name : columns.categorical()) {
      if (!featureNames.contains(name)) {
        throw new DataException(
            "categorical column %s is no feature%s; the features are %s"
                .formatted(name, didYouMean(name, featureNames), list(featureNames)));
      }
    }
    return new Table(features, labels, weight, id, malformed, malformedAs, text(fields));
  }

  private static void checkLabels(List<String> labels, Task task) {
    if (labels.isEmpty()) {
      throw new DataException(
          "no label column: " + task.name().toLowerCase(java.util.Locale.ROOT) + " needs one");
    }
    if (task == Task.CLASSIFICATION && labels.size() > 1) {
      throw new DataException(
          "classification takes one label column, not "
              + labels.size()
              + " ("
              + String.join(", ", labels)
              + ")");
    }
  }

  private static Text text(StructField[] fields) {
    for (StructField field : fields) {
      if (field.metadata().contains(Text.HEADER)) {
        return new Text(
            true,
            field.metadata().getBoolean(Text.HEADER),
            field.metadata().getString(Text.RESOURCE),
            field.metadata().getString(Text.COMMENT));
      }
    }
    return Text.NONE;
  }

  private static Field scalar(
      StructField[] fields, List<String> names, String name, String role, boolean bool) {
    Field field = field(fields, names, name, role);
    boolean fits =
        field.kind() == Kind.NUMBER
            || field.kind() == Kind.TEXT
            || (bool && field.kind() == Kind.BOOLEAN);
    if (!fits) {
      throw new DataException(
          "%s column %s is of type %s: it must hold one number per row"
              .formatted(role, name, fields[field.index()].dataType().catalogString()));
    }
    return field;
  }

  private static Field category(StructField[] fields, List<String> names, String name) {
    int found = find(fields, names, name, "categorical");
    DataType type = fields[found].dataType();
    if (type instanceof ArrayType
        || type instanceof BinaryType
        || type instanceof StructType
        || type instanceof MapType
        || type.equals(SQLDataTypes.VectorType())) {
      throw new DataException(
          "categorical column %s is of type %s: it must hold one value per row"
              .formatted(name, type.catalogString()));
    }
    return new Field(name, Kind.CATEGORY, found, false);
  }

  private static Field field(StructField[] fields, List<String> names, String name, String role) {
    int found = find(fields, names, name, role);
    DataType type = fields[found].dataType();
    Kind kind = kind(type);
    if (kind == null) {
      throw new DataException(
          "%s column %s is of type %s: it must hold numbers, text, vectors, arrays or bytes; derive a number from it, or name other columns"
              .formatted(role, name, type.catalogString()));
    }
    return new Field(name, kind, found, fields[found].metadata().contains(Text.OPEN));
  }

  private static int find(StructField[] fields, List<String> names, String name, String role) {
    int found = -1;
    for (int i = 0; i < fields.length; i++) {
      if (fields[i].name().equals(name)) {
        if (found >= 0) {
          throw new DataException("two columns are named " + name + ": rename one");
        }
        found = i;
      }
    }
    if (found < 0) {
      throw new DataException(
          "no %s column %s%s; the columns are %s"
              .formatted(role, name, didYouMean(name, names), list(names)));
    }
    return found;
  }

  private static String didYouMean(String name, List<String> names) {
    return EditDistance.nearest(name, names).map(n -> " (did you mean " + n + "?)").orElse("");
  }

  private static Kind kind(DataType type) {
    if (type instanceof NumericType) {
      return Kind.NUMBER;
    }
    if (type instanceof BooleanType) {
      return Kind.BOOLEAN;
    }
    if (type instanceof StringType) {
      return Kind.TEXT;
    }
    if (type.equals(SQLDataTypes.VectorType())) {
      return Kind.VECTOR;
    }
    if (type instanceof ArrayType array && array.elementType() instanceof NumericType) {
      return Kind.ARRAY;
    }
    return type instanceof BinaryType ? Kind.BYTES : null;
  }

  private static String list(List<String> names) {
    String shown = names.stream().limit(LISTED).collect(Collectors.joining(", "));
    return names.size() <= LISTED ? shown : shown + " ... (" + names.size() + ")";
  }

  /** Whether rows may be sparse: they have vectors, or categories, each of many zeros and a one. */
  boolean maybeSparse() {
    return features.stream().anyMatch(f -> f.kind() == Kind.VECTOR || f.kind() == Kind.CATEGORY);
  }

  /** Names of the feature columns. */
  List<String> featureNames() {
    return features.stream().map(Field::name).toList();
  }

  /** Names of the label columns. */
  List<String> labelNames() {
    return labels.stream().map(Field::name).toList();
  }

  /** Place of the weight in the selected row. */
  int weightAt() {
    return features.size() + labels.size();
  }

  /** Place of the id in the selected row. */
  int idAt() {
    return weightAt() + (weight == null ? 0 : 1);
  }

  /** Place of the malformed record in the selected row. */
  int malformedAt() {
    return idAt() + (id == null ? 0 : 1);
  }

  /** Place of the file's name in the selected row; the split's first byte follows it. */
  int fileAt() {
    return malformedAt() + (malformed < 0 ? 0 : 1);
  }

  /** The used columns alone, by place, whatever their names. */
  Dataset<Row> select(Dataset<Row> data) {
    int n = data.schema().size();
    String[] places = new String[n];
    Arrays.setAll(places, i -> "c" + i);
    Dataset<Row> renamed = data.toDF(places);
    List<Column> columns = new ArrayList<>();
    Stream.concat(features.stream(), labels.stream())
        .forEach(f -> columns.add(renamed.col(places[f.index()])));
    if (weight != null) {
      columns.add(renamed.col(places[weight.index()]));
    }
    if (id != null) {
      columns.add(renamed.col(places[id.index()]));
    }
    if (malformed >= 0) {
      columns.add(renamed.col(places[malformed]));
    }
    try {
      return select(renamed, columns, functions.input_file_name(), fileStart());
    } catch (Exception e) {
      // Spark refuses both functions above a join or union, with a checked exception that
      // Dataset.select does not declare. Rows are then not traced to their files.
      return select(renamed, columns, functions.lit(""), functions.lit(0L));
    }
  }

  private static Column fileStart() {
    return functions.expr("input_file_block_start()");
  }

  private static Dataset<Row> select(
      Dataset<Row> data, List<Column> columns, Column file, Column start) {
    List<Column> all = new ArrayList<>(columns);
    all.add(file);
    all.add(start);
    return data.select(all.toArray(Column[]::new));
  }
}
