package dev.schuss.job;

/** What the process returns; scripts rely on these numbers. */
final class ExitCode {
  /** Training ended as planned, early stopping included. */
  static final int DONE = 0;

  /** An error in Schuss itself. */
  static final int INTERNAL = 1;

  /** Wrong command line, job file or output folder. */
  static final int USAGE = 2;

  /** The data is missing or cannot be used. */
  static final int DATA = 3;

  /** A loss or gradient became NaN or infinite. */
  static final int DIVERGED = 4;

  /** A model or checkpoint is missing, damaged or does not fit. */
  static final int CHECKPOINT = 5;

  /** Spark, the cluster or a file system failed. */
  static final int SPARK = 6;

  /** Ctrl-C. */
  static final int CANCELLED = 130;

  /** SIGTERM. */
  static final int TERMINATED = 143;

  private ExitCode() {}
}
