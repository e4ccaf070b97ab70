package dev.schuss.data;

import java.io.Serializable;
import java.util.List;

/**
 * Which columns of a table are used, and as what.
 *
 * <p>A feature column holds numbers, text that reads as numbers, true and false, categories,
 * vectors ({@code org.apache.spark.ml.linalg}, dense or sparse), arrays of numbers, or bytes (each
 * an unsigned value 0 to 255). Weights and ids are numbers, or text that reads as numbers; so are
 * labels, but those of a classification may be any text.
 *
 * @param features names in the order of the network's inputs; {@code ["*"]} means every column that
 *     is neither label, weight nor id
 * @param labels one for classification, one or several for regression. A reconstruction has none:
 *     there, the labels that the table has are kept out of {@code "*"}
 * @param categorical those of the features whose values are names, be they numbers or text
 * @param weight column of row weights, finite and 0 or more; null for unit weights
 * @param id column of whole numbers, unique, that {@link ExplicitPlan} names rows by; null for none
 */
public record Columns(
    List<String> features, List<String> labels, List<String> categorical, String weight, String id)
    implements Serializable {

  /** Copies the lists. */
  public Columns {
    features = List.copyOf(features);
    labels = List.copyOf(labels);
    categorical = List.copyOf(categorical);
  }

  /** Without categories. */
  public Columns(List<String> features, List<String> labels, String weight, String id) {
    this(features, labels, List.of(), weight, id);
  }

  /** These labels, and every other column as a feature. */
  public static Columns labelled(String... labels) {
    return new Columns(List.of("*"), List.of(labels), null, null);
  }

  /** The same columns, these of them being categories. */
  public Columns categorical(String... names) {
    return new Columns(features, labels, List.of(names), weight, id);
  }

  /** Whether the features are whatever the table has. */
  public boolean allFeatures() {
    return features.equals(List.of("*"));
  }
}
