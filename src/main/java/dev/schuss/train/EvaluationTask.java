package dev.schuss.train;

import dev.schuss.data.Block;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.Objective;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;

/**
 * A task's part of an evaluation: one sum for each of its partitions, for the driver to add up in
 * their order.
 */
final class EvaluationTask extends Jobs.Body<Block, Evaluation[]> {
  private static final long serialVersionUID = 1;

  private final Sent sent;

  EvaluationTask(Sent sent) {
    this.sent = sent;
  }

  @Override
  Evaluation[] work(TaskContext task, Iterator<Block> blocks) {
    Objective f = sent.objective();
    float[] w = sent.input().weights();
    List<Evaluation> sums = new ArrayList<>();
    while (blocks.hasNext()) {
      sums.add(PartitionWork.addEvaluation(f, w, blocks.next(), Evaluation.of(f)));
    }
    Evaluation[] result = sums.toArray(new Evaluation[0]);
    if (sent.handedOver()) {
      Handover.leave(sent.round(), task.partitionId(), result);
      return new Evaluation[0];
    }
    return result;
  }
}
