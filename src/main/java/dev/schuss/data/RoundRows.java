package dev.schuss.data;

import dev.schuss.math.Mix;
import java.io.Serializable;

/**
 * Which rows make up one round's minibatch, in a form that every partition can read its share of.
 */
public sealed interface RoundRows extends Serializable {

  /** Number of rows in the minibatch, over all partitions. */
  long total();

  /**
   * A number that names the round: a hash of the seed and the place of the minibatch, the same
   * wherever and however often it is worked on.
   */
  long moment();

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

    @Override
    public long moment() {
      long before = 0;
      for (int s : start) {
        before += s;
      }
      return Mix.of(seed, epoch, before);
    }
  }

  /** The rows with these ids, each in the partition that holds it. */
  record Ids(long[] ids) implements RoundRows {
    @Override
    public long total() {
      return ids.length;
    }

    @Override
    public long moment() {
      return Mix.of(ids);
    }
  }
}
