package dev.schuss.model;

/** Numbers as text. */
public final class Numbers {

  private Numbers() {}

  /**
   * Reads a number; blanks around it are passed over.
   *
   * @throws NumberFormatException if it is none; NaN and Infinity are read as such
   */
  public static double parse(String text) {
    int n = text.length();
    if (n > 0 && n <= 9) {
      int value = 0;
      int i = 0;
      for (; i < n; i++) {
        int digit = text.charAt(i) - '0';
        if (digit < 0 || digit > 9) {
          break;
        }
        value = value * 10 + digit;
      }
      if (i == n) {
        return value; // most data are small whole numbers, and parseDouble is slow
      }
    }
    // Some programs begin a file with a byte order mark, which Spark leaves to the first value.
    String trimmed = (text.startsWith("\uFEFF") ? text.substring(1) : text).trim();
    char last = trimmed.isEmpty() ? ' ' : trimmed.charAt(trimmed.length() - 1);
    // Java reads 1d and 1f as numbers, which are typing errors in data.
    if (last == 'd' || last == 'D' || last == 'f' || last == 'F') {
      throw new NumberFormatException(text);
    }
    return Double.parseDouble(trimmed);
  }

  /** A number as people write it: whole ones without a point. */
  public static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
