package dev.schuss.model;

/** A model that cannot be read, or cannot be a model; the message is one line. */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** An error of one line. */
  public ModelException(String message) {
    super(oneLine(message));
  }

  /** An error of one line, with what lies beneath it. */
  public ModelException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /** A name in a file may hold anything, line ends too. */
  private static String oneLine(String message) {
    return message.replaceAll("[\\p{Cc}\u2028\u2029]+", " ");
  }
}
