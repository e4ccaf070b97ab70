package dev.schuss.job;

import dev.schuss.data.SparkVersion;

/** The line of Spark that a verb finds itself on. */
final class SparkLine {
  private SparkLine() {}

  /** Of the Spark that this process runs in, before any of it starts. */
  static String version() {
    return org.apache.spark.package$.MODULE$.SPARK_VERSION();
  }

  /**
   * Refuses an older Spark, which would fail later and for want of a class or a method.
   *
   * @throws JobException that names the version and the mend
   */
  static void check(String version) {
    String refusal = SparkVersion.refusal(version);
    if (refusal != null) {
      throw new JobException(
          ExitCode.SPARK,
          refusal + ": submit with a newer one (SPARK_HOME), to a cluster of the same version");
    }
  }
}
