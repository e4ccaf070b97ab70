package dev.schuss.data;

import java.util.function.Supplier;

/** Finds what went wrong with the data behind the exceptions of Spark's failed jobs. */
final class SparkErrors {
  private SparkErrors() {}

  /**
   * What the action returns.
   *
   * @throws DataException where an exception of the action was caused by the data
   */
  static <T> T unwrapped(Supplier<T> action) {
    try {
      return action.get();
    } catch (Exception e) { // Scala throws checked ones that are not declared
      DataException data = dataException(e);
      if (data != null) {
        throw data;
      }
      throw e;
    }
  }

  /** A source's own error, without the failed job around it; null if there is none. */
  private static DataException dataException(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof DataException data) {
        return data;
      }
    }
    return null;
  }
}
