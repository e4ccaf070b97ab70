package dev.schuss.job;

import java.io.Serial;

/** A failure whose message is ready for the user: one line that says what, where and the mend. */
final class JobException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final int exitCode;

  JobException(int exitCode, String message) {
    this(exitCode, message, null);
  }

  JobException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** One of {@link ExitCode}. */
  int exitCode() {
    return exitCode;
  }
}
