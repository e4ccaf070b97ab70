package dev.schuss.train;

import dev.schuss.data.Blocks;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * How the gradients of a training are added up.
 *
 * @param kind what is done
 * @param tasks tasks of a round; each adds up the partitions that lie together on its executor
 * @param depth levels between the tasks and the driver: 1, or more where executors add up, too
 */
public record ReductionPlan(Kind kind, int tasks, int depth) {
  /** What is done with the sums of tasks. */
  public enum Kind {
    /** Each partition by itself, all in the order of a binary tree over them. */
    ORDERED,
    /** A task adds its partitions up in one array, the driver the tasks', in their order. */
    FLAT,
    /** Spark's treeAggregate. */
    TREE
  }

  /**
   * What a tree's shuffle costs, in bytes that the driver could have taken in meanwhile. Measured
   * with 16 tasks in two processes of one machine: at 2.1 MB a sum, a tree and a flat sum took the
   * same time, and the tree spared the driver 8 sums (docs/bench.md).
   */
  private static final long SHUFFLE_BYTES = 17_000_000;

  /** What of spark.driver.maxResultSize a round may take up. */
  private static final double SHARE = 0.9;

  static ReductionPlan of(
      Reduction wish, Integer depth, int parameters, Blocks blocks, JavaSparkContext spark) {
    long limit = spark.getConf().getSizeAsBytes("spark.driver.maxResultSize", "1g");
    return of(
        wish,
        depth,
        parameters,
        blocks.rowsPerPartition().length,
        blocks.rdd().getNumPartitions(),
        spark.isLocal(),
        limit);
  }

  /**
   * The plan for a cluster.
   *
   * @param depth of a tree; null for as few levels as the limit allows
   * @param partitions at least as many as tasks
   * @param oneJvm whether sums reach the driver without being sent
   * @param maxResultSize bytes that a job may return; 0 for no limit
   * @throws SettingsException if the driver may not take in the sums however they are added up
   */
  public static ReductionPlan of(
      Reduction wish,
      Integer depth,
      long parameters,
      int partitions,
      int tasks,
      boolean oneJvm,
      long maxResultSize) {
    long bytes = Float.BYTES * parameters + 1024;
    double limit = maxResultSize == 0 || oneJvm ? Double.POSITIVE_INFINITY : SHARE * maxResultSize;
    boolean flatFits = (double) tasks * bytes <= limit;
    boolean treePays =
        !oneJvm && (tasks - sums(tasks, 2) - scale(tasks, 2)) * bytes > SHUFFLE_BYTES;
    if (wish == Reduction.TREE || (wish == Reduction.AUTO && (treePays || !flatFits))) {
      return new ReductionPlan(Kind.TREE, tasks, depth(depth, tasks, bytes, limit));
    }
    if (!flatFits) {
      return inGroups(tasks, bytes, limit);
    }
    boolean ordered = wish == Reduction.ORDERED || partitions == tasks;
    return new ReductionPlan(ordered ? Kind.ORDERED : Kind.FLAT, tasks, 1);
  }

  /** Ordered, but no room at the driver for a sum of each task. */
  private static ReductionPlan inGroups(int tasks, long bytes, double limit) {
    ReductionPlan plan = new ReductionPlan(Kind.ORDERED, tasks, 2);
    if ((double) plan.arriving() * bytes > limit) {
      throw tooLarge(plan.arriving(), bytes, "set train.reduction to tree, or ");
    }
    return plan;
  }

  private static int depth(Integer wished, int tasks, long bytes, double limit) {
    int from = wished == null ? 2 : wished;
    int to = wished == null ? 8 : wished;
    for (int depth = from; depth <= to; depth++) {
      if ((double) sums(tasks, depth) * bytes <= limit) {
        return depth;
      }
    }
    throw tooLarge(sums(tasks, to), bytes, wished == null ? "" : "raise train.treeDepth, or ");
  }

  private static SettingsException tooLarge(int sums, long bytes, String mend) {
    return new SettingsException(
        "a round returns %d sums of %d MB, more than spark.driver.maxResultSize allows: %sset it to at least %dm"
            .formatted(
                sums,
                bytes >> 20,
                mend,
                (long) Math.ceil(sums * (double) bytes / SHARE / (1 << 20))));
  }

  /** What treeAggregate sends to the driver. */
  private static int sums(int tasks, int depth) {
    int scale = scale(tasks, depth);
    int sums = tasks;
    while (sums > scale + Math.ceil((double) sums / scale)) {
      sums /= scale;
    }
    return sums;
  }

  /** How many sums treeAggregate makes one of. */
  private static int scale(int tasks, int depth) {
    return (int) Math.max(Math.ceil(Math.pow(tasks, 1.0 / depth)), 2);
  }

  /** Sums that the driver takes in. */
  int arriving() {
    if (tree()) {
      return sums(tasks, depth);
    }
    return inGroups() ? (tasks - 1) / groupSize() + 1 : tasks;
  }

  /** Whether executors add up tasks' sums before the driver does. */
  boolean executorsAddUp() {
    return tree() || inGroups();
  }

  /** Whether executors add up the ordered sums of neighbouring tasks before the driver does. */
  boolean inGroups() {
    return ordered() && depth > 1;
  }

  /** Tasks of a group: a power of two, so that a group is a branch of the tree over all. */
  int groupSize() {
    int size = 2;
    while (size * size < tasks) {
      size *= 2;
    }
    return size;
  }

  /** Sums that a task of a tree's inner level makes one of. */
  int mergedByTask() {
    return tree() ? scale(tasks, depth) : inGroups() ? groupSize() : 0;
  }

  boolean tree() {
    return kind == Kind.TREE;
  }

  boolean ordered() {
    return kind == Kind.ORDERED;
  }
}
