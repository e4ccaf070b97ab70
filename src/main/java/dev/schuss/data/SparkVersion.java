package dev.schuss.data;

import dev.schuss.model.Build;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which Sparks this jar runs on: 3.5 and newer ones; 3.5 and 4.1 are tested. */
public final class SparkVersion {
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
  private static final int MAJOR = 3;
  private static final int MINOR = 5;

  private SparkVersion() {}

  /**
   * What is wrong with a Spark, which would fail later and for want of a class or a method.
   *
   * @param version such as {@code 3.5.7}
   * @return the beginning of a line, to which the mend is added; null if nothing is
   */
  public static String refusal(String version) {
    Matcher numbers = VERSION.matcher(version);
    if (!numbers.matches()) {
      return null; // a build of somebody's own
    }
    int major = Integer.parseInt(numbers.group(1));
    int minor = Integer.parseInt(numbers.group(2));
    return major < MAJOR || (major == MAJOR && minor < MINOR)
        ? "this is Spark %s, and Schuss %s runs on Spark 3.5 and 4"
            .formatted(version, Build.version())
        : null;
  }
}
