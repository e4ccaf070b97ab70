package dev.schuss.train;

import dev.schuss.data.Block;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A task's part of the losses at many points: for each of its partitions the sum of the rows'
 * weights, then the sum of their losses at each point, for the driver to add up in the order of
 * partitions.
 */
final class PointsTask extends Jobs.Body<Block, double[]> {
  private static final long serialVersionUID = 1;

  private final Objective objective;
  private final Broadcast<WeightPoints> points;
  private final int[] rows;

  /** A task that evaluates the first so many rows of each partition. */
  PointsTask(Objective objective, Broadcast<WeightPoints> points, int[] rows) {
    this.objective = objective;
    this.points = points;
    this.rows = rows;
  }

  @Override
  double[] work(TaskContext task, Iterator<Block> blocks) {
    WeightPoints all = points.value();
    float[] w = new float[all.size()];
    List<double[]> sums = new ArrayList<>();
    while (blocks.hasNext()) {
      Block block = blocks.next();
      int first = rows[block.partition()];
      double[] sum = new double[1 + all.count()];
      for (int p = 0; p < all.count() && first > 0; p++) {
        if (task.isInterrupted()) {
          throw new IllegalStateException("the task was cancelled");
        }
        all.at(p, w);
        Evaluation evaluation =
            PartitionWork.addEvaluation(objective, w, block, first, Evaluation.of(objective));
        sum[0] = evaluation.weightSum();
        sum[1 + p] = evaluation.lossSum();
      }
      sums.add(sum);
    }
    return sums.stream().flatMapToDouble(Arrays::stream).toArray();
  }
}
