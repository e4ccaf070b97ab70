package dev.schuss.checkpoint;

/** A checkpoint that is missing, damaged or does not fit; the message is one line with its mend. */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** An error of one line. */
  public CheckpointException(String message) {
    this(message, null);
  }

  /** An error of one line, with what lies beneath it. */
  public CheckpointException(String message, Throwable cause) {
    super(message.replaceAll("[\\p{Cc}\u2028\u2029]+", " "), cause);
  }
}
