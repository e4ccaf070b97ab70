package dev.schuss.train;

import dev.schuss.data.Blocks;
import dev.schuss.data.RoundRows;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.Objective;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/** Evaluates an objective on prepared rows: one Spark job, whatever the number of metrics. */
public final class Evaluator {
  /** What Spark's web page shows of an evaluation. */
  static final String NAME = "Schuss: evaluation";

  private Evaluator() {}

  /**
   * The loss and the tally of all rows.
   *
   * @param spark the session that the blocks belong to
   * @param w objective.layout().size() weights
   * @param blocks rows of the objective's width, which stay open
   * @throws SettingsException if the session's serializer would refuse what is sent
   */
  public static Evaluation evaluate(
      SparkSession spark, Objective objective, float[] w, Blocks blocks) {
    KryoRegistration.check(spark);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    try (Jobs jobs = new Jobs(context.sc())) {
      return run(jobs, context, objective, w, blocks);
    }
  }

  /**
   * The mean losses of the same rows at many points, in one Spark job: the points are broadcast
   * once, the rows stay where they are, and each task evaluates its own at every point. Batch
   * normalisation takes its running statistics, dropout drops nothing. The loss of a point equals
   * that of {@link #evaluate} at its weights, to the bit, and does not depend on retries.
   *
   * @param spark the session that the blocks belong to
   * @param points of objective.layout().size() weights
   * @param blocks rows of the objective's width, which stay open
   * @param rows how many of the first rows of each partition count; see {@link Blocks#sample}
   * @return one for each point; 0 where the weights of the rows sum to 0, NaN or infinite where the
   *     loss of a row is
   * @throws SettingsException if the session's serializer would refuse what is sent, or the vectors
   *     are larger than the heap
   */
  public static double[] losses(
      SparkSession spark, Objective objective, WeightPoints points, Blocks blocks, int[] rows) {
    KryoRegistration.check(spark);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    checkMemory(points, context);
    try (Jobs jobs = new Jobs(context.sc())) {
      Future<List<double[]>> job =
          jobs.start(
              () -> {
                Broadcast<WeightPoints> sent = context.broadcast(points);
                try {
                  return jobs.run(blocks.rdd(), new PointsTask(objective, sent, rows));
                } finally {
                  sent.destroy();
                }
              },
              "Schuss: losses at %d points".formatted(points.count()));
      int each = 1 + points.count();
      double[] sums = new double[each];
      for (double[] part : jobs.result(job)) {
        for (int i = 0; i < part.length; i++) {
          sums[i % each] += part[i];
        }
      }
      double weight = sums[0];
      return Arrays.stream(sums).skip(1).map(sum -> weight == 0 ? 0 : sum / weight).toArray();
    }
  }

  /** Vectors lie in memory as they are and as they are sent; a point's weights in each task. */
  private static void checkMemory(WeightPoints points, JavaSparkContext spark) {
    int copies = 2 * points.vectors() + (spark.isLocal() ? spark.defaultParallelism() : 0);
    long needed = (long) copies * Float.BYTES * points.size();
    long heap = Runtime.getRuntime().maxMemory();
    if (needed > heap) {
      throw new SettingsException(
          "the driver is too small for %d vectors of %,d weights: they take %,d MiB, and its heap is %,d MiB; give it more, with SCHUSS_MEMORY=... scripts/schuss or spark-submit --driver-memory"
              .formatted(points.vectors(), points.size(), needed >> 20, heap >> 20));
    }
  }

  /** What is sent for an evaluation: all rows are evaluated, so none is named. */
  static RoundInput input(float[] w) {
    return new RoundInput(w, new RoundRows.Ids(new long[0]));
  }

  /** An evaluation whose weights are broadcast. */
  static Evaluation run(
      Jobs jobs, JavaSparkContext context, Objective objective, float[] w, Blocks blocks) {
    Future<List<Evaluation[]>> job =
        jobs.start(
            () -> {
              try (Sent weights = Sent.by(context, objective, input(w))) {
                return jobs.run(blocks.rdd(), new EvaluationTask(weights));
              }
            },
            NAME);
    return total(jobs.result(job), objective);
  }

  /** The sum of partitions, added up in their order. */
  static Evaluation total(List<Evaluation[]> parts, Objective objective) {
    Evaluation sum = Evaluation.of(objective);
    parts.forEach(part -> Arrays.stream(part).forEach(sum::merge));
    return sum;
  }
}
