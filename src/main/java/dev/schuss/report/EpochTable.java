package dev.schuss.report;

import dev.schuss.train.EpochReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One line per epoch under a header: columns that line up, at most 80 characters. */
final class EpochTable {
  private static final int WIDTH = 80;

  /** The part of a line that every table has: epoch, loss, learning rate, rows per second, best. */
  private static final int FIXED = 11 + 10 + 10 + 12 + 6;

  private final int epochs;
  private final int first;
  private List<String> metrics;

  /**
   * @param epochs how many are planned
   */
  EpochTable(int epochs) {
    this.epochs = epochs;
    this.first = Math.max("epoch".length(), 2 * Integer.toString(epochs).length() + 1);
  }

  /** The lines for one more epoch: before the first also the header. */
  List<String> lines(EpochReport report) {
    List<String> lines = new ArrayList<>();
    if (metrics == null) {
      metrics = columns(report.validation());
      lines.add(header());
    }
    lines.add(line(report));
    return lines;
  }

  private String header() {
    StringBuilder line = new StringBuilder(cell("epoch", first)).append(cell("loss", 10));
    metrics.forEach(m -> line.append(cell("val " + m, width(m))));
    return line + cell("lr", 10) + cell("rows/s", 12) + cell("best", 6);
  }

  private String line(EpochReport report) {
    StringBuilder line = new StringBuilder();
    line.append(cell(report.epoch() + 1 + "/" + epochs, first));
    line.append(cell(Numbers.metric("loss", report.trainLoss()), 10));
    Map<String, Double> values = report.validation();
    for (String m : metrics) {
      line.append(cell(values.containsKey(m) ? Numbers.metric(m, values.get(m)) : "-", width(m)));
    }
    line.append(cell(Numbers.compact(report.learningRate()), 10));
    line.append(cell(Numbers.count(report.samplesPerSecond()), 12));
    return report.best() ? line + cell("*", 6) : line.toString();
  }

  /** The loss and the first other metric; all of them stand in metrics.jsonl. */
  private static List<String> columns(Map<String, Double> validation) {
    List<String> columns = new ArrayList<>();
    if (validation.containsKey("loss")) {
      columns.add("loss");
    }
    int left = WIDTH - FIXED - columns.stream().mapToInt(EpochTable::width).sum();
    validation.keySet().stream()
        .filter(m -> !m.equals("loss"))
        .findFirst()
        .filter(m -> width(m) <= left)
        .ifPresent(columns::add);
    return columns;
  }

  private static int width(String metric) {
    return Math.max(11, "val ".length() + metric.length() + 2);
  }

  private static String cell(String text, int width) {
    return String.format(Locale.ROOT, "%" + width + "s", text);
  }
}
