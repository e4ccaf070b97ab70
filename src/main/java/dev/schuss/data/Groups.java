package dev.schuss.data;

import org.apache.spark.Partitioner;

/**
 * How many partitions lie together in one of Spark's: neighbouring ones, as many as the cluster has
 * tasks to run at once, so that a task adds up what it can before anything is sent. Bounds fall on
 * multiples of a power of two where that costs little balance, because partitions are added up in a
 * binary tree ({@code PairwiseSum} of the rounds) and whole branches travel as one sum.
 */
final class Groups extends Partitioner {
  private static final long serialVersionUID = 1;

  private final int partitions;
  private final int groups;
  private final int unit;

  /**
   * A division.
   *
   * @param partitions at least 1
   * @param slots tasks that run at once, at least 1
   */
  Groups(int partitions, int slots) {
    this.partitions = partitions;
    this.groups = Math.min(partitions, slots);
    this.unit = Math.max(1, Integer.highestOneBit(partitions / groups) / 4);
  }

  /** First partition of a group; of the group after the last, the number of partitions. */
  int first(int group) {
    if (group == groups) {
      return partitions;
    }
    long exact = (long) group * partitions / groups;
    return (int) (Math.floorDiv(exact + unit / 2, (long) unit) * unit);
  }

  @Override
  public int numPartitions() {
    return groups;
  }

  /** The group of a partition. */
  @Override
  public int getPartition(Object partition) {
    int p = (Integer) partition;
    int group = (int) ((long) p * groups / partitions);
    while (first(group + 1) <= p) {
      group++;
    }
    while (first(group) > p) {
      group--;
    }
    return group;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Groups other && partitions == other.partitions && groups == other.groups;
  }

  @Override
  public int hashCode() {
    return 31 * partitions + groups;
  }
}
