package dev.schuss.train;

import dev.schuss.data.Block;
import dev.schuss.data.Blocks;
import dev.schuss.data.RoundRows;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Objective;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Rounds as Spark jobs: ordinary tasks over persisted blocks, no barrier, no accumulators. */
final class SparkRounds implements Rounds {
  /** Spark's own default: one level of executors between the partitions and the driver. */
  private static final int TREE_DEPTH = 2;

  private final JavaSparkContext spark;
  private final Objective objective;
  private final Blocks train;
  private final Blocks validation;
  private final Blocks test;
  private double broadcastSeconds;

  SparkRounds(
      JavaSparkContext spark, Objective objective, Blocks train, Blocks validation, Blocks test) {
    this.spark = spark;
    this.objective = objective;
    this.train = train;
    this.validation = validation;
    this.test = test;
  }

  @Override
  public int[] rowsPerPartition() {
    return train.rowsPerPartition();
  }

  @Override
  public GradientSum gradient(float[] w, RoundRows rows) {
    long start = System.nanoTime();
    Broadcast<RoundInput> input = spark.broadcast(new RoundInput(w, rows));
    broadcastSeconds = (System.nanoTime() - start) / 1e9;
    try {
      Objective f = objective;
      return train
          .rdd()
          .treeAggregate(
              new GradientSum(w.length),
              (GradientSum sum, Block block) ->
                  PartitionWork.addGradient(
                      f, input.value().weights(), input.value().rows(), block, sum),
              GradientSum::merge,
              TREE_DEPTH);
    } finally {
      input.destroy();
    }
  }

  @Override
  public Evaluation validate(float[] w) {
    return evaluate(w, validation);
  }

  @Override
  public Evaluation test(float[] w) {
    return evaluate(w, test);
  }

  private Evaluation evaluate(float[] w, Blocks blocks) {
    if (blocks == null) {
      return null;
    }
    Broadcast<RoundInput> input =
        spark.broadcast(new RoundInput(w, new RoundRows.Ids(new long[0])));
    try {
      Objective f = objective;
      return blocks
          .rdd()
          .treeAggregate(
              new Evaluation(f.counters()),
              (Evaluation sum, Block block) ->
                  PartitionWork.addEvaluation(f, input.value().weights(), block, sum),
              Evaluation::merge,
              TREE_DEPTH);
    } finally {
      input.destroy();
    }
  }

  @Override
  public double broadcastSeconds() {
    return broadcastSeconds;
  }

  @Override
  public void close() {}
}
