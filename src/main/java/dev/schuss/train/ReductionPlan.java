package dev.schuss.train;

/**
 * How sums are added up in a training.
 *
 * @param tree by treeAggregate; else at the driver
 * @param ordered whether every partition is summed by itself, in the fixed order
 * @param depth of the tree
 */
record ReductionPlan(boolean tree, boolean ordered, int depth) {}
