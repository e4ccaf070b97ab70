package dev.schuss.data;

import java.io.Serializable;
import java.util.List;

/**
 * Which columns of a table are used, and as what.
 *
 * <p>A feature column holds numbers, text that reads as numbers, vectors ({@code
 * org.apache.spark.ml.linalg}, dense or sparse), arrays of numbers, or bytes (each an unsigned
 * value 0 to 255). Labels, weights and ids are numbers, or text that reads as numbers.
 *
 * @param features names in the order of the network's inputs; {@code ["*"]} means every column that
 *     is neither label, weight nor id
 * @param labels one for classification, one or several for regression. A reconstruction has none:
 *     there, the labels that the table has are kept out of {@code "*"}
 * @param weight column of row weights, finite and 0 or more; null for unit weights
 * @param id column of whole numbers, unique, that {@link ExplicitPlan} names rows by; null for none
 */
public record Columns(List<String> features, List<String> labels, String weight, String id)
    implements Serializable {

  /** Copies the lists. */
  public Columns {
    features = List.copyOf(features);
    labels = List.copyOf(labels);
  }

  /** These labels, and every other column as a feature. */
  public static Columns labelled(String... labels) {
    return new Columns(List.of("*"), List.of(labels), null, null);
  }

  /** Whether the features are whatever the table has. */
  boolean allFeatures() {
    return features.equals(List.of("*"));
  }
}
