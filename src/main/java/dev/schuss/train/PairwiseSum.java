package dev.schuss.train;

import dev.schuss.objective.GradientSum;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds up the sums of partitions 0 to n - 1 in the order of a binary tree over their numbers: 0 + 1
 * and 2 + 3, then (0 + 1) + (2 + 3), and so on; a branch without a neighbour moves up as it is. Any
 * division of the partitions into neighbouring groups, each added up on its own, gives the same
 * bits, and the rounding error grows with the logarithm of n only.
 */
final class PairwiseSum {
  private final List<Branch> open = new ArrayList<>();

  /**
   * The sum of a whole branch of the tree: of partitions index 2^level to (index + 1) 2^level - 1,
   * as far as there are such.
   */
  record Branch(int level, int index, GradientSum sum) {
    boolean precedes(Branch other) {
      return level == other.level && index + 1 == other.index && (index & 1) == 0;
    }

    Branch parent(GradientSum total) {
      return new Branch(level + 1, index / 2, total);
    }
  }

  /** Adds the next partition; it must follow the last one that was added, if there was one. */
  void add(int partition, GradientSum sum) {
    add(new Branch(0, partition, sum));
  }

  /** Adds the next branch. The sum is used up. */
  void add(Branch next) {
    Branch branch = next;
    while (!open.isEmpty() && last().precedes(branch)) {
      Branch left = open.remove(open.size() - 1);
      branch = left.parent(left.sum().merge(branch.sum()));
    }
    open.add(branch);
  }

  /** What was added so far, in as few branches as the tree allows. */
  List<Branch> branches() {
    return List.copyOf(open);
  }

  /** The sum of all, once the last partition was added. */
  GradientSum total() {
    while (open.size() > 1) {
      Branch alone = open.remove(open.size() - 1);
      add(alone.parent(alone.sum()));
    }
    return open.get(0).sum();
  }

  private Branch last() {
    return open.get(open.size() - 1);
  }
}
