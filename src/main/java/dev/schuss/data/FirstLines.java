package dev.schuss.data;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * How the files of a CSV source begin: what tells an empty one, and files of other columns than the
 * first, which would be read as if they had its columns.
 */
final class FirstLines {
  /**
   * Files whose headers are compared before any job runs. Spark's reader compares those of all
   * others, but cannot say which file differs from which.
   */
  static final int COMPARED = 50;

  private final Csv csv;
  private final Configuration hadoop;

  FirstLines(Csv csv, Configuration hadoop) {
    this.csv = csv;
    this.hadoop = hadoop;
  }

  /**
   * The first line of the first file with rows.
   *
   * @throws DataException if there are no rows, or a header is not that of the file before it
   */
  String ofFirst() {
    boolean compares = csv.header() && csv.columns().isEmpty();
    List<String> most = List.of();
    String first = null; // the file of the header that others are compared with
    String header = null;
    int seen = 0;
    for (FileStatus file : Files.list(csv.path(), hadoop)) {
      if (most.size() == 2 && (!compares || seen == COMPARED)) {
        break;
      }
      seen++;
      List<String> two = of(file);
      most = two.size() > most.size() ? two : most;
      if (compares && !two.isEmpty()) {
        String name = Files.display(file.getPath());
        if (header == null) {
          first = name;
          header = two.get(0);
        } else if (!cells(two.get(0)).equals(cells(header))) {
          throw new DataException(
              "%s has the header %s, but %s has %s: files of one source need the same columns in the same order"
                  .formatted(name, shown(two.get(0)), first, shown(header)));
        }
      }
    }
    return ofRows(most);
  }

  /**
   * The first of the lines that a file begins with.
   *
   * @throws DataException if there are no rows
   */
  String ofRows(List<String> lines) {
    if (lines.isEmpty()) {
      throw new DataException(csv.path() + " is empty: name a file with rows");
    }
    if (csv.header() && lines.size() == 1) {
      throw new DataException(
          csv.path() + " has a header and no rows: name a file with rows, or set header = false");
    }
    return lines.get(0);
  }

  /** Up to two lines that are neither blank nor comments. */
  private List<String> of(FileStatus file) {
    String comment = csv.option("comment");
    try (InputStream in = Files.open(file.getPath(), hadoop);
        BufferedReader lines = TextLines.buffered(in)) {
      return lines
          .lines()
          .filter(line -> !line.isBlank())
          .filter(line -> comment.isEmpty() || !line.startsWith(comment))
          .limit(2)
          .toList();
    } catch (EOFException e) {
      return List.of(); // an empty compressed file
    } catch (UncheckedIOException e) {
      throw unreadable(file, e.getCause());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static DataException unreadable(FileStatus file, IOException e) {
    String name = Files.display(file.getPath());
    String mend =
        String.valueOf(e.getMessage()).contains("Permission denied")
            ? "; ask for the right to read it, or name other data"
            : "; it is damaged or of another format: write or fetch it again";
    return new DataException(Files.unreadable(name, e).getMessage() + mend, e);
  }

  /** The names of a header as far as they matter: without quotes, blanks around them, and case. */
  private List<String> cells(String line) {
    String plain = line.replace("\uFEFF", "").replace("\"", "").toLowerCase(Locale.ROOT).strip();
    List<String> cells = new ArrayList<>();
    String separator =
        csv.delimiter().equals(Csv.WHITESPACE) ? "\\s+" : Pattern.quote(csv.delimiter());
    Arrays.stream(plain.split(separator, -1)).map(String::strip).forEach(cells::add);
    return cells;
  }

  private static String shown(String line) {
    String plain = line.replace("\uFEFF", "").replaceAll("\\p{C}", " ");
    return plain.length() > 100 ? plain.substring(0, 100) + "..." : plain;
  }
}
