package dev.schuss.job;

import dev.schuss.data.Blocks;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.Prepared;
import dev.schuss.data.Skipped;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Json;
import dev.schuss.model.Preprocessing;
import dev.schuss.model.WarmStart;
import dev.schuss.nn.Network;
import dev.schuss.report.Summary;
import dev.schuss.report.TrainingProgress;
import dev.schuss.train.EpochReport;
import dev.schuss.train.RoundReport;
import dev.schuss.train.Trainer;
import dev.schuss.train.TrainingListener;
import dev.schuss.train.TrainingResult;
import dev.schuss.train.TrainingStart;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** One training of a job file on a session, from its sources to its output folder. */
final class Run {
  private final JobFile job;
  private final SparkSession spark;
  private final Cancellation cancellation;
  private final PrintStream out;
  private final boolean terminal;
  private Skipped skipped = Skipped.NONE;
  private StopMarker marker;
  private int partitions; // 0 for as many as the cluster runs tasks at once

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
    FittedModel warm =
        job.model().from() == null
            ? null
            : ModelFolder.load(job.model().from(), context.hadoopConfiguration());
    try (OutputFolder folder =
        OutputFolder.open(
            job.output().dir(),
            job.name(),
            job.output().overwrite(),
            context.hadoopConfiguration())) {
      out.printf(
          "%s on Spark %s, %s, %d task slots; reading the data%n",
          job.name(), context.version(), context.master(), context.defaultParallelism());
      DataBlock data = job.data();
      Trainer trainer = Trainer.on(spark).settings(job.train()).checkpoint(job.checkpoint());
      refuseLostCheckpoints();
      partitions = trainer.plannedPartitions();
      try (Prepared prepared =
              DataPreparation.training(
                  data.train().source().load(spark),
                  data.recipe(job.task(), job.train().seed(), partitions == 0 ? null : partitions),
                  warm == null ? null : warm.preprocessing());
          Blocks held =
              data.validation() instanceof Sources.From from ? scoring(from, prepared) : null;
          Blocks tested =
              data.test() instanceof Sources.From from ? scoring(from, prepared) : null) {
        skipped(prepared.train());
        skipped(held);
        skipped(tested);
        return train(
            folder,
            trainer,
            prepared,
            held == null ? prepared.validation() : held,
            tested == null ? prepared.test() : tested,
            warm);
      } finally {
        if (marker != null) {
          marker.close();
        }
      }
    }
  }

  private void refuseLostCheckpoints() {
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

  private void skipped(Blocks blocks) {
    if (blocks != null && blocks.skipped().rows() > 0) {
      Skipped some = blocks.skipped();
      skipped = skipped.and(some);
      out.printf("%,d bad rows left out: %s%n", some.rows(), some.examples().get(0));
    }
  }

  private Blocks scoring(Sources.From from, Prepared prepared) {
    return DataPreparation.scoring(
        from.source().load(spark),
        job.data().columns(),
        prepared.preprocessing(),
        job.data().persist(),
        partitions);
  }

  private Outcome train(
      OutputFolder folder,
      Trainer trainer,
      Prepared prepared,
      Blocks held,
      Blocks tested,
      FittedModel from) {
    Preprocessing columns = prepared.preprocessing();
    Network network = job.network(prepared.train().width(), columns.categories(), outputs(columns));
    trainer.network(network);
    if (from != null) {
      WarmStart start =
          WarmStart.of(
              network,
              prepared.preprocessing(),
              from,
              "model.from",
              job.model().from(),
              job.train().seed());
      out.println(start.note());
      trainer.initialWeights(start.weights());
    }
    TrainingResult result;
    Files files = new Files(folder);
    try (TrainingProgress progress = TrainingProgress.on(out, terminal)) {
      result =
          trainer
              .optimizer(job.optimizer())
              .regularization(job.regularization())
              .dependsOn(columns())
              .listener(files)
              .listener(progress)
              .cancelWhen(() -> cancellation.requested() || stopped())
              .fit(prepared.train(), held, tested);
    } catch (Exception e) { // Scala throws checked ones that are not declared
      files.failed(e);
      throw e;
    }
    FittedModel model =
        new FittedModel(
            network,
            result.weights(),
            prepared.preprocessing(),
            new FittedModel.Provenance(
                Version.schuss(), spark.version(), job.train().seed(), result.steps()));
    folder.model(into -> model.save(into::create));
    Map<String, Object> json =
        ResultJson.of(
            job,
            result,
            network.layout().size(),
            skipped,
            JobReader.tree(job.optimizer()),
            spark.sparkContext());
    folder.result(Json.pretty(json));
    Map<String, String> outputs = new LinkedHashMap<>();
    outputs.put("model", folder.show(OutputFolder.MODEL));
    outputs.put("metrics", folder.show(OutputFolder.METRICS));
    outputs.put("result", folder.show(OutputFolder.RESULT));
    Summary.lines(result, outputs).forEach(out::println);
    BlasNote.of(result.blas()).ifPresent(out::println);
    return new Outcome(result, json, stopped());
  }

  /** What the rows depend on beside their sources, whose rows a checkpoint knows. */
  private Map<String, Object> columns() {
    Map<String, Object> data = new LinkedHashMap<>();
    if (JobReader.tree(job.data()) instanceof Map<?, ?> all) {
      all.forEach((key, value) -> data.put(String.valueOf(key), value));
    }
    data.keySet().removeAll(Set.of("train", "validation", "test", "persist"));
    return Map.of("data", data);
  }

  private boolean stopped() {
    return marker != null && marker.requested();
  }

  private int outputs(Preprocessing preprocessing) {
    return switch (job.task()) {
      case CLASSIFICATION -> preprocessing.classes().size();
      case REGRESSION -> preprocessing.labels().size();
      case RECONSTRUCTION -> preprocessing.width();
    };
  }

  /** Nothing is written before the first round is about to be made. */
  private final class Files implements TrainingListener {
    private final OutputFolder folder;
    private boolean begun;
    private long steps;
    private int epochs;

    Files(OutputFolder folder) {
      this.folder = folder;
    }

    @Override
    public void started(TrainingStart start) {
      folder.begin(Json.pretty(Secrets.hidden(JobReader.tree(job))));
      begun = true;
      marker = StopMarker.begin(job.output().dir(), spark.sparkContext().hadoopConfiguration());
      cancellation.arm();
      if (start.resumed() != null) {
        steps = start.resumed().step();
        start.resumed().history().forEach(this::epoch); // the file may know more than was saved
      }
    }

    @Override
    public void round(RoundReport report) {
      steps = report.step();
    }

    @Override
    public void epoch(EpochReport report) {
      epochs++;
      folder.metrics(Json.line(ResultJson.epoch(report)));
    }

    /** Whoever waits for result.json hears of a training that did not come to its end, too. */
    void failed(Exception e) {
      if (begun) {
        try {
          folder.result(
              Json.pretty(
                  ResultJson.failed(
                      job,
                      steps,
                      epochs,
                      Failure.of(e).line(),
                      cancellation.requested(),
                      spark.sparkContext())));
        } catch (JobException unwritten) {
          e.addSuppressed(unwritten); // that the training failed is the news
        }
      }
    }
  }
}
