package dev.schuss.ml;

import dev.schuss.model.ClassLabels;
import dev.schuss.model.Numbers;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NominalAttribute;
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
   * metadata; a class beyond these has its index for a name.
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
      ClassLabels indexes = ClassLabels.of(IntStream.range(0, classes).asDoubleStream().toArray());
      return names.length == 0
          ? indexes
          : indexes.named(
              IntStream.range(0, classes)
                  .mapToObj(i -> i < names.length ? names[i] : String.valueOf(i))
                  .toList());
    };
  }
}
