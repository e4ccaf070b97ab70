package dev.schuss.job;

import dev.schuss.model.FittedModel;
import dev.schuss.report.Summary;
import dev.schuss.report.TrainingProgress;
import dev.schuss.train.Trainer;
import dev.schuss.train.TrainingResult;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** One training of a job file on a session, from its sources to its output folder. */
final class Run {
  private final JobFile job;
  private final SparkSession spark;
  private final Cancellation cancellation;
  private final PrintStream out;
  private final boolean terminal;
  private StopMarker marker;

  /**
   * What came of it.
   *
   * @param json result.json as it was written
   * @param stopped whether {@code schuss stop} ended it
   */
  record Outcome(TrainingResult result, Map<String, Object> json, boolean stopped) {}

  Run(
      JobFile job,
      SparkSession spark,
      Cancellation cancellation,
      PrintStream out,
      boolean terminal) {
    this.job = job;
    this.spark = spark;
    this.cancellation = cancellation;
    this.out = out;
    this.terminal = terminal;
  }

  Outcome train() {
    SparkContext context = spark.sparkContext();
    FittedModel warm = warm(job, spark);
    try (OutputFolder folder =
        OutputFolder.open(
            job.output().dir(),
            job.name(),
            job.output().overwrite(),
            context.hadoopConfiguration())) {
      out.printf(
          "%s on Spark %s, %s, %d task slots; reading the data%n",
          job.name(), context.version(), context.master(), context.defaultParallelism());
      Trainer trainer = Training.trainer(job, spark);
      refuseLostCheckpoints(job, spark);
      try (PackedRows rows = PackedRows.of(job, spark, trainer.plannedPartitions(), warm, out)) {
        return train(folder, new Training(job, spark, trainer, rows));
      } finally {
        if (marker != null) {
          marker.close();
        }
      }
    }
  }

  /** The model that a job starts from; null where it starts anew. */
  static FittedModel warm(JobFile job, SparkSession spark) {
    String from = job.model().from();
    return from == null ? null : ModelFolder.load(from, spark.sparkContext().hadoopConfiguration());
  }

  /** A folder of checkpoints where nobody would look. */
  static void refuseLostCheckpoints(JobFile job, SparkSession spark) {
    String dir = job.checkpoint().dir();
    if (dir != null) {
      try {
        OutputFolder.refuseLost("checkpoint.dir", dir, spark.sparkContext().hadoopConfiguration());
      } catch (IOException e) {
        throw new JobException(
            ExitCode.USAGE,
            "checkpoint.dir = %s cannot be reached: %s".formatted(dir, Failure.describe(e)),
            e);
      }
    }
  }

  private Outcome train(OutputFolder folder, Training training) {
    if (training.note() != null) {
      out.println(training.note());
    }
    Training.Done done;
    try (TrainingProgress progress = TrainingProgress.on(out, terminal)) {
      done =
          training
              .onBegin(this::begun)
              .listener(progress)
              .cancelWhen(() -> cancellation.requested() || stopped())
              .into(folder);
    }
    Map<String, String> outputs = new LinkedHashMap<>();
    outputs.put("model", folder.show(OutputFolder.MODEL));
    outputs.put("metrics", folder.show(OutputFolder.METRICS));
    outputs.put("result", folder.show(OutputFolder.RESULT));
    outputs.put("report", folder.show(OutputFolder.REPORT));
    Summary.lines(done.result(), outputs).forEach(out::println);
    BlasNote.of(done.result().blas()).ifPresent(out::println);
    return new Outcome(done.result(), done.json(), stopped());
  }

  private void begun() {
    marker = StopMarker.begin(job.output().dir(), spark.sparkContext().hadoopConfiguration());
    cancellation.arm();
  }

  private boolean stopped() {
    return marker != null && marker.requested();
  }
}
