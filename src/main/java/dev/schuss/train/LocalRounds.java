package dev.schuss.train;

import dev.schuss.data.Block;
import dev.schuss.data.RoundRows;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Objective;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rounds in this process, without Spark: the partitions are worked on in parallel and summed in
 * their order, so that the bits do not depend on the number of threads.
 */
final class LocalRounds implements Rounds {
  private final Objective objective;
  private final List<Block> train;
  private final List<Block> validation;
  private final List<Block> test;

  LocalRounds(Objective objective, List<Block> train, List<Block> validation, List<Block> test) {
    this.objective = objective;
    this.train = train;
    this.validation = validation;
    this.test = test;
  }

  @Override
  public int[] rowsPerPartition() {
    return train.stream().mapToInt(Block::rows).toArray();
  }

  @Override
  public GradientSum gradient(float[] w, RoundRows rows) {
    List<GradientSum> parts =
        IntStream.range(0, train.size())
            .parallel()
            .mapToObj(
                p ->
                    PartitionWork.addGradient(
                        objective, w, rows, train.get(p), new GradientSum(w.length)))
            .toList();
    GradientSum sum = new GradientSum(w.length);
    parts.forEach(sum::merge);
    return sum;
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
