package dev.schuss.ml;

import dev.schuss.model.ClassLabels;
import dev.schuss.model.Numbers;
import dev.schuss.model.Preprocessing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** The classes of spark.ml: labels are their indexes 0, 1, 2 ..., as StringIndexer makes them. */
final class Classes {
  /** More than spark.ml's own classifiers infer from labels. */
  private static final int MOST = 10_000;

  private Classes() {}

  /** The names of the classes from the label column's metadata; empty where it has none. */
  static String[] names(StructField label) {
    if (Attribute.fromStructField(label) instanceof NominalAttribute nominal
        && nominal.values().isDefined()) {
      return ((String[]) nominal.values().get()).clone();
    }
    return new String[0];
  }

  /**
   * Finds the classes for the labels that there are. They have the names of the label column's
   * metadata; a class beyond these has its index in its name.
   *
   * @param label name of the label column
   * @param layers the param, whose last is the number of classes; null if it is not set
   * @param names those of the label column's metadata
   */
  static UnaryOperator<ClassLabels> chosen(String label, int[] layers, String[] names) {
    return found -> {
      if (found.isText()) {
        throw new IllegalArgumentException(
            "column %s holds the label %s: labels must be 0, 1, 2 ..., as StringIndexer makes them"
                .formatted(label, found.name(0)));
      }
      double[] labels = found.numbers();
      for (double value : labels) {
        if (value != Math.rint(value) || value < 0 || value >= MOST) {
          throw new IllegalArgumentException(
              "column %s holds the label %s: labels must be 0, 1, 2 ... up to the number of classes minus 1, which is below %,d"
                  .formatted(label, Numbers.plain(value), MOST));
        }
      }
      int largest = labels.length == 0 ? 0 : (int) labels[labels.length - 1];
      int classes =
          layers != null
              ? layers[layers.length - 1]
              : Math.max(2, Math.max(names.length, largest + 1));
      if (largest >= classes) {
        throw new IllegalArgumentException(
            "layers ends with %d outputs, for the labels 0 to %d, but column %s holds the label %d: set at least %d there"
                .formatted(classes, classes - 1, label, largest, largest + 1));
      }
      return names.length == 0 ? indexes(classes) : indexes(classes).named(all(names, classes));
    };
  }

  private static ClassLabels indexes(int classes) {
    return ClassLabels.of(IntStream.range(0, classes).asDoubleStream().toArray());
  }

  /** A name for each class, made of its index where none is given: one that no other class has. */
  private static List<String> all(String[] given, int classes) {
    List<String> names =
        new ArrayList<>(List.of(given).subList(0, Math.min(given.length, classes)));
    boolean numbers = indexes(given.length).named(List.of(given)).namesAlone();
    for (int i = given.length; i < classes; i++) {
      String name = (numbers ? "class " : "") + i;
      while (names.contains(name)) {
        name = "class " + name;
      }
      names.add(name);
    }
    return names;
  }

  /**
   * Refuses a label that validation rows alone have, as it would be refused of the training rows.
   *
   * @param known the classes of the training rows
   * @param chosen what finds the classes for labels, and refuses some
   */
  static void checkLabels(
      Dataset<Row> rows, String label, ClassLabels known, UnaryOperator<ClassLabels> chosen) {
    Column number = rows.col("`" + label.replace("`", "``") + "`").cast(DataTypes.DoubleType);
    Column other =
        functions
            .abs(number)
            .lt(Double.POSITIVE_INFINITY) // NaN is not, either
            .and(
                number
                    .lt(0)
                    .or(number.geq(known.size()))
                    .or(number.notEqual(functions.rint(number))));
    for (Row row : rows.filter(other).select(number).limit(1).collectAsList()) {
      ClassLabels needed = chosen.apply(ClassLabels.of(row.getDouble(0)));
      throw new IllegalArgumentException(
          "column %s holds the label %s in validation rows, but the labels of the training rows need %d classes, not %d: set layers, which ends with their number"
              .formatted(label, Numbers.plain(row.getDouble(0)), known.size(), needed.size()));
    }
  }

  /** The same preprocessing for rows whose labels are indexes, whatever the classes are called. */
  static Preprocessing byIndex(Preprocessing p) {
    return p.classes() == null
        ? p
        : new Preprocessing(
            p.task(),
            p.inputs(),
            p.labels(),
            p.classes().unnamed(),
            p.invalid(),
            p.shift(),
            p.divisor());
  }
}
