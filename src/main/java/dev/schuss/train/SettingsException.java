package dev.schuss.train;

/** A setting that cannot be trained with on this data; one line with key, value and mend. */
public final class SettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** An error of one line. */
  public SettingsException(String message) {
    super(message);
  }
}
