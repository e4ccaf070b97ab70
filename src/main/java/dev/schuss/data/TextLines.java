package dev.schuss.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.util.LineReader;

/** Finds the place of a bad row in its file, on the driver, for the error message. */
final class TextLines {
  private final Configuration hadoop;
  private final Table.Text text;

  TextLines(Configuration hadoop, Table.Text text) {
    this.hadoop = hadoop;
    this.text = text;
  }

  /**
   * All lines of a resource of the class path.
   *
   * @throws DataException if there is none of this name, or it cannot be read
   */
  static List<String> ofResource(String path) {
    try (InputStream in = Files.openResource(path);
        BufferedReader lines = buffered(in)) {
      return lines.lines().toList();
    } catch (UncheckedIOException e) {
      throw Files.unreadable(path, e.getCause());
    } catch (IOException e) {
      throw Files.unreadable(path, e);
    }
  }

  static BufferedReader buffered(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /** Where a row lies, and what is wrong with it. */
  String say(RowProblem problem) {
    String column = problem.column().isEmpty() ? "" : ", column " + problem.column();
    return place(problem) + column + ": " + problem.what();
  }

  /** Where a row lies, as exactly as can be said. */
  String place(RowProblem problem) {
    RowProblem.Place place = problem.place();
    boolean resource = place.file().isEmpty();
    if (resource && text.resource().isEmpty()) {
      return "row " + place.row() + " of the data";
    }
    String shown = resource ? text.resource() : Files.display(Files.decoded(place.file()));
    long line = text.lines() ? line(resource, place, problem.value()) : -1;
    if (line > 0) {
      return shown + " line " + line;
    }
    String after = place.blockStart() > 0 ? " after byte " + place.blockStart() : "";
    return shown + " row " + place.row() + after;
  }

  /**
   * The line of a data row, from 1; -1 if the line there is not the one, as when the caller
   * filtered rows. A split owns the lines that start behind its first byte, as Hadoop reads them.
   */
  private long line(boolean resource, RowProblem.Place place, String value) {
    try (InputStream in =
            resource
                ? Files.openResource(text.resource())
                : Files.open(Files.decoded(place.file()), hadoop);
        LineReader reader = new LineReader(in, hadoop)) {
      Text line = new Text();
      long position = 0;
      long rows = 0;
      boolean header = text.header() && place.blockStart() == 0;
      for (long number = 1; ; number++) {
        long start = position;
        int read = reader.readLine(line);
        if (read == 0) {
          return -1;
        }
        position += read;
        boolean owned = place.blockStart() == 0 || start > place.blockStart();
        String content = new String(line.getBytes(), 0, line.getLength(), StandardCharsets.UTF_8);
        if (!owned || content.isBlank() || isComment(content)) {
          continue;
        }
        if (header) {
          header = false;
        } else if (++rows == place.row()) {
          return content.contains(value) ? number : -1;
        }
      }
    } catch (IOException e) {
      return -1; // the row's number will do
    }
  }

  private boolean isComment(String line) {
    return !text.comment().isEmpty() && line.stripLeading().startsWith(text.comment());
  }
}
