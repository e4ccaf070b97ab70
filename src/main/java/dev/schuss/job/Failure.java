package dev.schuss.job;

import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.data.DataException;
import dev.schuss.model.ModelException;
import dev.schuss.spec.SpecException;
import dev.schuss.train.SettingsException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What an exception means to the user.
 *
 * @param exitCode one of {@link ExitCode}
 * @param line what went wrong, without line breaks
 */
record Failure(int exitCode, String line) {

  /**
   * Reads an exception and its causes: the outermost of ours that carries an exit code decides;
   * else anything that passed through Spark or Hadoop is theirs, told by its root cause; what
   * remains is an error in Schuss.
   */
  static Failure of(Throwable thrown) {
    List<Throwable> chain = causes(thrown);
    for (Throwable t : chain) {
      int code = exitCode(t);
      if (code >= 0) {
        return new Failure(code, firstLine(t.getMessage()));
      }
    }
    Throwable root = chain.get(chain.size() - 1);
    if (chain.stream().anyMatch(t -> t instanceof OutOfMemoryError)) {
      return new Failure(
          ExitCode.SPARK,
          "out of memory ("
              + describe(root)
              + "): give the JVM more, with SCHUSS_MEMORY=8g scripts/schuss or spark-submit --driver-memory 8g");
    }
    if (fullDisk(thrown)) {
      return new Failure(
          ExitCode.SPARK,
          "a disk is full (%s): make room where the output lies and in spark.local.dir (/tmp by default)"
              .formatted(describe(root)));
    }
    if (chain.stream().anyMatch(Failure::foreign)) {
      return new Failure(ExitCode.SPARK, "Spark failed: " + describe(root));
    }
    return new Failure(
        ExitCode.INTERNAL,
        "error in Schuss: " + describe(root) + " (--debug shows where; please report it)");
  }

  /** The code of an exception of ours, whose message is ready for the user; -1 for any other. */
  private static int exitCode(Throwable t) {
    if (t instanceof JobException e) {
      return e.exitCode();
    }
    if (t instanceof SpecException || t instanceof SettingsException) {
      return ExitCode.USAGE;
    }
    if (t instanceof ModelException || t instanceof CheckpointException) {
      return ExitCode.CHECKPOINT;
    }
    return t instanceof DataException ? ExitCode.DATA : -1;
  }

  /** The text up to its first line break, without passwords in addresses. */
  static String firstLine(String text) {
    return text == null ? "" : Secrets.hidden(text.strip().lines().findFirst().orElse(""));
  }

  /** The kind of an exception and the first line of what it says. */
  static String describe(Throwable t) {
    String name = t.getClass().getSimpleName();
    return t.getMessage() == null || t.getMessage().isBlank()
        ? name
        : name + ": " + firstLine(t.getMessage());
  }

  /** Whether an exception was brought about by a disk without space. */
  static boolean fullDisk(Throwable thrown) {
    return causes(thrown).stream()
        .anyMatch(t -> String.valueOf(t.getMessage()).contains("No space left on device"));
  }

  private static boolean foreign(Throwable t) {
    StackTraceElement[] trace = t.getStackTrace();
    return foreign(t.getClass().getName())
        || (trace.length > 0 && foreign(trace[0].getClassName()));
  }

  private static boolean foreign(String className) {
    return className.startsWith("org.apache.spark.") || className.startsWith("org.apache.hadoop.");
  }

  private static List<Throwable> causes(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }
}
