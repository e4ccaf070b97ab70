package dev.schuss.data;

import java.io.Serializable;

/**
 * Which rows make up one round's minibatch, in a form that every partition can read its share of.
 */
public sealed interface RoundRows extends Serializable {

  /** Number of rows in the minibatch, over all partitions. */
  long total();

  /**
   * Rows start[p] to start[p] + count[p] of the permutation of partition p that belongs to (seed,
   * epoch); see {@link Block#permutation}.
   */
  record Slice(long seed, int epoch, int[] start, int[] count) implements RoundRows {
    @Override
    public long total() {
      long total = 0;
      for (int c : count) {
        total += c;
      }
      return total;
    }
  }

  /** The rows with these ids, each in the partition that holds it. */
  record Ids(long[] ids) implements RoundRows {
    @Override
    public long total() {
      return ids.length;
    }
  }
}
