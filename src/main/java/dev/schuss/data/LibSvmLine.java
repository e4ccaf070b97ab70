package dev.schuss.data;

import dev.schuss.model.BadValue;
import dev.schuss.model.Numbers;
import java.util.Arrays;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Reads lines of LIBSVM's format into rows of label, features and what is wrong. */
final class LibSvmLine {
  private final Integer length;
  private int[] indices = new int[64];
  private double[] values = new double[64];

  /**
   * A reader, for one thread.
   *
   * @param length of the vectors; null for the last index of each line
   */
  LibSvmLine(Integer length) {
    this.length = length;
  }

  /** Whether there is more than blanks and a comment. */
  static boolean holdsRow(String line) {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c > ' ') {
        return c != '#';
      }
    }
    return false;
  }

  Row read(String text) {
    int comment = text.indexOf('#');
    String line = comment < 0 ? text : text.substring(0, comment);
    int end = line.length();
    int at = skipBlanks(line, 0);
    int labelEnd = skipWord(line, at);
    String label = line.substring(at, labelEnd);
    if (label.indexOf(':') >= 0) {
      return bad(BadValue.quoted(label) + " is not a label: a line begins with one");
    }
    int n = 0;
    int last = 0;
    for (at = skipBlanks(line, labelEnd); at < end; at = skipBlanks(line, at)) {
      int wordEnd = skipWord(line, at);
      int colon = line.indexOf(':', at);
      int index = colon < 0 || colon >= wordEnd ? -1 : index(line, at, colon);
      String word = line.substring(at, wordEnd);
      if (index < 0) {
        return bad(BadValue.quoted(word) + " is not index:value, with a whole number as index");
      }
      if (index == 0) {
        return bad(BadValue.quoted(word) + " has the index 0, but indices start at 1");
      }
      if (index <= last) {
        return bad(
            BadValue.quoted(word) + " comes after index " + last + ", but indices must ascend");
      }
      if (length != null && index > length) {
        return bad(BadValue.quoted(word) + " is beyond features = " + length);
      }
      if (n == indices.length) {
        indices = Arrays.copyOf(indices, 2 * n);
        values = Arrays.copyOf(values, 2 * n);
      }
      try {
        values[n] = Numbers.parse(line.substring(colon + 1, wordEnd));
      } catch (NumberFormatException e) {
        return bad(BadValue.quoted(word) + " has no number as value");
      }
      indices[n++] = index - 1;
      last = index;
      at = wordEnd;
    }
    int size = length == null ? last : length;
    return RowFactory.create(
        label, Vectors.sparse(size, Arrays.copyOf(indices, n), Arrays.copyOf(values, n)), null);
  }

  private static Row bad(String reason) {
    return RowFactory.create(null, null, reason);
  }

  /** A whole number of up to 9 digits; -1 if it is none. */
  private static int index(String line, int from, int to) {
    if (to == from || to - from > 9) {
      return -1;
    }
    int index = 0;
    for (int i = from; i < to; i++) {
      int digit = line.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      index = 10 * index + digit;
    }
    return index;
  }

  private static int skipBlanks(String line, int from) {
    int at = from;
    while (at < line.length() && line.charAt(at) <= ' ') {
      at++;
    }
    return at;
  }

  private static int skipWord(String line, int from) {
    int at = from;
    while (at < line.length() && line.charAt(at) > ' ') {
      at++;
    }
    return at;
  }
}
