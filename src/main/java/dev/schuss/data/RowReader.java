package dev.schuss.data;

import dev.schuss.objective.Task;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/**
 * Reads the selected rows of a {@link Table} one by one, into arrays that are used again. One per
 * task.
 */
final class RowReader {
  private static final int SHOWN = 60;

  /** What is wrong with a row; caught in the task that read it, so it needs no stack trace. */
  static final class BadRow extends Exception {
    private static final long serialVersionUID = 1;
    private final String column;
    private final String text;

    private BadRow(String column, String what, String text) {
      super(what, null, false, false);
      this.column = column;
      this.text = text;
    }

    RowProblem at(RowProblem.Place place) {
      return new RowProblem(column, getMessage(), text, place);
    }
  }

  private final Table table;
  private final Task task;
  private final double[] classes;
  private final double[] labels;
  private final int[] widths; // per feature column, from the first good row
  private final int[] rowWidths;
  private float[] features;
  private int width = -1;
  private float weight = 1;
  private long id;

  /**
   * A reader.
   *
   * @param classes the only labels that are allowed; null if any is
   */
  RowReader(Table table, Task task, double[] classes) {
    this.table = table;
    this.task = task;
    this.classes = classes;
    this.labels = new double[table.labels().size()];
    this.widths = new int[table.features().size()];
    this.rowWidths = new int[table.features().size()];
    this.features = new float[table.features().size()];
  }

  /** Reads a row. */
  void read(Row row) throws BadRow {
    if (table.malformed() >= 0 && !row.isNullAt(table.malformedAt())) {
      String record = row.getString(table.malformedAt());
      throw new BadRow("", quoted(record) + " has more or fewer values than columns", cut(record));
    }
    int at = 0;
    for (int f = 0; f < widths.length; f++) {
      int from = at;
      at = readFeature(table.features().get(f), row, f, from);
      rowWidths[f] = at - from;
      if (width >= 0 && rowWidths[f] != widths[f]) {
        throw new BadRow(
            table.features().get(f).name(),
            "%d values, but %d in the rows before".formatted(rowWidths[f], widths[f]),
            "");
      }
    }
    for (int j = 0; j < labels.length; j++) {
      labels[j] = readLabel(table.labels().get(j), row, widths.length + j);
    }
    if (table.weight() != null) {
      weight = readWeight(table.weight(), row);
    }
    if (table.id() != null) {
      id = readId(table.id(), row);
    }
    if (width < 0) {
      width = at;
      System.arraycopy(rowWidths, 0, widths, 0, widths.length);
    }
  }

  /** Features per row; -1 before the first good row. */
  int width() {
    return width;
  }

  /** The row's features, at least {@link #width} floats. */
  float[] features() {
    return features;
  }

  /** The row's labels. */
  double[] labels() {
    return labels;
  }

  /** The row's weight; 1 without a weight column. */
  float weight() {
    return weight;
  }

  /** The row's id; 0 without an id column. */
  long id() {
    return id;
  }

  private int readFeature(Table.Field field, Row row, int f, int at) throws BadRow {
    if (row.isNullAt(f)) {
      throw missing(field.name());
    }
    switch (field.kind()) {
      case NUMBER, TEXT -> {
        reserve(at + 1);
        features[at] = single(number(field, row, f), field.name(), -1);
        return at + 1;
      }
      case BYTES -> {
        byte[] bytes = (byte[]) row.get(f);
        reserve(at + bytes.length);
        for (int j = 0; j < bytes.length; j++) {
          features[at + j] = bytes[j] & 0xFF;
        }
        return at + bytes.length;
      }
      case ARRAY -> {
        List<?> values = row.getList(f);
        reserve(at + values.size());
        for (int j = 0; j < values.size(); j++) {
          if (values.get(j) == null) {
            throw missing(field.name() + "[" + j + "]");
          }
          features[at + j] = single(((Number) values.get(j)).doubleValue(), field.name(), j);
        }
        return at + values.size();
      }
      case VECTOR -> {
        Vector vector = (Vector) row.get(f);
        readVector(field.name(), vector, at);
        return at + vector.size();
      }
    }
    throw new IllegalStateException("no reader for " + field);
  }

  private void readVector(String name, Vector vector, int at) throws BadRow {
    reserve(at + vector.size());
    if (vector instanceof DenseVector dense) {
      double[] values = dense.values();
      for (int j = 0; j < values.length; j++) {
        features[at + j] = single(values[j], name, j);
      }
    } else if (vector instanceof SparseVector sparse) {
      Arrays.fill(features, at, at + sparse.size(), 0f);
      int[] indices = sparse.indices();
      double[] values = sparse.values();
      for (int k = 0; k < indices.length; k++) {
        features[at + indices[k]] = single(values[k], name, indices[k]);
      }
    }
  }

  private double readLabel(Table.Field field, Row row, int at) throws BadRow {
    if (row.isNullAt(at)) {
      throw missing(field.name());
    }
    double label;
    try {
      label = number(field, row, at);
    } catch (BadRow e) {
      if (task == Task.CLASSIFICATION) {
        throw new BadRow(
            e.column, e.getMessage() + ": number the classes, such as 0, 1, 2", e.text);
      }
      throw e;
    }
    if (task != Task.CLASSIFICATION) {
      return single(label, field.name(), -1);
    }
    if (!Double.isFinite(label)) {
      throw new BadRow(field.name(), label + " is not a finite number", "");
    }
    if (classes != null && Arrays.binarySearch(classes, label + 0.0) < 0) {
      throw new BadRow(
          field.name(),
          "%s is not one of the classes of the training data (%s)"
              .formatted(Numbers.plain(label), list(classes)),
          "");
    }
    return label + 0.0; // -0 is 0
  }

  private float readWeight(Table.Field field, Row row) throws BadRow {
    int at = table.weightAt();
    if (row.isNullAt(at)) {
      throw missing(field.name());
    }
    float w = single(number(field, row, at), field.name(), -1);
    if (w < 0) {
      throw new BadRow(
          field.name(), Numbers.plain(w) + " is negative: a weight must be 0 or more", "");
    }
    return w;
  }

  private long readId(Table.Field field, Row row) throws BadRow {
    int at = table.idAt();
    if (row.isNullAt(at)) {
      throw missing(field.name());
    }
    Object cell = row.get(at);
    if (cell instanceof Long || cell instanceof Integer) {
      return ((Number) cell).longValue();
    }
    double number = number(field, row, at);
    if (number != Math.rint(number) || Math.abs(number) > 1L << 53) {
      throw new BadRow(field.name(), Numbers.plain(number) + " is not a whole number", "");
    }
    return (long) number;
  }

  private static double number(Table.Field field, Row row, int at) throws BadRow {
    if (field.kind() == Table.Kind.NUMBER) {
      return ((Number) row.get(at)).doubleValue();
    }
    String text = row.getString(at);
    if (text.isBlank()) {
      throw missing(field.name());
    }
    try {
      return Numbers.parse(text);
    } catch (NumberFormatException e) {
      throw new BadRow(field.name(), quoted(text) + " is not a number", cut(text));
    }
  }

  private static float single(double x, String name, int j) throws BadRow {
    float single = (float) x;
    if (!Float.isFinite(single)) {
      throw new BadRow(
          j < 0 ? name : name + "[" + j + "]",
          Double.isFinite(x) ? x + " does not fit a 32-bit float" : x + " is not a finite number",
          "");
    }
    return single;
  }

  private static BadRow missing(String name) {
    return new BadRow(name, "missing value", "");
  }

  private void reserve(int n) {
    if (n > features.length) {
      features = Arrays.copyOf(features, Math.max(n, 2 * features.length));
    }
  }

  private static String cut(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN);
  }

  private static String quoted(String text) {
    return '"' + cut(text).replaceAll("\\p{Cntrl}", " ") + (text.length() > SHOWN ? "...\"" : "\"");
  }

  static String list(double[] classes) {
    String shown =
        Arrays.stream(classes).limit(20).mapToObj(Numbers::plain).collect(Collectors.joining(", "));
    return classes.length <= 20 ? shown : shown + " ... " + classes.length + " in all";
  }
}
