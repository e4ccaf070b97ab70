package dev.schuss.train;

/** How the sums of partitions are added up. */
public enum Reduction {
  /** What is faster for this model on this cluster. */
  AUTO,
  /**
   * Spark's treeAggregate: executors add up for the driver, in the order in which sums arrive. For
   * large models on many executors.
   */
  TREE,
  /**
   * In the order of a binary tree over the partitions, at the driver (and by executors before it,
   * where it has no room for a sum of each task): the same seed and number of partitions give the
   * same bits on any cluster, with any retries.
   */
  ORDERED;
}
