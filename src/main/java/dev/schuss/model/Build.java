package dev.schuss.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which Schuss this is, as the build wrote it down. */
public final class Build {
  private Build() {}

  /** The version of Schuss, such as {@code 0.1.0}. */
  public static String version() {
    return properties().getProperty("version");
  }

  /** The version of Spark that it was built for. */
  public static String spark() {
    return properties().getProperty("spark");
  }

  private static Properties properties() {
    Properties read = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("/dev/schuss/version.properties")) {
      read.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return read;
  }
}
