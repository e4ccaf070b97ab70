package dev.schuss.data;

/** What becomes of the rows at the end of an epoch that do not fill a batch. */
public enum ShortBatch {
  /** They are the epoch's last batch, which may be a small one with a noisy gradient. */
  KEEP,
  /**
   * The batches of an epoch are made equally large, to within one row; none is larger than asked.
   */
  SPREAD
}
