package dev.schuss.train;

import dev.schuss.data.Blocks;
import dev.schuss.data.RoundRows;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.Objective;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Evaluates an objective on prepared rows: one Spark job, whatever the number of metrics. */
public final class Evaluator {
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
    try (Jobs jobs = new Jobs(context.sc());
        Sent weights = Sent.by(context, objective, input(w))) {
      return run(jobs, weights, objective, blocks);
    }
  }

  /** What is sent for an evaluation: all rows are evaluated, so none is named. */
  static RoundInput input(float[] w) {
    return new RoundInput(w, new RoundRows.Ids(new long[0]));
  }

  /** Sums of partitions, added up in the order of partitions. */
  static Evaluation run(Jobs jobs, Sent weights, Objective objective, Blocks blocks) {
    Future<List<Evaluation[]>> job =
        jobs.start(() -> jobs.run(blocks.rdd(), new EvaluationTask(weights)), "Schuss: evaluation");
    Evaluation sum = Evaluation.of(objective);
    jobs.result(job).forEach(part -> Arrays.stream(part).forEach(sum::merge));
    return sum;
  }
}
