package dev.schuss.train;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells a training that somebody ended from one that failed: a notebook's stop cancels the group of
 * Spark jobs that a paragraph has started, and others interrupt the thread.
 */
final class Stopped {
  /**
   * What Spark says of a job that somebody cancelled: by its group, by a tag, alone, or all jobs. A
   * job of a context that was shut down is "cancelled", too; that is no wish of whoever trains.
   */
  private static final Pattern CANCELLED =
      Pattern.compile("Job \\d+ cancelled(?! because SparkContext was shut down)\\b[^\\r\\n]*");

  private static final Pattern SQL_STATE = Pattern.compile("\\s*SQLSTATE: \\w+\\s*$");

  private Stopped() {}

  /** One line on who ended the training; null if nobody did, and it failed. */
  static String why(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
      if (t instanceof InterruptedException) {
        return interrupted();
      }
      Matcher said = CANCELLED.matcher(String.valueOf(t.getMessage()));
      if (said.find()) {
        return "its Spark jobs were cancelled (%s)"
            .formatted(SQL_STATE.matcher(said.group()).replaceFirst("").strip());
      }
    }
    return null;
  }

  static String interrupted() {
    return "its thread was interrupted";
  }
}
