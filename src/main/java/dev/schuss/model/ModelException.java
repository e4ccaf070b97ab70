package dev.schuss.model;

/** A model that cannot be read, or cannot be a model; the message is one line. */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean mendSaid;

  /** An error of one line, which says nothing of a mend. */
  public ModelException(String message) {
    this(message, null);
  }

  /** An error of one line, with what lies beneath it. */
  public ModelException(String message, Throwable cause) {
    this(message, cause, false);
  }

  private ModelException(String message, Throwable cause, boolean mendSaid) {
    super(oneLine(message), cause);
    this.mendSaid = mendSaid;
  }

  /** An error of one line that says how to mend it. */
  static ModelException mendable(String message, Throwable cause) {
    return new ModelException(message, cause, true);
  }

  /** The same of a file; where no mend is said, it is that of a damaged one. */
  ModelException ofFile() {
    return mendSaid
        ? this
        : mendable(getMessage() + "; copy the model again, or train again", this);
  }

  /** A name in a file may hold anything, line ends too. */
  private static String oneLine(String message) {
    return message.replaceAll("[\\p{Cc}\u2028\u2029]+", " ");
  }
}
