package dev.schuss.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which Schuss this is, as the build wrote it down. */
final class Version implements IVersionProvider {

  /** The version of Schuss, such as {@code 0.1.0}. */
  static String schuss() {
    return properties().getProperty("version");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "Schuss " + schuss(),
      "built for Spark " + properties().getProperty("spark"),
      "Java " + System.getProperty("java.version") + ", " + System.getProperty("java.vendor")
    };
  }

  private static Properties properties() {
    Properties read = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/dev/schuss/version.properties")) {
      read.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return read;
  }
}
