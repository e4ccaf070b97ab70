package dev.schuss.job;

import dev.schuss.experiment.RunRecord;
import dev.schuss.job.ComparisonJob.Planned;
import dev.schuss.model.Json;
import dev.schuss.model.ModelException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A run of a comparison that came to its end, as its folder tells.
 *
 * @param record what is compared
 * @param data the rows that it was trained on, as {@link PackedRows#identity} has them
 * @param made by which versions, and on which cluster
 */
record FinishedRun(RunRecord record, Map<String, Object> data, Map<String, Object> made) {
  /** Where a training lies changes nothing of it. */
  private static final Set<String> PLACES = Set.of("name", "output", "checkpoint");

  /**
   * The run in this folder.
   *
   * @param folder of the comparison
   * @return null if it has not ended, ended before its time, or was of another job
   */
  static FinishedRun in(OutputFolder folder, Planned run) {
    try {
      String job = folder.read(run.folder() + "/" + OutputFolder.JOB);
      String result = folder.read(run.folder() + "/" + OutputFolder.RESULT);
      String metrics = folder.read(run.folder() + "/" + OutputFolder.METRICS);
      if (job == null || result == null || metrics == null) {
        return null;
      }
      Map<String, Object> ended = Json.parseObject(result, OutputFolder.RESULT);
      if (!ResultJson.hasEnded(ended) || !sameJob(job, run)) {
        return null;
      }
      Map<String, Object> made = new LinkedHashMap<>();
      made.put("version", ended.get("version"));
      made.put("spark", ended.get("spark"));
      return new FinishedRun(record(run, ended, metrics), Json.block(ended.get("data")), made);
    } catch (ModelException damaged) { // no JSON: as good as not there
      return null;
    }
  }

  /** What a run's folder tells of it. */
  enum Trace {
    /** Nothing: it did not begin, or the folder was deleted. */
    NONE,
    /** It began, and did not come to its end. */
    CUT_SHORT,
    /** What ended, or was another training. */
    OTHER
  }

  /** What the folder of a run tells, whose checkpoints may lie elsewhere. */
  static Trace trace(OutputFolder folder, Planned run) {
    try {
      String job = folder.read(run.folder() + "/" + OutputFolder.JOB);
      if (job == null) {
        return Trace.NONE;
      }
      String result = folder.read(run.folder() + "/" + OutputFolder.RESULT);
      return ResultJson.hasEnded(result) || !sameJob(job, run) ? Trace.OTHER : Trace.CUT_SHORT;
    } catch (ModelException damaged) { // a checkpoint tells by itself what it is of
      return Trace.CUT_SHORT;
    }
  }

  private static boolean sameJob(String written, Planned run) {
    return comparable(Json.parseObject(written, OutputFolder.JOB)).equals(job(run));
  }

  /** What makes a run this one and no other, wherever it lies. */
  static Map<String, Object> job(Planned run) {
    return comparable(JobReader.written(run.job()));
  }

  /** The same of the run in a folder, whether it has ended or not; null where there is none. */
  static Map<String, Object> job(OutputFolder folder, String path) {
    try {
      String job = folder.read(path + "/" + OutputFolder.JOB);
      return job == null ? null : comparable(Json.parseObject(job, OutputFolder.JOB));
    } catch (ModelException damaged) {
      return null;
    }
  }

  private static Map<String, Object> comparable(Map<String, Object> job) {
    Map<String, Object> rest = new LinkedHashMap<>(job);
    rest.keySet().removeAll(PLACES);
    return rest;
  }

  private static RunRecord record(Planned run, Map<String, Object> result, String metrics) {
    List<Map<String, Object>> lines =
        metrics
            .lines()
            .filter(line -> !line.isBlank())
            .map(line -> Json.parseObject(line, OutputFolder.METRICS))
            .toList();
    return RunRecord.of(run.setting(), run.values(), run.seed(), run.folder(), result, lines);
  }

  /** Partitions of the training rows; 0 where that is not told. */
  int partitions() {
    return data.get("partitions") instanceof Long count ? Math.toIntExact(count) : 0;
  }

  /** Whether these are the rows that it was trained on. */
  boolean on(PackedRows rows) {
    return Json.line(data).equals(Json.line(rows.identity()));
  }
}
