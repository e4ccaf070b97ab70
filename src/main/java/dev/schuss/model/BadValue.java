package dev.schuss.model;

/** A value that cannot be an input of a network; caught by who knows where the row lies. */
public final class BadValue extends Exception {
  private static final long serialVersionUID = 1;
  private static final int SHOWN = 60;

  private final String column;
  private final String text;

  /**
   * What is wrong with a value. It is no failure of the program, so it has no stack trace.
   *
   * @param column its name; empty if the whole row is meant
   * @param what is wrong, the value included, such as {@code "abc" is not a number}
   * @param text the offending text as it stands in the file; empty if there is none
   */
  public BadValue(String column, String what, String text) {
    super(what, null, false, false);
    this.column = column;
    this.text = cut(text);
  }

  /** A value that is not there. */
  public static BadValue missing(String column) {
    return new BadValue(column, "missing value", "");
  }

  /** Text where a number is wanted. */
  public static BadValue noNumber(String column, String text) {
    return new BadValue(column, quoted(text) + " is not a number", text);
  }

  /** Name of the column; empty if the whole row is meant. */
  public String column() {
    return column;
  }

  /** The offending text, shortened; empty if there is none. */
  public String text() {
    return text;
  }

  /** A text as messages show it: in quotes, on one line, shortened. */
  public static String quoted(String text) {
    return '"' + cut(text).replaceAll("\\p{C}", " ") + (text.length() > SHOWN ? "...\"" : "\"");
  }

  private static String cut(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN);
  }
}
