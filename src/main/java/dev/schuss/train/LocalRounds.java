package dev.schuss.train;

import dev.schuss.data.Block;
import dev.schuss.data.RoundRows;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Objective;
import dev.schuss.objective.Work;
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

  private float[] w;
  private RoundRows rows;
  private RoundTime time = RoundTime.NONE;

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
  public int idleCores() {
    return 0;
  }

  @Override
  public ReductionPlan reduction() {
    return new ReductionPlan(ReductionPlan.Kind.ORDERED, train.size(), 1);
  }

  @Override
  public void start(float[] weights, RoundRows minibatch, String description) {
    w = weights;
    rows = minibatch;
  }

  @Override
  public GradientSum finish(String next) {
    long start = System.nanoTime();
    List<GradientSum> parts =
        IntStream.range(0, train.size()).parallel().mapToObj(p -> gradient(train.get(p))).toList();
    PairwiseSum sums = new PairwiseSum();
    for (int p = 0; p < parts.size(); p++) {
      sums.add(p, parts.get(p));
    }
    GradientSum sum = sums.total();
    double compute = sum.work().slowestSeconds();
    double rest = Math.max(0, Stopwatch.since(start) - compute);
    time = new RoundTime(0, 0, compute, sum.work().meanSeconds(), rest);
    return sum;
  }

  @Override
  public void withdraw() {} // nothing is begun before its start

  private GradientSum gradient(Block block) {
    long start = System.nanoTime();
    GradientSum sum =
        PartitionWork.addGradient(objective, w, rows, block, new GradientSum(w.length));
    sum.worked(Work.endingNow(System.nanoTime() - start));
    return sum;
  }

  @Override
  public RoundTime time() {
    return time;
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
                block -> PartitionWork.addEvaluation(objective, w, block, Evaluation.of(objective)))
            .toList();
    Evaluation sum = Evaluation.of(objective);
    parts.forEach(sum::merge);
    return sum;
  }

  @Override
  public void close() {}
}
