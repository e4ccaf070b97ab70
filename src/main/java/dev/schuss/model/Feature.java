package dev.schuss.model;

import java.io.Serializable;
import java.util.List;

/**
 * A feature column and the network inputs that it becomes: one for a number, as many as it has
 * elements for a vector. A category becomes one input per known value, of which one is 1, and a
 * last one for missing and unknown values.
 *
 * @param name of the column
 * @param width number of inputs, at least 1; 0 stands for a vector that was not yet seen
 * @param categories the known values, in the order of their inputs; null unless it is a category
 * @param missingSeen whether the training rows had missing values, so that the last input is
 *     trained; if not, an unknown value leaves all inputs 0
 */
public record Feature(String name, int width, List<String> categories, boolean missingSeen)
    implements Serializable {

  /** Checks that the parts fit together. */
  public Feature {
    if (width < 0) {
      throw new IllegalArgumentException("feature " + name + ": width = " + width);
    }
    if (categories != null) {
      categories = List.copyOf(categories);
      if (width != categories.size() + 1) {
        throw new IllegalArgumentException(
            "feature %s: %d inputs for %d categories, and there is one more for unknown values"
                .formatted(name, width, categories.size()));
      }
    }
  }

  /** A column of numbers. */
  public static Feature number(String name) {
    return vector(name, 1);
  }

  /** A column of vectors, arrays or bytes. */
  public static Feature vector(String name, int width) {
    return new Feature(name, width, null, false);
  }

  /** A column of categories. */
  public static Feature category(String name, List<String> values, boolean missingSeen) {
    return new Feature(name, values.size() + 1, values, missingSeen);
  }

  /** Whether it is a column of categories. */
  public boolean isCategory() {
    return categories != null;
  }
}
