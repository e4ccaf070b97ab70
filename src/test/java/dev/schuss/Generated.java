package dev.schuss;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Tables of the documentation that tests make. Each stands between two comments, {@code <!-- NAME:
 * generated -->} and {@code <!-- NAME: end -->}; a test run with {@code -Dschuss.docs=write} writes
 * it, any other one compares.
 */
public final class Generated {
  private Generated() {}

  /** Whether tests are to write their tables. */
  public static boolean writing() {
    return "write".equals(System.getProperty("schuss.docs"));
  }

  /** The lines of a table. */
  public static List<String> read(Path page, String name) {
    List<String> lines = lines(page);
    return lines.subList(start(lines, page, name), end(lines, page, name));
  }

  /** Replaces the lines of a table. */
  public static void write(Path page, String name, List<String> table) {
    List<String> lines = lines(page);
    List<String> place = lines.subList(start(lines, page, name), end(lines, page, name));
    place.clear();
    place.addAll(table);
    try {
      Files.write(page, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path page) {
    try {
      return Files.readAllLines(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int start(List<String> lines, Path page, String name) {
    return find(lines, page, "<!-- " + name + ": generated -->") + 1;
  }

  private static int end(List<String> lines, Path page, String name) {
    return find(lines, page, "<!-- " + name + ": end -->");
  }

  private static int find(List<String> lines, Path page, String comment) {
    int i = lines.indexOf(comment);
    if (i < 0) {
      throw new IllegalStateException(page + ": has no line " + comment);
    }
    return i;
  }
}
