package dev.schuss.report;

import java.util.ArrayList;
import java.util.List;

/** Cells in columns of a text of fixed width. */
final class TextTable {
  private static final String GAP = "  ";

  private TextTable() {}

  /**
   * A line for each row.
   *
   * @param rows cells, in each row as many
   * @param indent before each line
   * @param texts whether the last column, like the first, holds texts, which stand to the left; the
   *     others are numbers, to the right
   * @return lines without line breaks and without blanks at their ends
   */
  static List<String> aligned(List<List<String>> rows, String indent, boolean texts) {
    int columns = rows.isEmpty() ? 0 : rows.get(0).size();
    int[] width = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        width[c] = Math.max(width[c], row.get(c).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(indent);
      for (int c = 0; c < columns; c++) {
        boolean left = c == 0 || (texts && c == columns - 1);
        String cell = row.get(c);
        String pad = " ".repeat(width[c] - cell.length());
        line.append(c == 0 ? "" : GAP).append(left ? cell + pad : pad + cell);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
