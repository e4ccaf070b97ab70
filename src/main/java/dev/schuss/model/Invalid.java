package dev.schuss.model;

/** What becomes of rows with missing values, or with numbers that are not finite. */
public enum Invalid {
  /** They are an error, which names the first of them. */
  ERROR,
  /** They are left out and counted; so are rows that cannot be read at all. */
  SKIP,
  /**
   * They are used: such a feature is 0 after scaling, which is the column's mean where the scale is
   * standard. A row without a label or weight is an error all the same.
   */
  KEEP
}
