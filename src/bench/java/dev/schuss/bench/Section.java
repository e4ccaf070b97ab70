package dev.schuss.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One table of the report; a null cell is one that was not measured. */
final class Section {
  private final String title;
  private final List<String> columns;
  private final List<List<Object>> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  Section(String title, String... columns) {
    this.title = title;
    this.columns = List.of(columns);
  }

  void row(Object... cells) {
    List<Object> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell instanceof Double d && d.isNaN() ? null : cell);
    }
    rows.add(row);
  }

  void note(String text) {
    notes.add(text);
  }

  /** For bench.json. */
  Map<String, Object> json(Map<String, Object> machine) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("title", title);
    json.put("machine", machine);
    json.put("columns", columns);
    json.put("rows", rows);
    json.put("notes", notes);
    return json;
  }

  /** A section of bench.json as Markdown. */
  static String markdown(Map<?, ?> json) {
    StringBuilder text = new StringBuilder("## " + json.get("title") + "\n");
    line(text, (List<?>) json.get("columns"));
    text.append("|---".repeat(((List<?>) json.get("columns")).size())).append("|\n");
    ((List<?>) json.get("rows")).forEach(row -> line(text, (List<?>) row));
    for (Object note : (List<?>) json.get("notes")) {
      text.append("\n").append(note).append("\n");
    }
    List<String> machine = new ArrayList<>();
    ((Map<?, ?>) json.get("machine")).forEach((key, value) -> machine.add(key + ": " + value));
    text.append("\n*").append(String.join(" · ", machine)).append("*\n");
    return text.toString();
  }

  private static void line(StringBuilder text, List<?> cells) {
    cells.forEach(cell -> text.append("| ").append(shown(cell)).append(" "));
    text.append("|\n");
  }

  /** Four digits of a number, for people; the JSON has them all. */
  private static String shown(Object cell) {
    if (cell == null) {
      return "–";
    }
    if (!(cell instanceof Number n) || n.doubleValue() == Math.rint(n.doubleValue())) {
      return cell instanceof Number n ? String.format("%,d", n.longValue()) : cell.toString();
    }
    double x = Math.abs(n.doubleValue());
    return String.format(x >= 100 ? "%,.0f" : x >= 10 ? "%.1f" : "%.2f", n.doubleValue());
  }
}
