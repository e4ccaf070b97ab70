package dev.schuss.report;

import dev.schuss.nn.ClassTally;
import dev.schuss.objective.Evaluation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** An evaluation for people: the metrics, the classes one by one, and what is taken for what. */
public final class EvaluationText {
  /** Classes whose confusion is shown; a wider table does not fit a screen. */
  private static final int CONFUSION = 20;

  /** Classes that are shown one by one; of more only {@link #CONFUSION}, the worst. */
  private static final int CLASSES = 100;

  private static final int LABEL = 16;

  private EvaluationText() {}

  /**
   * A small table.
   *
   * @param classes the names of the classes; empty where there are none
   * @return lines without line breaks
   */
  public static List<String> lines(Evaluation evaluation, List<String> classes) {
    List<String> lines = new ArrayList<>();
    lines.add(Numbers.count(evaluation.rows(), "row"));
    evaluation
        .figures()
        .forEach((name, value) -> lines.add(text("  %-18s%s", name, Numbers.metric(name, value))));
    if (evaluation.figures().isEmpty()) {
      lines.add("  no metrics: the weights of the rows are all 0");
    }
    if (evaluation.tally() instanceof ClassTally tally) {
      lines.addAll(perClass(tally, classes));
      if (classes.size() <= CONFUSION) {
        lines.addAll(confusion(tally, classes));
      }
    }
    return lines;
  }

  private static List<String> perClass(ClassTally tally, List<String> classes) {
    List<String> lines = new ArrayList<>(List.of(""));
    List<Integer> shown = IntStream.range(0, classes.size()).boxed().toList();
    if (classes.size() > CLASSES) {
      shown =
          shown.stream()
              .filter(c -> tally.rows(c) > 0)
              .sorted(Comparator.comparingDouble(tally::f1))
              .limit(CONFUSION)
              .toList();
      lines.add(
          text("the %d worst of %d classes; --json has them all", shown.size(), classes.size()));
    }
    lines.add(text("%-18s%12s%11s%10s%10s", "class", "rows", "precision", "recall", "f1"));
    for (int c : shown) {
      lines.add(
          text(
              "%-18s%12s%11.4f%10.4f%10.4f",
              brief(classes.get(c)),
              Numbers.count((double) tally.rows(c)),
              tally.precision(c),
              tally.recall(c),
              tally.f1(c)));
    }
    return lines;
  }

  private static List<String> confusion(ClassTally tally, List<String> classes) {
    int n = classes.size();
    String[][] cells = new String[n + 1][n + 1];
    cells[0][0] = "";
    for (int c = 0; c < n; c++) {
      cells[0][c + 1] = brief(classes.get(c));
      cells[c + 1][0] = brief(classes.get(c));
      for (int p = 0; p < n; p++) {
        double weight = tally.confusion(c, p);
        cells[c + 1][p + 1] = text(weight == Math.rint(weight) ? "%.0f" : "%.2f", weight);
      }
    }
    List<String> lines = new ArrayList<>(List.of("", "class (down) as predicted (across)"));
    for (String[] row : cells) {
      StringBuilder line = new StringBuilder(text("%-" + width(cells, 0) + "s", row[0]));
      for (int p = 1; p <= n; p++) {
        line.append(text("%" + (width(cells, p) + 2) + "s", row[p]));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static int width(String[][] cells, int column) {
    int width = 1;
    for (String[] row : cells) {
      width = Math.max(width, row[column].length());
    }
    return width;
  }

  private static String brief(String label) {
    return label.length() <= LABEL ? label : label.substring(0, LABEL - 2) + "..";
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
