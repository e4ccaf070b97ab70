package dev.schuss.data;

import dev.schuss.model.Invalid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What the mappers reported: turned into one clear error, or counted. */
final class Problems {
  private final Table table;
  private final Configuration hadoop;
  private final String source;
  private final List<MapperNote> notes = new ArrayList<>();

  Problems(List<Summary> summaries, Table table, Dataset<Row> data) {
    this.table = table;
    this.hadoop = data.sparkSession().sparkContext().hadoopConfiguration();
    this.source = source(data);
    summaries.forEach(s -> notes.addAll(s.notes()));
  }

  /**
   * The bad rows that were left out.
   *
   * @throws DataException if they are to be errors, or there are no others
   */
  Skipped skipped(Invalid invalid) {
    long good = notes.stream().mapToLong(MapperNote::good).sum();
    long bad = notes.stream().mapToLong(MapperNote::bad).sum();
    if (good + bad == 0) {
      throw new DataException(source + " has no rows: training and evaluation need some");
    }
    if (bad == 0) {
      return Skipped.NONE;
    }
    List<RowProblem> problems = notes.stream().flatMap(n -> n.problems().stream()).toList();
    if (invalid != Invalid.SKIP || good == 0) {
      RowProblem first = problems.get(0);
      throw new DataException(
          "%s; %d %s of %d %s bad: mend or remove %s"
              .formatted(
                  say(first) + headerHint(first),
                  bad,
                  bad == 1 ? "row" : "rows",
                  good + bad,
                  bad == 1 ? "is" : "are",
                  bad == 1 ? "it" : "them"));
    }
    return new Skipped(bad, problems.stream().limit(MapperNote.EXAMPLES).map(this::say).toList());
  }

  /**
   * The number of inputs of each feature column.
   *
   * @throws DataException if they are not the same in all rows, or none
   */
  int[] widths() {
    MapperNote first = null;
    for (MapperNote note : notes) {
      if (note.good() > 0 && first != null && !Arrays.equals(note.widths(), first.widths())) {
        throw new DataException(
            "the feature columns %s hold %d values in some rows and %d in others: all rows need the same number"
                .formatted(String.join(", ", table.featureNames()), first.width(), note.width()));
      }
      first = first == null && note.good() > 0 ? note : first;
    }
    if (first == null || first.width() == 0) {
      throw new DataException(
          "the feature columns " + String.join(", ", table.featureNames()) + " hold no values");
    }
    return first.widths();
  }

  /** Inputs other than 0 over all rows; those that are written in full do not count. */
  long entries() {
    return notes.stream().mapToLong(MapperNote::entries).sum();
  }

  /** The entries of the row that has most. */
  int mostEntries() {
    return notes.stream().mapToInt(MapperNote::mostEntries).max().orElse(0);
  }

  /** Where a row lies, and what is wrong with it. */
  String say(RowProblem problem) {
    return new TextLines(hadoop, table.text()).say(problem);
  }

  private String headerHint(RowProblem problem) {
    boolean firstLine = problem.place().row() == 1 && problem.place().blockStart() == 0;
    return table.text().lines() && !table.text().header() && firstLine && !problem.value().isEmpty()
        ? " (if this line is a header, set header = true)"
        : "";
  }

  private static String source(Dataset<Row> data) {
    String[] files = data.inputFiles();
    return files.length == 0
        ? "the data"
        : Files.display(Files.decoded(files[0]))
            + (files.length > 1 ? " and " + (files.length - 1) + " more files" : "");
  }
}
