package dev.schuss.model;

/** A value that cannot be an input of a network; caught by who knows where the row lies. */
public final class BadValue extends Exception {
  private static final long serialVersionUID = 1;
  private static final int SHOWN = 60;

  private final String column;
  private final String text;
  private final boolean always;

  /**
   * What is wrong with a value. It is no failure of the program, so it has no stack trace.
   *
   * @param column its name; empty if the whole row is meant
   * @param what is wrong, the value included, such as {@code "abc" is not a number}
   * @param text the offending text as it stands in the file; empty if there is none
   */
  public BadValue(String column, String what, String text) {
    this(column, what, text, false);
  }

  private BadValue(String column, String what, String text, boolean always) {
    super(what, null, false, false);
    this.column = column;
    this.text = cut(text);
    this.always = always;
  }

  /**
   * A value that is there and finite but does not belong to these data or to this model, such as a
   * vector of another length: an error under {@link Invalid#SKIP}, too, which is for values that
   * are missing. Left out without a word, such rows would make an empty table, or metrics that are
   * too good.
   */
  public static BadValue foreign(String column, String what) {
    return new BadValue(column, what, "", true);
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

  /** Whether it is an error whatever becomes of missing values. */
  public boolean always() {
    return always;
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
