package dev.schuss.data;

/**
 * Data that cannot be used as it is. The message is one line that says what is wrong, where, with
 * which value, and the mend.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** An error about data, in one line. */
  public DataException(String message) {
    super(message);
  }

  /** An error about data, in one line, with what brought it to light. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
