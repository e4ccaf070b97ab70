package dev.schuss.spec;

/** A mistake in a job file or an override; the message is one line: where, what and the mend. */
public final class SpecException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** An error of one line. */
  public SpecException(String message) {
    super(oneLine(message));
  }

  /** An error of one line, with what lies beneath it. */
  public SpecException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /** A name in a file may hold anything, line ends too. */
  private static String oneLine(String message) {
    return message.replaceAll("[\\p{Cc}\u2028\u2029]+", " ");
  }
}
