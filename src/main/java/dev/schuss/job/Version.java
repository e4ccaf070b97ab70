package dev.schuss.job;

import dev.schuss.model.Build;
import picocli.CommandLine.IVersionProvider;

/** Which Schuss this is, as the build wrote it down. */
final class Version implements IVersionProvider {

  /** The version of Schuss, such as {@code 0.1.0}. */
  static String schuss() {
    return Build.version();
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "Schuss " + schuss(),
      "built for Spark " + Build.spark(),
      "Java " + System.getProperty("java.version") + ", " + System.getProperty("java.vendor")
    };
  }
}
