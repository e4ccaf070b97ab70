package dev.schuss.data;

import dev.schuss.model.ClassLabels;
import dev.schuss.model.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The distinct labels of a classification.
 *
 * @param labels the classes
 * @param codes what they are in raw blocks, ascending, and which class each is
 * @param counts rows of each code
 */
record Classes(ClassLabels labels, LabelCode codes, long[] counts) {

  /**
   * The classes over all blocks.
   *
   * @param place where a row lies, for messages
   * @param chosen the classes to have, given those that the rows have; null for the latter
   * @throws DataException if there is only one class, some labels are numbers and some are not, or
   *     they look like a regression target
   */
  static Classes of(
      Iterable<Summary> summaries,
      String column,
      Function<RowProblem, String> place,
      UnaryOperator<ClassLabels> chosen) {
    TreeMap<Double, Long> counts = new TreeMap<>();
    SortedSet<String> texts = new TreeSet<>();
    List<RowProblem> firstTexts = new ArrayList<>();
    boolean truncated = false;
    for (Summary summary : summaries) {
      truncated |= summary.truncated();
      for (int i = 0; i < summary.labels().length; i++) {
        counts.merge(summary.labels()[i], summary.counts()[i], Long::sum);
      }
      for (MapperNote note : summary.notes()) {
        texts.addAll(note.texts());
        if (note.firstText() != null) {
          firstTexts.add(note.firstText());
        }
      }
    }
    if (truncated || counts.size() > Summary.MAX_CLASSES) {
      throw new DataException(
          "label column %s has more than %d different values: looks like a regression target: set task = regression"
              .formatted(column, Summary.MAX_CLASSES));
    }
    texts.removeIf(text -> !counts.containsKey(LabelCode.ofText(text))); // of rows left out
    double[] numbers =
        counts.keySet().stream().mapToDouble(c -> c).filter(c -> !LabelCode.isText(c)).toArray();
    if (!texts.isEmpty() && numbers.length > 0) {
      throw new DataException(
          "%s, as other labels are, such as %s: mend it, or if all labels are names give them a letter, as with derive { %s = \"concat('c', %s)\" }"
              .formatted(
                  place.apply(firstTexts.get(0)), Numbers.plain(numbers[0]), column, column));
    }
    if (counts.size() != texts.size() + numbers.length) {
      throw new DataException(
          "label column %s: two of the labels have one hash: rename one".formatted(column));
    }
    ClassLabels labels =
        texts.isEmpty() ? ClassLabels.of(numbers) : ClassLabels.of(List.copyOf(texts));
    if (chosen == null) {
      check(counts, labels, column);
    } else {
      labels = chosen.apply(labels);
    }
    LabelCode codes = LabelCode.of(labels);
    long[] rows = Arrays.stream(codes.codes()).mapToLong(c -> counts.getOrDefault(c, 0L)).toArray();
    return new Classes(labels, codes, rows);
  }

  private static void check(Map<Double, Long> counts, ClassLabels labels, String column) {
    long rows = counts.values().stream().mapToLong(n -> n).sum();
    if (labels.size() == 1) {
      throw new DataException(
          "label column %s: all %d rows have the label %s; a classification needs at least two classes"
              .formatted(column, rows, labels.name(0)));
    }
    long fractional = 0;
    double example = 0;
    for (Map.Entry<Double, Long> entry : counts.entrySet()) {
      if (entry.getKey() != Math.rint(entry.getKey())) {
        fractional += entry.getValue();
        example = entry.getKey();
      }
    }
    if (2 * fractional > rows) {
      throw new DataException(
          "label column %s: most labels are not whole numbers, such as %s: looks like a regression target: set task = regression"
              .formatted(column, Numbers.plain(example)));
    }
  }

  /** Rows of each class. */
  long[] rowsOfClasses() {
    long[] rows = new long[counts.length];
    for (int i = 0; i < counts.length; i++) {
      rows[codes.index()[i]] = counts[i];
    }
    return rows;
  }
}
