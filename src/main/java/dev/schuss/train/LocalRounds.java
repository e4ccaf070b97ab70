package dev.schuss.train;

import dev.schuss.data.Block;
import dev.schuss.data.RoundRows;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Objective;
import java.util.List;

/**
 * Rounds in this process, without Spark: the partitions are worked on in parallel and summed in
 * their order, so that the bits do not depend on the number of threads.
 */
final class LocalRounds implements Rounds {
  private final Objective objective;
  private final List<Partial> partials;
  private final List<Block> validation;
  private final List<Block> test;

  /** A partition, and its share of a round: the arrays are used again in the next round. */
  private record Partial(Block block, GradientSum sum) {}

  LocalRounds(Objective objective, List<Block> train, List<Block> validation, List<Block> test) {
    this.objective = objective;
    int size = objective.layout().size();
    this.partials = train.stream().map(block -> new Partial(block, new GradientSum(size))).toList();
    this.validation = validation;
    this.test = test;
  }

  @Override
  public int[] rowsPerPartition() {
    return partials.stream().mapToInt(p -> p.block.rows()).toArray();
  }

  @Override
  public GradientSum gradient(float[] w, RoundRows rows) {
    partials.stream()
        .parallel()
        .forEach(
            p -> {
              p.sum.clear();
              PartitionWork.addGradient(objective, w, rows, p.block, p.sum);
            });
    List<GradientSum> sums = partials.stream().map(Partial::sum).toList();
    return sums.get(0).mergeAll(sums.subList(1, sums.size()));
  }

  @Override
  public Evaluation validate(float[] w) {
    return evaluate(w, validation);
  }

  @Override
  public Evaluation test(float[] w) {
    return evaluate(w, test);
  }

  private Evaluation evaluate(float[] w, List<Block> blocks) {
    if (blocks == null) {
      return null;
    }
    List<Evaluation> parts =
        blocks.parallelStream()
            .map(
                block ->
                    PartitionWork.addEvaluation(
                        objective, w, block, new Evaluation(objective.counters())))
            .toList();
    Evaluation sum = new Evaluation(objective.counters());
    parts.forEach(sum::merge);
    return sum;
  }

  @Override
  public double broadcastSeconds() {
    return 0;
  }

  @Override
  public void close() {}
}
