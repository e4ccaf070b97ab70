package dev.schuss.job;

import dev.schuss.model.FittedModel;
import dev.schuss.model.Json;
import dev.schuss.model.Preprocessing;
import dev.schuss.model.WarmStart;
import dev.schuss.nn.ClassTally;
import dev.schuss.nn.Network;
import dev.schuss.report.Examples;
import dev.schuss.report.RunReport;
import dev.schuss.train.EpochReport;
import dev.schuss.train.RoundReport;
import dev.schuss.train.Trainer;
import dev.schuss.train.TrainingListener;
import dev.schuss.train.TrainingResult;
import dev.schuss.train.TrainingStart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.spark.sql.SparkSession;

/** One training of a job on packed rows, into its output folder. */
final class Training {
  /** A larger table of classes is one that nobody reads. */
  private static final int MOST_CLASSES = 40;

  private final JobFile job;
  private final SparkSession spark;
  private final PackedRows rows;
  private final Trainer trainer;
  private final Network network;
  private String note;
  private String title;
  private BooleanSupplier cancelled = () -> false;
  private Runnable begun = () -> {};
  private TrainingListener listener = new TrainingListener() {};

  /**
   * What came of it.
   *
   * @param json result.json as it was written
   */
  record Done(TrainingResult result, Map<String, Object> json) {}

  /**
   * A training that is about to begin.
   *
   * @param trainer with the settings of the job and its checkpoints
   */
  Training(JobFile job, SparkSession spark, Trainer trainer, PackedRows rows) {
    this.job = job;
    this.title = job.name();
    this.spark = spark;
    this.rows = rows;
    this.trainer = trainer;
    Preprocessing columns = rows.prepared().preprocessing();
    this.network =
        job.network(rows.prepared().train().width(), columns.categories(), outputs(columns));
    trainer
        .network(network)
        .optimizer(job.optimizer())
        .regularization(job.regularization())
        .dependsOn(columns());
    if (rows.warm() != null) {
      WarmStart start =
          WarmStart.of(
              network, columns, rows.warm(), "model.from", job.model().from(), job.train().seed());
      note = start.note();
      trainer.initialWeights(start.weights());
    }
  }

  /** A trainer as a job wants it. */
  static Trainer trainer(JobFile job, SparkSession spark) {
    return Trainer.on(spark).settings(job.train()).checkpoint(job.checkpoint());
  }

  /** The network that is trained. */
  Network network() {
    return network;
  }

  /** What it takes from another model; null where it starts anew. */
  String note() {
    return note;
  }

  /** What its page is called, if not like the job. */
  Training titled(String chosen) {
    title = chosen;
    return this;
  }

  /** Asked before every round: when it says true, the training ends with what there is. */
  Training cancelWhen(BooleanSupplier condition) {
    cancelled = condition;
    return this;
  }

  /** Done just before the first round, when files are about to be written. */
  Training onBegin(Runnable action) {
    begun = action;
    return this;
  }

  /** Lets somebody hear of it. */
  Training listener(TrainingListener chosen) {
    listener = chosen;
    return this;
  }

  /** Refuses what {@link #into} would refuse before the first round; changes nothing. */
  void check() {
    trainer.check(rows.prepared().train(), rows.validation(), rows.test());
  }

  /** In what it is not the training of the checkpoint there; see {@link Trainer#misfit}. */
  String misfit() {
    return trainer.misfit(rows.prepared().train(), rows.validation());
  }

  /** Trains on the training rows alone, and writes nothing. */
  TrainingResult alone() {
    return trainer
        .listener(listener)
        .cancelWhen(cancelled)
        .fit(rows.prepared().train(), null, null);
  }

  /** Trains, and writes everything. */
  Done into(OutputFolder folder) {
    Files files = new Files(folder);
    if (!ResultJson.hasEnded(folder.read(OutputFolder.RESULT))) { // whoever waits for it knows none
      trainer.asUnbroken();
    }
    TrainingResult result;
    try {
      result =
          trainer
              .listener(files)
              .listener(listener)
              .cancelWhen(cancelled)
              .fit(rows.prepared().train(), rows.validation(), rows.test());
    } catch (Exception e) { // Scala throws checked ones that are not declared
      files.failed(e);
      throw e;
    }
    FittedModel model =
        new FittedModel(
            network,
            result.weights(),
            rows.prepared().preprocessing(),
            new FittedModel.Provenance(
                Version.schuss(), spark.version(), job.train().seed(), result.steps()));
    folder.model(into -> model.save(into::create));
    Map<String, Object> json =
        ResultJson.of(
            job,
            result,
            network.layout().size(),
            rows.skipped(),
            JobReader.tree(job.optimizer()),
            spark.sparkContext());
    json.put("data", rows.identity());
    putConfusion(json, result);
    folder.metricsEnded();
    folder.file(OutputFolder.REPORT, report(folder, json, worst(result)));
    folder.result(Json.pretty(json)); // the last: who finds it finds everything
    return new Done(result, json);
  }

  /** What is taken for what among the test rows, where the classes are few. */
  private void putConfusion(Map<String, Object> json, TrainingResult result) {
    boolean few = result.tested() != null && network.outputs() <= MOST_CLASSES;
    if (few && result.tested().tally() instanceof ClassTally tally && tally.hasConfusion()) {
      Map<String, Object> confusion = new LinkedHashMap<>();
      confusion.put("classes", rows.prepared().preprocessing().classes().names());
      confusion.put("rows", Evaluated.confusion(tally));
      json.put("confusion", confusion);
    }
  }

  private Examples worst(TrainingResult result) {
    return new WorstExamples(job, network, rows.prepared().preprocessing())
        .of(spark, result.weights(), rows.validation(), rows.test());
  }

  private String report(OutputFolder folder, Map<String, Object> json, Examples worst) {
    List<Map<String, Object>> epochs =
        folder
            .read(OutputFolder.METRICS)
            .lines()
            .map(line -> Json.parseObject(line, OutputFolder.METRICS))
            .toList();
    return RunReport.html(json, epochs, JobReader.written(job), worst, title);
  }

  /** What the rows depend on beside their sources, whose rows a checkpoint knows. */
  private Map<String, Object> columns() {
    Map<String, Object> data = Json.block(JobReader.tree(job.data()));
    data.keySet().removeAll(Set.of("train", "validation", "test", "persist"));
    return Map.of("data", data);
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
    private boolean open;
    private long steps;
    private int epochs;

    Files(OutputFolder folder) {
      this.folder = folder;
    }

    @Override
    public void started(TrainingStart start) {
      folder.begin(Json.pretty(Secrets.hidden(JobReader.tree(job))));
      open = true;
      begun.run();
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
      if (open) {
        try {
          folder.result(
              Json.pretty(
                  ResultJson.failed(
                      job,
                      steps,
                      epochs,
                      Failure.of(e).line(),
                      cancelled.getAsBoolean(),
                      spark.sparkContext())));
        } catch (JobException unwritten) {
          e.addSuppressed(unwritten); // that the training failed is the news
        }
      }
    }
  }
}
