package dev.schuss.data;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Turns what the mappers reported into one clear error. */
final class Problems {

  private Problems() {}

  /**
   * The number of features per row.
   *
   * @throws DataException if any row is bad, rows differ in width, or there is no row
   */
  static int width(List<Summary> summaries, Table table, Dataset<Row> data) {
    List<MapperNote> notes = new ArrayList<>();
    summaries.forEach(s -> notes.addAll(s.notes()));
    long good = notes.stream().mapToLong(MapperNote::good).sum();
    long bad = notes.stream().mapToLong(MapperNote::bad).sum();
    if (bad > 0) {
      RowProblem first =
          notes.stream().map(MapperNote::first).filter(p -> p != null).findFirst().orElseThrow();
      throw new DataException(
          "%s: %s; %d %s of %d %s bad: mend or remove %s"
              .formatted(
                  where(first, table, data.sparkSession().sparkContext().hadoopConfiguration()),
                  first.what() + headerHint(first, table),
                  bad,
                  bad == 1 ? "row" : "rows",
                  good + bad,
                  bad == 1 ? "is" : "are",
                  bad == 1 ? "it" : "them"));
    }
    if (good == 0) {
      throw new DataException(source(data) + " has no rows: training and evaluation need some");
    }
    int width = -1;
    for (MapperNote note : notes) {
      if (note.width() >= 0 && width >= 0 && note.width() != width) {
        throw new DataException(
            "the feature columns %s hold %d values in some rows and %d in others: all rows need the same number"
                .formatted(String.join(", ", table.featureNames()), width, note.width()));
      }
      width = Math.max(width, note.width());
    }
    if (width == 0) {
      throw new DataException(
          "the feature columns " + String.join(", ", table.featureNames()) + " hold no values");
    }
    return width;
  }

  private static String headerHint(RowProblem problem, Table table) {
    boolean firstLine = problem.place().row() == 1 && problem.place().blockStart() == 0;
    return table.text().lines() && !table.text().header() && firstLine && !problem.value().isEmpty()
        ? " (if this line is a header, set header = true)"
        : "";
  }

  private static String where(RowProblem problem, Table table, Configuration hadoop) {
    String place = new TextLines(hadoop, table.text()).place(problem);
    if (problem.column().isEmpty()) {
      return place;
    }
    return place + ", column " + problem.column();
  }

  private static String source(Dataset<Row> data) {
    String[] files = data.inputFiles();
    return files.length == 0
        ? "the data"
        : Files.display(Files.decoded(files[0]))
            + (files.length > 1 ? " and " + (files.length - 1) + " more files" : "");
  }
}
