package dev.schuss.job;

import dev.schuss.data.Skipped;
import dev.schuss.math.Blas;
import dev.schuss.model.Json;
import dev.schuss.model.ModelException;
import dev.schuss.train.Curvature;
import dev.schuss.train.EpochReport;
import dev.schuss.train.GradientLook;
import dev.schuss.train.ReductionPlan;
import dev.schuss.train.RoundSpread;
import dev.schuss.train.TimeSplit;
import dev.schuss.train.TrainingResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkContext;

/** What result.json and metrics.jsonl hold; epochs are counted from 1 there. */
final class ResultJson {
  private static final Set<String> ENDS = Set.of("completed", "early-stopped", "diverged");

  private ResultJson() {}

  /**
   * Whether a training came to its end.
   *
   * @param text of its result.json; null for none. What is no JSON is as good as not there
   */
  static boolean hasEnded(String text) {
    try {
      return text != null && hasEnded(Json.parseObject(text, OutputFolder.RESULT));
    } catch (ModelException damaged) {
      return false;
    }
  }

  /** The same of a result that was read. */
  static boolean hasEnded(Map<String, Object> result) {
    return result.get("status") instanceof String status && ENDS.contains(status);
  }

  /** A line of metrics.jsonl. */
  static Map<String, Object> epoch(EpochReport report) {
    Map<String, Object> train = new LinkedHashMap<>();
    train.put("loss", report.trainLoss());
    train.put("regularization", report.regularization());
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", report.step());
    line.put("epoch", report.epoch() + 1);
    line.put("lr", report.learningRate());
    line.put("train", train);
    line.put("validation", report.validation());
    line.put("best", report.best());
    line.put("samplesPerSecond", report.samplesPerSecond());
    line.put("seconds", report.seconds());
    line.put("time", time(report.time()));
    line.put("gradientNorm", report.gradientNorms());
    line.put("updateRatio", report.updateRatios());
    line.put("trustRatio", report.trustRatios());
    List<Object> looks = new ArrayList<>();
    for (GradientLook look : report.gradientLooks()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("step", look.step());
      one.put("size", look.sizes());
      looks.add(one);
    }
    line.put("gradientLooks", looks);
    Map<String, Object> rounds = new LinkedHashMap<>();
    rounds.put("median", parts(report.rounds().median()));
    rounds.put("p90", parts(report.rounds().most()));
    rounds.put("longest", parts(report.rounds().longest()));
    line.put("round", rounds);
    if (!report.curvature().isEmpty()) {
      line.put("curvature", report.curvature().stream().map(ResultJson::curvature).toList());
    }
    return line;
  }

  private static Map<String, Object> curvature(Curvature update) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("step", update.step());
    json.put("lr", update.learningRate());
    json.put("gradientSquared", update.gradientSquared());
    json.put("alongGradient", update.alongGradient());
    json.put("firstOrder", update.firstOrder());
    json.put("secondOrder", update.secondOrder());
    json.put("taken", update.taken());
    json.put("illConditioned", update.illConditioned());
    return json;
  }

  private static Map<String, Object> parts(RoundSpread.Parts parts) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("compute", parts.compute());
    json.put("broadcast", parts.broadcast());
    json.put("wait", parts.waiting());
    json.put("reduce", parts.reduce());
    json.put("update", parts.update());
    json.put("total", parts.total());
    return json;
  }

  /**
   * The file result.json.
   *
   * @param skipped rows of all sources that were left out
   * @param optimizer as the job file would have it, with every default
   */
  static Map<String, Object> of(
      JobFile job,
      TrainingResult result,
      int parameters,
      Skipped skipped,
      Object optimizer,
      SparkContext spark) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", job.name());
    json.put("status", status(result));
    if (result.message() != null) {
      json.put("message", result.message());
    }
    json.put("steps", result.steps());
    json.put("epochs", result.epochs());
    json.put("rows", result.rows());
    json.put("parameters", parameters);
    json.put("seconds", result.seconds());
    json.put("samplesPerSecond", result.samplesPerSecond());
    json.put("time", time(result.time()));
    json.put("reduction", reduction(result.reduction()));
    json.put("advice", result.advice());
    json.put("train", result.train());
    json.put("validation", result.validation());
    json.put("test", result.test());
    json.put("best", best(result.best()));
    json.put("leftOutBatches", result.leftOut());
    json.put("rollbacks", result.rollbacks());
    if (result.checkpoints() != null) {
      json.put("checkpoint", checkpoints(result.checkpoints()));
    }
    LeftOut.put(skipped, json);
    json.put("seed", job.train().seed());
    json.put("optimizer", optimizer);
    json.put("spark", spark(spark));
    Map<String, Object> blas = new LinkedHashMap<>();
    blas.put("driver", Blas.get().name());
    blas.put("executors", kinds(result.blas()));
    json.put("blas", blas);
    json.put("version", Version.schuss());
    return json;
  }

  /**
   * The file result.json of a training that did not come to its end.
   *
   * @param steps updates made
   * @param epochs finished epochs
   * @param why one line
   * @param cancelled whether somebody wanted it to end
   */
  static Map<String, Object> failed(
      JobFile job, long steps, int epochs, String why, boolean cancelled, SparkContext spark) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", job.name());
    json.put("status", cancelled ? "cancelled" : "failed");
    json.put("message", why);
    json.put("steps", steps);
    json.put("epochs", epochs);
    json.put("seed", job.train().seed());
    json.put("spark", spark(spark));
    json.put("version", Version.schuss());
    return json;
  }

  static Map<String, Object> spark(SparkContext spark) {
    Map<String, Object> cluster = new LinkedHashMap<>();
    cluster.put("version", spark.version());
    cluster.put("master", spark.master());
    cluster.put("slots", spark.defaultParallelism());
    return cluster;
  }

  /** {@code completed}, {@code early-stopped}, {@code diverged} or {@code cancelled}. */
  private static String status(TrainingResult result) {
    return result.status().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Map<String, Object> time(TimeSplit time) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("compute", time.compute());
    json.put("meanCompute", time.meanCompute());
    json.put("broadcast", time.broadcast());
    json.put("wait", time.waiting());
    json.put("reduce", time.reduce());
    json.put("update", time.update());
    json.put("other", time.other());
    return json;
  }

  static Map<String, Object> reduction(ReductionPlan plan) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", plan.kind().name().toLowerCase(Locale.ROOT));
    json.put("tasks", plan.tasks());
    json.put("depth", plan.depth());
    return json;
  }

  private static Map<String, Object> checkpoints(TrainingResult.Checkpoints checkpoints) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("newest", checkpoints.newest());
    json.put("resumedAtStep", checkpoints.resumedAt());
    json.put("saved", checkpoints.saved());
    json.put("failed", checkpoints.failed());
    json.put("writingSeconds", checkpoints.writingSeconds());
    json.put("heldUpSeconds", checkpoints.heldUpSeconds());
    return json;
  }

  static Map<String, Object> best(TrainingResult.Best best) {
    if (best == null) {
      return null;
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("epoch", best.epoch() + 1);
    json.put("metric", best.metric());
    json.put("value", best.value());
    return json;
  }

  /** The names of what computed, one for each bit. */
  static List<String> kinds(int bits) {
    return Arrays.stream(Blas.Kind.values())
        .filter(kind -> (bits & kind.bit()) != 0)
        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
        .toList();
  }
}
