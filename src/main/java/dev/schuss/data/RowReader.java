package dev.schuss.data;

import dev.schuss.model.BadValue;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.InputRow;
import dev.schuss.model.Invalid;
import dev.schuss.model.Numbers;
import dev.schuss.objective.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/**
 * Reads the selected rows of a {@link Table} one by one, into arrays that are used again. One per
 * task.
 */
final class RowReader {
  private static final int LONGEST_LABEL = 1000;

  private final Table table;
  private final Task task;
  private final KnownLabels known;
  private final InputRow input;
  private final double[] labels;
  private final Set<String> texts = new TreeSet<>();
  private RowProblem firstText;
  private float weight = 1;
  private long id;

  /**
   * A reader.
   *
   * @param features the table's, with what is known of them
   * @param classes the only labels that are allowed; null if any is
   */
  RowReader(Table table, List<Feature> features, Task task, ClassLabels classes, Invalid invalid) {
    this.table = table;
    this.task = task;
    this.known = classes == null ? null : new KnownLabels(classes);
    this.input = new InputRow(features, table.maybeSparse(), invalid);
    this.labels = new double[table.labels().size()];
  }

  /** Reads a row. */
  void read(Row row, RowProblem.Place place) throws BadValue {
    if (table.malformed() >= 0 && !row.isNullAt(table.malformedAt())) {
      throw malformed(table, row.getString(table.malformedAt()));
    }
    input.start();
    for (int f = 0; f < table.features().size(); f++) {
      readFeature(table.features().get(f), row, f, input);
    }
    for (int j = 0; j < labels.length; j++) {
      labels[j] = readLabel(table.labels().get(j), row, table.features().size() + j, place);
    }
    if (table.weight() != null) {
      weight = readWeight(table.weight(), row);
    }
    if (table.id() != null) {
      id = readId(table.id(), row);
    }
    input.end();
  }

  /** What is wrong with a row that its source could not read. */
  static BadValue malformed(Table table, String record) {
    return table.malformedAs().isEmpty()
        ? new BadValue("", record, "")
        : new BadValue("", BadValue.quoted(record) + " " + table.malformedAs(), record);
  }

  /** The inputs of the row that was read last. */
  InputRow input() {
    return input;
  }

  /** The row's labels; a class as its {@link LabelCode}, whatever it is called there. */
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

  /** The labels so far that are no numbers, where any are allowed. */
  List<String> texts() {
    return new ArrayList<>(texts);
  }

  /** The first row whose label is no number; null if there is none. */
  RowProblem firstText() {
    return firstText;
  }

  /**
   * Adds a feature to the inputs.
   *
   * @param at its place in the row
   */
  static void readFeature(Table.Field field, Row row, int at, InputRow input) throws BadValue {
    if (row.isNullAt(at)) {
      input.addMissing();
      return;
    }
    switch (field.kind()) {
      case NUMBER -> input.addNumber(((Number) row.get(at)).doubleValue());
      case BOOLEAN -> input.addNumber(row.getBoolean(at) ? 1 : 0);
      case TEXT -> input.addText(row.getString(at));
      case CATEGORY -> input.addCategory(row.get(at));
      case BYTES -> input.addBytes((byte[]) row.get(at));
      case ARRAY -> input.addList(row.getList(at));
      case VECTOR -> {
        Vector vector = (Vector) row.get(at);
        if (vector instanceof DenseVector dense) {
          input.addVector(dense.values());
        } else if (vector instanceof SparseVector sparse) {
          input.addVector(sparse.size(), field.open(), sparse.indices(), sparse.values());
        }
      }
    }
  }

  private double readLabel(Table.Field field, Row row, int at, RowProblem.Place place)
      throws BadValue {
    if (row.isNullAt(at)) {
      throw BadValue.missing(field.name());
    }
    if (task != Task.CLASSIFICATION) {
      return single(number(field, row, at), field.name());
    }
    double label = readClass(field, row, at, place);
    boolean named = known != null && field.kind() != Table.Kind.NUMBER && known.names(label);
    if (!Double.isFinite(label) && !named) {
      throw new BadValue(field.name(), label + " is not a finite number", "");
    }
    return known == null ? label : known.label(label, row.get(at), field.name());
  }

  private double readClass(Table.Field field, Row row, int at, RowProblem.Place place)
      throws BadValue {
    if (field.kind() == Table.Kind.NUMBER) {
      return ((Number) row.get(at)).doubleValue() + 0.0; // -0 is 0
    }
    String text = row.get(at).toString().trim();
    if (text.isEmpty()) {
      throw BadValue.missing(field.name());
    }
    if (text.length() > LONGEST_LABEL) {
      throw new BadValue(
          field.name(),
          BadValue.quoted(text) + " of " + text.length() + " characters is not a class",
          text);
    }
    double code = LabelCode.of(text);
    if (known == null && LabelCode.isText(code) && texts.size() <= Summary.MAX_CLASSES) {
      texts.add(text);
      if (firstText == null) {
        firstText = RowProblem.of(BadValue.noNumber(field.name(), text), place);
      }
    }
    return code;
  }

  private float readWeight(Table.Field field, Row row) throws BadValue {
    int at = table.weightAt();
    if (row.isNullAt(at)) {
      throw BadValue.missing(field.name());
    }
    float w = single(number(field, row, at), field.name());
    if (w < 0) {
      throw new BadValue(
          field.name(), Numbers.plain(w) + " is negative: a weight must be 0 or more", "");
    }
    return w;
  }

  private long readId(Table.Field field, Row row) throws BadValue {
    int at = table.idAt();
    if (row.isNullAt(at)) {
      throw BadValue.missing(field.name());
    }
    Object cell = row.get(at);
    if (cell instanceof Long || cell instanceof Integer) {
      return ((Number) cell).longValue();
    }
    double number = number(field, row, at);
    if (number != Math.rint(number) || Math.abs(number) > 1L << 53) {
      throw new BadValue(field.name(), Numbers.plain(number) + " is not a whole number", "");
    }
    return (long) number;
  }

  private static double number(Table.Field field, Row row, int at) throws BadValue {
    if (field.kind() == Table.Kind.NUMBER) {
      return ((Number) row.get(at)).doubleValue();
    }
    String text = row.getString(at);
    if (text.isBlank()) {
      throw BadValue.missing(field.name());
    }
    try {
      return Numbers.parse(text);
    } catch (NumberFormatException e) {
      throw BadValue.noNumber(field.name(), text);
    }
  }

  private static float single(double x, String name) throws BadValue {
    float single = (float) x;
    if (!Float.isFinite(single)) {
      throw new BadValue(
          name,
          Double.isFinite(x) ? x + " does not fit a 32-bit float" : x + " is not a finite number",
          "");
    }
    return single;
  }
}
