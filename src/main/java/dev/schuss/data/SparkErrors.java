package dev.schuss.data;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.sql.AnalysisException;

/** Finds what is wrong with the data behind the exceptions of Spark's failed jobs. */
public final class SparkErrors {
  private static final Pattern FILE =
      Pattern.compile("(?:reading file|footer for file:?|read file) '?\"?([^\\s'\",;]+)");
  private static final Pattern ERROR_CLASS = Pattern.compile("^\\[[A-Z0-9_.]+] ?");
  private static final Pattern SQL_STATE = Pattern.compile(" SQLSTATE: \\w{5}.*$");

  private static final Pattern HEADER =
      Pattern.compile("CSV header does not conform.*\\R Header: (.*)\\R Schema: (.*)\\R");
  private static final Pattern LENGTH =
      Pattern.compile("Header length: (\\d+), schema size: (\\d+)");

  private SparkErrors() {}

  /**
   * What the action returns.
   *
   * @throws DataException where an exception of the action was caused by the data
   */
  static <T> T unwrapped(Supplier<T> action) {
    return unwrapped("the data", action);
  }

  /**
   * What the action returns.
   *
   * @param source what is read, for messages
   * @throws DataException where an exception of the action was caused by the data
   */
  public static <T> T unwrapped(String source, Supplier<T> action) {
    try {
      return action.get();
    } catch (Exception e) { // Scala throws checked ones that are not declared
      DataException data = dataException(source, e);
      if (data != null) {
        throw data;
      }
      throw e;
    }
  }

  private static DataException dataException(String source, Exception e) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = e; t != null && !chain.contains(t); t = t.getCause()) {
      if (t instanceof DataException data) {
        return data; // a source's own error, without the failed job around it
      }
      chain.add(t);
    }
    Throwable root = chain.get(chain.size() - 1);
    String file = file(chain);
    String what = file == null ? source : file;
    for (Throwable t : chain) {
      if (t instanceof AccessControlException
          || t instanceof AccessDeniedException
          || (t instanceof FileNotFoundException && said(t).contains("Permission denied"))) {
        return new DataException(
            "no permission to read %s (%s): ask for it, or name other data"
                .formatted(what, said(root)),
            e);
      }
      if (t instanceof AnalysisException) {
        return new DataException(source + ": " + said(t), e);
      }
    }
    String header = otherHeader(chain);
    if (header != null) {
      return new DataException(
          what + header + ": files of one source need the same columns in the same order", e);
    }
    boolean compressed = root instanceof ZipException || root instanceof EOFException;
    if (file != null || compressed) {
      return new DataException(
          "%s cannot be read: %s; it is damaged or of another format: write or fetch it again"
              .formatted(what, said(root)),
          e);
    }
    return null;
  }

  /** The file that Spark was reading; null if no exception of the chain names one. */
  private static String file(List<Throwable> chain) {
    for (Throwable t : chain) {
      Matcher named = FILE.matcher(String.valueOf(t.getMessage()));
      if (named.find()) {
        String uri = named.group(1).replaceAll("[.:]+$", "");
        return Files.display(Files.decoded(uri));
      }
    }
    return null;
  }

  /** How the header of a CSV file differs from that of the first; null if no exception says so. */
  private static String otherHeader(List<Throwable> chain) {
    for (Throwable t : chain) {
      String message = String.valueOf(t.getMessage());
      Matcher names = HEADER.matcher(message);
      if (names.find()) {
        return " has the header %s, but the first file has %s"
            .formatted(names.group(1), names.group(2));
      }
      Matcher length = LENGTH.matcher(message);
      if (length.find()) {
        return " has a header of %s columns, but the first file has one of %s"
            .formatted(length.group(1), length.group(2));
      }
    }
    return null;
  }

  /** The first line of a message, without Spark's codes. */
  private static String said(Throwable t) {
    if (t.getMessage() == null || t.getMessage().isBlank()) {
      return t.getClass().getSimpleName();
    }
    String first = t.getMessage().strip().lines().findFirst().orElseThrow();
    String plain = SQL_STATE.matcher(ERROR_CLASS.matcher(first).replaceFirst("")).replaceFirst("");
    return plain.replaceAll("[.;:]+$", "");
  }
}
