package dev.schuss.train;

import dev.schuss.data.Block;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Objective;
import dev.schuss.objective.Work;
import dev.schuss.train.PairwiseSum.Branch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import scala.Tuple2;

/**
 * A task's part of a round: the gradients of the partitions that lie together on its executor, and
 * their sum. Ordered, each partition is summed by itself before it is added to the others, so that
 * the bits do not depend on how partitions lie together; else all are added up in one array.
 */
final class GradientTask extends Jobs.Body<Block, Partial> {
  private static final long serialVersionUID = 1;

  /** The sums of this thread's last task. */
  private static final ThreadLocal<List<GradientSum>> LENT =
      ThreadLocal.withInitial(ArrayList::new);

  private final Sent sent;
  private final boolean ordered;

  GradientTask(Sent sent, boolean ordered) {
    this.sent = sent;
    this.ordered = ordered;
  }

  /** The sums of a task's partitions, as the driver adds them up. */
  @Override
  Partial work(TaskContext task, Iterator<Block> blocks) {
    RoundInput input = sent.input();
    if (input == null) {
      return new Partial();
    }
    List<Branch> branches = branches(blocks, input);
    if (sent.handedOver()) {
      Handover.leave(sent.round(), task.partitionId(), branches);
      return new Partial();
    }
    branches.forEach(branch -> lend(branch.sum()));
    return new Partial(branches);
  }

  /** The sum of a task's partitions, as treeAggregate adds them up. */
  Iterator<GradientSum> sum(Iterator<Block> blocks) {
    GradientSum sum =
        branches(blocks, sent.input()).get(0).sum(); // the only one, where none is kept apart
    lend(sum);
    return List.of(sum).iterator();
  }

  /** The sums of a task's partitions with the number of their group, for an executor to add up. */
  Iterator<Tuple2<Integer, Partial>> ofGroup(Iterator<Block> blocks, int size) {
    List<Branch> branches = branches(blocks, sent.input());
    branches.forEach(branch -> lend(branch.sum()));
    int group = TaskContext.getPartitionId() / size;
    return List.of(new Tuple2<>(group, new Partial(branches))).iterator();
  }

  private List<Branch> branches(Iterator<Block> blocks, RoundInput input) {
    LENT.get().forEach(GradientSum::recycle);
    LENT.get().clear();
    Objective objective = sent.objective();
    PairwiseSum sums = new PairwiseSum();
    GradientSum sum = null;
    long nanos = 0;
    while (blocks.hasNext()) {
      Block block = blocks.next();
      if (sum == null) {
        sum = new GradientSum(input.weights().length);
      }
      long begun = System.nanoTime();
      PartitionWork.addGradient(objective, input.weights(), input.rows(), block, sum);
      nanos += System.nanoTime() - begun;
      if (ordered) {
        sums.add(block.partition(), sum);
        sum = null;
      }
    }
    if (!ordered) {
      sums.add(TaskContext.getPartitionId(), sum);
    }
    sums.branches().get(0).sum().worked(Work.endingNow(nanos));
    return sums.branches();
  }

  /**
   * Spark serializes a task's result on the task's thread, before that takes another task: then the
   * arrays are free again.
   */
  private static void lend(GradientSum sum) {
    LENT.get().add(sum);
  }
}
