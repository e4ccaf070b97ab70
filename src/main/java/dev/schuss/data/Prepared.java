package dev.schuss.data;

import dev.schuss.model.Preprocessing;

/**
 * Data that is ready for training.
 *
 * @param train the training rows
 * @param validation the rows that were kept for validation; null if none were asked for
 * @param test the rows that were kept for the test; null if none were asked for
 * @param preprocessing what was done to the columns
 */
public record Prepared(Blocks train, Blocks validation, Blocks test, Preprocessing preprocessing)
    implements AutoCloseable {

  /** Frees the memory of the blocks. */
  @Override
  public void close() {
    train.close();
    if (validation != null) {
      validation.close();
    }
    if (test != null) {
      test.close();
    }
  }
}
