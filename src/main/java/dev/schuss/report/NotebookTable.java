package dev.schuss.report;

import dev.schuss.experiment.Comparison;
import dev.schuss.objective.Evaluation;
import dev.schuss.train.EpochReport;
import dev.schuss.train.TrainingResult;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A table for a notebook.
 *
 * @param rows cells without tabs and line breaks, the header first, as many in each
 * @param notes lines below it
 */
record NotebookTable(List<List<String>> rows, List<String> notes) {
  /** A cell of more characters is cut: a vector of 784 numbers is nothing to read. */
  private static final int LONGEST = 120;

  private static final String NOTHING = "no rows";

  /** The first rows of a DataFrame. */
  static NotebookTable of(Dataset<?> data, int most) {
    List<Row> first = data.toDF().takeAsList(most + 1);
    List<List<String>> rows = new ArrayList<>(List.of(cells(Arrays.asList(data.columns()))));
    first.stream().limit(most).forEach(row -> rows.add(cells(row)));
    return new NotebookTable(
        rows, first.size() > most ? List.of("the first " + Numbers.count(most, "row")) : List.of());
  }

  /** Rows of Spark, maps by their keys, lists, epochs, or single values. */
  static NotebookTable of(List<?> list) {
    if (list.isEmpty()) {
      return new NotebookTable(List.of(List.of(NOTHING)), List.of());
    }
    if (list.stream().allMatch(EpochReport.class::isInstance)) {
      return epochs(list.stream().map(EpochReport.class::cast).toList());
    }
    if (list.stream().allMatch(Map.class::isInstance)) {
      return maps(list.stream().<Map<?, ?>>map(map -> (Map<?, ?>) map).toList());
    }
    List<List<String>> rows = new ArrayList<>();
    for (Object one : list) {
      if (one instanceof Row row) {
        if (rows.isEmpty() && row.schema() != null) {
          rows.add(cells(Arrays.asList(row.schema().fieldNames())));
        }
        rows.add(cells(row));
      } else {
        rows.add(cells(one instanceof List<?> cells ? cells : Arrays.asList(one)));
      }
    }
    boolean named = list.get(0) instanceof Row row && row.schema() != null;
    int columns = rows.stream().mapToInt(List::size).max().orElseThrow();
    if (!named) {
      List<String> header = new ArrayList<>();
      for (int c = 1; c <= columns; c++) {
        header.add(columns == 1 ? "value" : "column " + c);
      }
      rows.add(0, header);
    }
    return new NotebookTable(rows.stream().map(row -> filled(row, columns)).toList(), List.of());
  }

  private static NotebookTable maps(List<Map<?, ?>> maps) {
    Set<Object> keys = new LinkedHashSet<>();
    maps.forEach(map -> keys.addAll(map.keySet()));
    List<List<String>> rows = new ArrayList<>(List.of(cells(new ArrayList<>(keys))));
    for (Map<?, ?> map : maps) {
      rows.add(keys.stream().map(key -> map.containsKey(key) ? cell(map.get(key)) : "").toList());
    }
    return new NotebookTable(rows, List.of());
  }

  private static NotebookTable epochs(List<EpochReport> history) {
    Set<String> metrics = new LinkedHashSet<>();
    history.forEach(epoch -> metrics.addAll(epoch.validation().keySet()));
    List<String> header = new ArrayList<>(List.of("epoch", "step", "loss"));
    metrics.forEach(metric -> header.add("validation " + metric));
    header.addAll(List.of("learning rate", "rows/s", "seconds"));
    List<List<String>> rows = new ArrayList<>(List.of(header));
    for (EpochReport epoch : history) {
      List<String> row = new ArrayList<>();
      row.add(Integer.toString(epoch.epoch() + 1));
      row.add(Long.toString(epoch.step()));
      row.add(number(epoch.trainLoss()));
      metrics.forEach(metric -> row.add(metric(epoch.validation(), metric)));
      row.add(Numbers.compact(epoch.learningRate()));
      row.add(number(Math.rint(epoch.samplesPerSecond())));
      row.add(number(epoch.seconds()));
      rows.add(row);
    }
    return new NotebookTable(rows, List.of());
  }

  /** Values by their names. */
  static NotebookTable of(Map<String, ?> values) {
    List<List<String>> rows = new ArrayList<>(List.of(List.of("name", "value")));
    values.forEach((name, value) -> rows.add(List.of(cell(name), cell(value))));
    return new NotebookTable(rows, List.of());
  }

  /** The metrics of rows. */
  static NotebookTable of(Evaluation evaluation) {
    List<List<String>> rows = new ArrayList<>(List.of(List.of("metric", "value")));
    evaluation.figures().forEach((name, value) -> rows.add(List.of(cell(name), number(value))));
    return new NotebookTable(rows, List.of(Numbers.count(evaluation.rows(), "row")));
  }

  /** The metrics of a training's rows, and how it ended. */
  static NotebookTable of(TrainingResult result) {
    Set<String> metrics = new LinkedHashSet<>();
    List<Map<String, Double>> parts =
        List.of(result.validation(), result.test(), result.train()); // the order of the columns
    parts.forEach(part -> metrics.addAll(part.keySet()));
    List<String> header = new ArrayList<>(List.of("rows"));
    header.addAll(metrics);
    List<List<String>> rows = new ArrayList<>(List.of(header));
    List<String> names = List.of("validation", "test", "training");
    for (int p = parts.size() - 1; p >= 0; p--) {
      if (!parts.get(p).isEmpty()) {
        List<String> row = new ArrayList<>(List.of(names.get(p)));
        Map<String, Double> part = parts.get(p);
        metrics.forEach(metric -> row.add(metric(part, metric)));
        rows.add(row);
      }
    }
    return new NotebookTable(rows, Summary.lines(result, Map.of()));
  }

  /** The settings of a comparison, the best first. */
  static NotebookTable of(Comparison comparison) {
    ComparisonText text = new ComparisonText(comparison.yardstick());
    List<List<String>> rows = new ArrayList<>();
    for (List<String> row : text.rows(comparison)) {
      rows.add(cells(row));
    }
    List<String> notes = new ArrayList<>(List.of(text.words() + ", the best first"));
    notes.addAll(text.notes(comparison));
    return new NotebookTable(rows, notes);
  }

  /** A block of Zeppelin, which draws charts of it, too. */
  String zeppelin() {
    return rows.stream()
            .map(row -> row.stream().map(NotebookTable::guarded).collect(Collectors.joining("\t")))
            .collect(Collectors.joining("\n"))
        + "\n"; // one that is empty ends the table
  }

  /** Lines without line breaks. */
  List<String> lines() {
    List<String> lines = new ArrayList<>(TextTable.aligned(rows, "", false));
    lines.addAll(notes);
    return lines;
  }

  /** A cell that begins with "%html" would be shown as HTML, a row without a cell as no row. */
  private static String guarded(String cell) {
    return cell.isEmpty() || cell.startsWith("%") ? " " + cell : cell;
  }

  private static List<String> cells(Row row) {
    List<Object> values = new ArrayList<>();
    for (int c = 0; c < row.size(); c++) {
      values.add(row.get(c));
    }
    return cells(values);
  }

  private static List<String> cells(List<?> values) {
    return values.stream().map(NotebookTable::cell).toList();
  }

  private static List<String> filled(List<String> row, int columns) {
    List<String> filled = new ArrayList<>(row);
    while (filled.size() < columns) {
      filled.add("");
    }
    return filled;
  }

  private static String cell(Object value) {
    String text = text(value).replaceAll("\\s+", " ").strip();
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 3) + "...";
  }

  private static String text(Object value) {
    if (value instanceof byte[] bytes) {
      return bytes.length + " bytes";
    }
    if (value != null && value.getClass().isArray()) {
      List<String> elements = new ArrayList<>();
      for (int i = 0; i < Math.min(LONGEST, Array.getLength(value)); i++) {
        elements.add(String.valueOf(Array.get(value, i)));
      }
      return elements.toString();
    }
    String text = String.valueOf(value);
    boolean scala = value != null && value.getClass().getName().startsWith("scala.collection.");
    return scala ? text.replaceFirst("^\\w+\\((.*)\\)$", "[$1]") : text; // an array of a row
  }

  private static String metric(Map<String, Double> values, String name) {
    return values.containsKey(name) ? number(values.get(name)) : "";
  }

  /** What a chart can be drawn of: no separators, no per cent. */
  private static String number(double value) {
    return Numbers.plain(value);
  }
}
