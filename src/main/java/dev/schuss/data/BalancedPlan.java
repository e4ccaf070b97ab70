package dev.schuss.data;

import dev.schuss.math.Mix;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Exactly B rows a round, without replacement, every row once per epoch (the last round of an epoch
 * may be smaller, or all are made equally large: {@link ShortBatch}). Each partition gives its
 * proportional share of the rows it has left, to within one row: the quota is floor(b left[p] /
 * total), and what is missing goes to the largest remainders, ties by a salted hash of p.
 *
 * <p>A pure function of (rows per partition, batch size, seed, epoch, round). Rounds that are asked
 * for in order cost O(P log P); one out of order is reached from the epoch's first. Thread-safe.
 */
public final class BalancedPlan implements MinibatchPlan {
  private final int[] sizes;
  private final long total;
  private final long batchSize;
  private final long seed;
  private final ShortBatch shortBatch;

  // The state before round nextRound of cursorEpoch, and the round before it.
  private int cursorEpoch = -1;
  private long nextRound;
  private long left;
  private int[] start;
  private RoundRows.Slice last;

  /**
   * A plan over these partitions that keeps a short last batch.
   *
   * @param rowsPerPartition rows in each partition, 0 allowed
   * @param batchSize rows per round, at least 1
   * @param seed of the permutations and of the ties
   * @throws IllegalArgumentException if the batch is larger than the data
   */
  public BalancedPlan(int[] rowsPerPartition, long batchSize, long seed) {
    this(rowsPerPartition, batchSize, ShortBatch.KEEP, seed);
  }

  /**
   * A plan over these partitions.
   *
   * @param rowsPerPartition rows in each partition, 0 allowed
   * @param batchSize rows per round, at least 1
   * @param shortBatch what becomes of rows that do not fill a batch
   * @param seed of the permutations and of the ties
   * @throws IllegalArgumentException if the batch is larger than the data
   */
  public BalancedPlan(int[] rowsPerPartition, long batchSize, ShortBatch shortBatch, long seed) {
    this.sizes = rowsPerPartition.clone();
    this.total = Arrays.stream(sizes).asLongStream().sum();
    this.batchSize = batchSize;
    this.shortBatch = shortBatch;
    this.seed = seed;
    if (Arrays.stream(sizes).anyMatch(n -> n < 0)) {
      throw new IllegalArgumentException("negative rows per partition: " + Arrays.toString(sizes));
    }
    if (batchSize < 1) {
      throw new IllegalArgumentException("batch size " + batchSize + ": must be at least 1");
    }
    if (batchSize > total) {
      throw new IllegalArgumentException(
          "batch size %d is larger than the %d training rows: set batchSize to at most %d"
              .formatted(batchSize, total, total));
    }
  }

  @Override
  public long rounds(int epoch) {
    return (total + batchSize - 1) / batchSize;
  }

  @Override
  public long batchSize() {
    return batchSize;
  }

  @Override
  public synchronized RoundRows.Slice rows(int epoch, long round) {
    if (epoch < 0 || round < 0 || round >= rounds(epoch)) {
      throw new IllegalArgumentException(
          "no round %d in epoch %d of %d rounds".formatted(round, epoch, rounds(epoch)));
    }
    if (last != null && epoch == cursorEpoch && round == nextRound - 1) {
      return last;
    }
    if (epoch != cursorEpoch || round < nextRound) {
      cursorEpoch = epoch;
      nextRound = 0;
      left = total;
      start = new int[sizes.length];
    }
    while (nextRound <= round) {
      advance();
    }
    return last;
  }

  /** Rows of the next round. */
  private long batch() {
    long roundsLeft = rounds(cursorEpoch) - nextRound;
    return shortBatch == ShortBatch.SPREAD
        ? (left + roundsLeft - 1) / roundsLeft
        : Math.min(batchSize, left);
  }

  private void advance() {
    long b = batch();
    int[] count = new int[sizes.length];
    long[] remainder = new long[sizes.length];
    long given = 0;
    for (int p = 0; p < sizes.length; p++) {
      count[p] = divide(b, sizes[p] - start[p], left, remainder, p);
      given += count[p];
    }
    int missing = (int) (b - given); // fewer than there are partitions with a remainder
    if (missing > 0) {
      long salt = Mix.of(seed, cursorEpoch, nextRound);
      IntStream.range(0, sizes.length)
          .filter(p -> remainder[p] > 0)
          .boxed()
          .sorted(
              Comparator.<Integer>comparingLong(p -> -remainder[p])
                  .thenComparingLong(p -> Mix.mix(salt ^ p)))
          .limit(missing)
          .forEach(p -> count[p]++);
    }
    last = new RoundRows.Slice(seed, cursorEpoch, start, count);
    int[] next = start.clone();
    for (int p = 0; p < sizes.length; p++) {
      next[p] += count[p];
    }
    start = next;
    left -= b;
    nextRound++;
  }

  /** floor(b x / total), the remainder beside it; exact where b x passes 2^63. */
  private static int divide(long b, int x, long total, long[] remainder, int p) {
    if (Math.multiplyHigh(b, x) == 0 && b * x >= 0) {
      remainder[p] = b * x % total;
      return (int) (b * x / total);
    }
    BigInteger[] parts =
        BigInteger.valueOf(b)
            .multiply(BigInteger.valueOf(x))
            .divideAndRemainder(BigInteger.valueOf(total));
    remainder[p] = parts[1].longValueExact();
    return parts[0].intValueExact();
  }
}
