package dev.schuss.job;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which lines of Spark this jar runs on: 3.5 and newer ones; 3.5 and 4.1 are tested. */
final class SparkLine {
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
  private static final int MAJOR = 3;
  private static final int MINOR = 5;

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
    Matcher numbers = VERSION.matcher(version);
    if (!numbers.matches()) {
      return; // a build of somebody's own
    }
    int major = Integer.parseInt(numbers.group(1));
    int minor = Integer.parseInt(numbers.group(2));
    if (major < MAJOR || (major == MAJOR && minor < MINOR)) {
      throw new JobException(
          ExitCode.SPARK,
          "this is Spark %s, and Schuss %s runs on Spark 3.5 and 4: submit with a newer one (SPARK_HOME), to a cluster of the same version"
              .formatted(version, Version.schuss()));
    }
  }
}
