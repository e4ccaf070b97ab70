package dev.schuss.job;

import dev.schuss.data.Skipped;
import java.io.PrintStream;
import java.util.Map;

/** Tells of bad rows that were left out; passwords in what the rows hold are hidden. */
final class LeftOut {
  private LeftOut() {}

  /**
   * Prints how many there were and what was wrong with the first; nothing where there were none.
   */
  static void tell(Skipped skipped, PrintStream out) {
    if (skipped.rows() > 0) {
      out.printf("%,d bad rows left out: %s%n", skipped.rows(), Secrets.hidden(skipped.first()));
    }
  }

  /** The keys {@code skippedRows} and, where there were some, {@code skippedExamples}. */
  static void put(Skipped skipped, Map<String, Object> json) {
    json.put("skippedRows", skipped.rows());
    if (skipped.rows() > 0) {
      json.put("skippedExamples", Secrets.hidden(skipped.examples()));
    }
  }
}
