package dev.schuss.data;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The distinct labels of a classification. */
final class Classes {

  private Classes() {}

  /**
   * Rows of each label, over all blocks.
   *
   * @throws DataException if there is only one class, or the labels look like a regression target
   */
  static SortedMap<Double, Long> of(Iterable<Summary> summaries, String column) {
    TreeMap<Double, Long> counts = new TreeMap<>();
    boolean truncated = false;
    for (Summary summary : summaries) {
      truncated |= summary.truncated();
      for (int i = 0; i < summary.labels().length; i++) {
        counts.merge(summary.labels()[i], summary.counts()[i], Long::sum);
      }
    }
    long rows = 0;
    long fractional = 0;
    double example = 0;
    for (Map.Entry<Double, Long> entry : counts.entrySet()) {
      rows += entry.getValue();
      if (entry.getKey() != Math.rint(entry.getKey())) {
        fractional += entry.getValue();
        example = entry.getKey();
      }
    }
    if (truncated || counts.size() > Summary.MAX_CLASSES) {
      throw new DataException(
          "label column %s has more than %d different values: looks like a regression target: set task = regression"
              .formatted(column, Summary.MAX_CLASSES));
    }
    if (counts.size() == 1) {
      throw new DataException(
          "label column %s: all %d rows have the label %s; a classification needs at least two classes"
              .formatted(column, rows, Numbers.plain(counts.firstKey())));
    }
    if (2 * fractional > rows) {
      throw new DataException(
          "label column %s: most labels are not whole numbers, such as %s: looks like a regression target: set task = regression"
              .formatted(column, Numbers.plain(example)));
    }
    return counts;
  }
}
