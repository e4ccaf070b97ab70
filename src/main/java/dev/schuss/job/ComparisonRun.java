package dev.schuss.job;

import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.checkpoint.CheckpointFolder;
import dev.schuss.experiment.Comparison;
import dev.schuss.experiment.RunRecord;
import dev.schuss.experiment.Yardstick;
import dev.schuss.job.ComparisonJob.Planned;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Json;
import dev.schuss.nn.Network;
import dev.schuss.objective.Metric;
import dev.schuss.report.ComparisonReport;
import dev.schuss.report.ComparisonText;
import dev.schuss.spec.SpecException;
import dev.schuss.train.CheckpointSettings;
import dev.schuss.train.CheckpointSettings.Resume;
import dev.schuss.train.SettingsException;
import dev.schuss.train.TrainingResult;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** The runs of a comparison, one after the other on rows that are packed once. */
final class ComparisonRun {
  static final String JSON = "comparison.json";
  static final String CSV = "comparison.csv";

  private ComparisonJob job;
  private final boolean anew;
  private final SparkSession spark;
  private final Cancellation cancellation;
  private final PrintStream out;
  private final Map<Planned, FinishedRun> finished = new HashMap<>();
  private StopMarker marker;
  private Yardstick yardstick;
  private boolean cut;

  /**
   * What came of it.
   *
   * @param comparison of the runs that ended; null if none did
   * @param json comparison.json as it was written
   * @param cut whether it ended before all runs had
   * @param stopped whether {@code schuss stop} ended it
   */
  record Outcome(Comparison comparison, Map<String, Object> json, boolean cut, boolean stopped) {}

  /**
   * A comparison that is about to begin.
   *
   * @param anew whether runs that have ended are repeated
   */
  ComparisonRun(
      ComparisonJob job,
      boolean anew,
      SparkSession spark,
      Cancellation cancellation,
      PrintStream out) {
    this.job = job;
    this.anew = anew;
    this.spark = spark;
    this.cancellation = cancellation;
    this.out = out;
  }

  Outcome run() {
    SparkContext context = spark.sparkContext();
    JobFile base = job.base();
    FittedModel warm = Run.warm(base, spark);
    Run.refuseLostCheckpoints(base, spark);
    try (OutputFolder folder =
        OutputFolder.open(
            base.output().dir(),
            base.name(),
            base.output().overwrite(),
            context.hadoopConfiguration())) {
      out.printf(
          "%s: %d runs (%d settings) on Spark %s, %s, %d task slots; reading the data%n",
          base.name(),
          job.runs().size(),
          job.count(),
          context.version(),
          context.master(),
          context.defaultParallelism());
      RunFolders.Found found = RunFolders.found(job, folder);
      job = found.job();
      if (found.told() != null) {
        out.println(found.told());
      }
      look(folder);
      try (PackedRows rows = PackedRows.of(base, spark, partitions(folder), warm, out)) {
        check(rows);
        folder.clear();
        folder.keep(OutputFolder.JOB, Json.pretty(Secrets.hidden(JobReader.tree(base))));
        marker = StopMarker.begin(base.output().dir(), context.hadoopConfiguration());
        cancellation.arm();
        return train(folder, rows);
      } finally {
        if (marker != null) {
          marker.close();
        }
      }
    }
  }

  /** Which runs have ended before. */
  private void look(OutputFolder folder) {
    for (Planned run : anew ? List.<Planned>of() : job.runs()) {
      FinishedRun before = FinishedRun.in(folder, run);
      if (before != null) {
        finished.put(run, before);
      }
    }
  }

  /** Those of the runs that are gone on from: their rows must lie as they did. */
  private int partitions(OutputFolder folder) {
    Integer chosen = job.base().train().partitions();
    if (chosen != null) {
      return chosen;
    }
    for (FinishedRun run : finished.values()) {
      if (run.partitions() > 0) {
        return run.partitions();
      }
    }
    for (Planned run : anew ? List.<Planned>of() : job.runs()) {
      if (FinishedRun.trace(folder, run) == FinishedRun.Trace.CUT_SHORT) {
        int saved = Training.trainer(run.job(), spark).plannedPartitions();
        if (saved > 0) {
          return saved;
        }
      }
    }
    return 0;
  }

  /** All runs, before the first of them trains. */
  private void check(PackedRows rows) {
    int before = finished.size();
    finished.values().removeIf(run -> !run.on(rows));
    if (finished.size() < before) {
      out.printf(
          "ended on other rows or from other weights, and made anew: %d%n",
          before - finished.size());
    }
    String setting = null; // its seeds need no look of their own
    for (Planned run : job.runs()) {
      if (run.setting().equals(setting)) {
        continue;
      }
      setting = run.setting();
      try {
        Training training =
            new Training(run.job(), spark, Training.trainer(run.job(), spark), rows);
        training.check();
        yardstick = yardstick == null ? yardstick(training.network(), rows) : yardstick;
      } catch (SettingsException | SpecException e) {
        throw new JobException(
            ExitCode.USAGE, "the run %s: %s".formatted(setting, e.getMessage()), e);
      }
    }
  }

  private Yardstick yardstick(Network network, PackedRows rows) {
    Yardstick.Rows on =
        rows.validation() != null
            ? Yardstick.Rows.VALIDATION
            : rows.test() != null ? Yardstick.Rows.TEST : Yardstick.Rows.TRAINING;
    String wanted = job.settings().metric();
    List<Metric> known = network.metrics();
    if (on == Yardstick.Rows.TRAINING) {
      return new Yardstick(Metric.LOSS, on, null);
    }
    for (Metric metric : known) {
      boolean chosen =
          wanted == null ? !metric.name().equals("loss") : metric.name().equals(wanted);
      if (chosen) {
        return new Yardstick(metric, on, job.settings().target());
      }
    }
    if (wanted == null) {
      return new Yardstick(Metric.LOSS, on, null);
    }
    throw new SettingsException( // of two classes and many the metrics differ
        "compare.metric = %s: must be one of %s"
            .formatted(wanted, String.join(", ", known.stream().map(Metric::name).toList())));
  }

  private Outcome train(OutputFolder folder, PackedRows rows) {
    ComparisonText text = new ComparisonText(yardstick);
    int all = job.runs().size();
    if (!finished.isEmpty()) {
      out.printf("%d of %d runs had ended before, and are not repeated%n", finished.size(), all);
    }
    Map<String, Object> json = write(folder); // not another comparison's until the first run ends
    for (int i = 0; i < all; i++) {
      Planned run = job.runs().get(i);
      boolean before = finished.containsKey(run);
      if (!before) {
        if (cancelled() || !train(folder, run, rows)) {
          cut = true;
          break;
        }
        json = write(folder);
      }
      out.println(text.line(finished.get(run).record(), i + 1, all, before));
      out.flush();
    }
    Comparison comparison = comparison();
    if (comparison != null) {
      text.table(comparison).forEach(out::println);
      Map<String, String> outputs = new LinkedHashMap<>();
      outputs.put("table", folder.show(CSV));
      outputs.put("all figures", folder.show(JSON));
      outputs.put("report", folder.show(OutputFolder.REPORT));
      text.outputs(outputs).forEach(out::println);
    }
    if (cut) {
      out.printf(
          "%d of %d runs have ended; started again, the comparison goes on%n",
          finished.size(), all);
    }
    return new Outcome(comparison, json, cut, marker.requested());
  }

  private boolean cancelled() {
    return cancellation.requested() || marker.requested();
  }

  /** Makes one run; false if it was cancelled. */
  private boolean train(OutputFolder folder, Planned run, PackedRows rows) {
    JobFile one = run.job();
    try (OutputFolder own =
        OutputFolder.open(
            one.output().dir(), one.name(), true, spark.sparkContext().hadoopConfiguration())) {
      Training.Done done =
          training(folder, run, rows)
              .titled("%s: %s, seed %d".formatted(one.name(), run.setting(), run.seed()))
              .cancelWhen(this::cancelled)
              .into(own);
      if (done.result().status() == TrainingResult.Status.CANCELLED) {
        return false;
      }
    }
    FinishedRun ended = FinishedRun.in(folder, run);
    if (ended == null) {
      throw new JobException(
          ExitCode.SPARK,
          "%s was written, and cannot be read back: does something else write there?"
              .formatted(folder.show(run.folder())));
    }
    finished.put(run, ended);
    return true;
  }

  /**
   * A run that is about to begin. It goes on from a checkpoint only where its folder tells that it
   * was cut short, and the checkpoint is of just this training. Else it is made anew. Checkpoints
   * are deleted only where its folder tells that they are the run's own: after a kill nothing would
   * tell them from those of the run that begins. Others stay until its own take their place.
   */
  private Training training(OutputFolder folder, Planned run, PackedRows rows) {
    JobFile one = run.job();
    CheckpointSettings saved = one.checkpoint();
    Training training = new Training(one, spark, Training.trainer(one, spark), rows);
    if (saved.dir() == null || saved.resume() == Resume.NEVER) {
      return training;
    }
    CheckpointFolder checkpoints =
        CheckpointFolder.at(saved.dir(), spark.sparkContext().hadoopConfiguration());
    if (!used(checkpoints)) {
      return training;
    }
    FinishedRun.Trace trace = FinishedRun.trace(folder, run);
    boolean cutShort = !anew && trace == FinishedRun.Trace.CUT_SHORT;
    String misfit = cutShort ? training.misfit() : misfit(training);
    if (cutShort && misfit == null) {
      return training;
    }
    String found;
    if (trace == FinishedRun.Trace.NONE) {
      found = "there are checkpoints in %s, and no run in its own folder".formatted(saved.dir());
    } else if (misfit != null) {
      found = "the checkpoints in %s are not of this training".formatted(saved.dir());
    } else {
      found = "its checkpoints in %s are deleted".formatted(saved.dir());
      checkpoints.clear();
    }
    out.printf(
        "%s, seed %d: %s; it is made anew%s%n",
        run.setting(), run.seed(), found, misfit == null ? "" : ": " + misfit);
    CheckpointSettings fresh =
        new CheckpointSettings(saved.dir(), saved.every(), saved.keep(), Resume.NEVER);
    return new Training(one, spark, Training.trainer(one, spark).checkpoint(fresh), rows);
  }

  private static boolean used(CheckpointFolder checkpoints) {
    try {
      return checkpoints.isUsed();
    } catch (IOException e) {
      throw new CheckpointException(
          "the checkpoints in %s cannot be read (%s): is the path right, and may you read it?"
              .formatted(checkpoints.name(), Failure.describe(e)),
          e);
    }
  }

  /** The same of checkpoints that are not gone on from, and may be damaged. */
  private static String misfit(Training training) {
    try {
      return training.misfit();
    } catch (CheckpointException unread) {
      return unread.getMessage();
    }
  }

  /** Those that have ended, in the order of the job; null if there are none. */
  private Comparison comparison() {
    List<RunRecord> ended = new ArrayList<>();
    for (Planned run : job.runs()) {
      if (finished.containsKey(run)) {
        ended.add(finished.get(run).record());
      }
    }
    return ended.isEmpty() ? null : Comparison.of(job.base().name(), job.axes(), yardstick, ended);
  }

  /** By which versions and on which clusters the runs were made, and how many of them by each. */
  private List<Object> made() {
    Map<Map<String, Object>, Integer> counts = new LinkedHashMap<>();
    for (Planned run : job.runs()) {
      if (finished.containsKey(run)) {
        counts.merge(finished.get(run).made(), 1, Integer::sum);
      }
    }
    List<Object> made = new ArrayList<>();
    counts.forEach(
        (by, count) -> {
          Map<String, Object> one = new LinkedHashMap<>(by);
          one.put("runs", count);
          made.add(one);
        });
    return made;
  }

  private Map<String, Object> write(OutputFolder folder) {
    Comparison comparison = comparison();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("status", finished.size() < job.runs().size() ? "unfinished" : "completed");
    json.put("runs", finished.size());
    json.put("planned", job.runs().size());
    if (comparison != null) {
      json.putAll(comparison.tree());
      folder.file(CSV, comparison.csv());
    } else {
      folder.remove(CSV);
      folder.remove(OutputFolder.REPORT);
    }
    List<Object> made = made();
    json.put("made", made);
    if (comparison != null) {
      folder.file(
          OutputFolder.REPORT,
          ComparisonReport.html(
              comparison,
              job.runs().size(),
              JobReader.written(job.base()),
              made,
              OutputFolder.REPORT));
    }
    folder.file(JSON, Json.pretty(json));
    return json;
  }
}
