package dev.schuss.job;

import dev.schuss.job.Sources.From;
import dev.schuss.job.Sources.FromTable;
import java.util.Arrays;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** Where a verb runs its Spark. */
final class SparkStart {
  private static final int PATIENCE_MILLIS = 10_000;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Where Spark runs, e.g. local[4] or spark://host:7077. Default: Spark's settings, else local[*]."
              + " On a cluster scripts/schuss takes --deploy-mode client or cluster as well.")
  String master;

  /**
   * What a verb does on a session.
   *
   * @param <T> what comes of it
   */
  interface Body<T> {
    T on(SparkSession spark, Cancellation cancellation);
  }

  /**
   * Starts Spark, does something on it and stops it.
   *
   * @param name what Spark calls the application, after {@code schuss}
   * @param done what a signal cuts short, as in "cancelled before the training was done"
   * @param sources what will be read: where a table of the catalog is among them, Spark takes
   *     Hive's catalog if it can
   * @throws JobException if it does not start, or was cancelled
   */
  <T> T run(String name, String done, Body<T> body, From... sources) {
    SparkSession spark = open(name, sources);
    Cancellation cancellation = Cancellation.install();
    try {
      return body.on(spark, cancellation);
    } catch (Exception e) { // Scala throws checked ones that are not declared
      if (cancellation.requested()) {
        // Spark's own shutdown fails what was under way; that is no news.
        throw new JobException(ExitCode.CANCELLED, "cancelled before " + done, e);
      }
      throw e;
    } finally {
      cancellation.close();
      spark.stop();
    }
  }

  private SparkSession open(String name, From... sources) {
    SparkLine.check(SparkLine.version());
    SparkConf conf = new SparkConf();
    if (master != null) {
      conf.setMaster(master);
    } else {
      conf.setIfMissing("spark.master", "local[*]");
    }
    StandaloneMaster.knock(conf.get("spark.master"), PATIENCE_MILLIS);
    SparkSettings.fill(conf);
    if (Arrays.stream(sources).anyMatch(FromTable.class::isInstance)) {
      SparkSettings.hive(conf, SparkStart.class.getClassLoader());
    }
    try {
      return SparkSession.builder().config(conf).appName("schuss " + name).getOrCreate();
    } catch (Exception e) { // Scala throws checked ones that are not declared
      throw new JobException(
          ExitCode.SPARK,
          "Spark does not start on %s (%s): is the master's address right, and does it run?"
              .formatted(conf.get("spark.master"), Failure.firstLine(e.getMessage())),
          e);
    }
  }
}
