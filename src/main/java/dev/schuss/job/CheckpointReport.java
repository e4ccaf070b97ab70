package dev.schuss.job;

import dev.schuss.checkpoint.CheckpointFolder;
import dev.schuss.checkpoint.Manifest;
import dev.schuss.model.Json;
import dev.schuss.nn.Network;
import dev.schuss.train.EpochReport;
import dev.schuss.train.SavedTraining;
import dev.schuss.train.TrainingResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code inspect} says of a checkpoint that was read, and so is whole. */
final class CheckpointReport {
  private CheckpointReport() {}

  /** The report for people. */
  static List<String> lines(CheckpointFolder.Found found, SavedTraining training) {
    List<String> out = new ArrayList<>();
    out.add(
        "%s: a training after %,d steps, to go on with epoch %d, round %d"
            .formatted(found.name(), training.steps(), training.epoch() + 1, training.round() + 1));
    for (String line : found.passedOver()) {
      out.add("passed over " + line);
    }
    out.add("");
    Network network = training.network();
    if (network != null) {
      out.addAll(ModelReport.table(network));
      out.add("");
      out.add("loss        " + network.loss().getClass().getSimpleName());
    }
    out.add("optimizer   " + Json.line(training.identity().get("optimizer")));
    out.add("rule        " + training.rule());
    out.add("state       " + state(training));
    if (!training.history().isEmpty()) {
      EpochReport last = training.history().get(training.history().size() - 1);
      out.add(
          "epoch %-6dtrain loss %.5g%s"
              .formatted(last.epoch() + 1, last.trainLoss(), metrics(last.validation())));
    }
    TrainingResult.Best best = training.best();
    if (best != null) {
      out.add(
          String.format(
              Locale.ROOT,
              "best        %s %.5g, epoch %d",
              best.metric(),
              best.value(),
              best.epoch() + 1));
    }
    out.add("rows        " + training.identity().get("training rows"));
    out.add("validation  " + training.identity().get("validation rows"));
    out.add("partitions  " + training.identity().get("partitions"));
    out.add(
        "written by  "
            + found.manifest().versions().entrySet().stream()
                .map(version -> version.getKey() + " " + version.getValue())
                .collect(Collectors.joining(", ")));
    for (Manifest.Entry file : found.manifest().files()) {
      out.add(
          "file        %s, %,d bytes, checksum %s ok"
              .formatted(file.name(), file.bytes(), file.crc32c()));
    }
    return out;
  }

  private static String state(SavedTraining training) {
    return training.floats().entrySet().stream()
        .map(kind -> "%s %,d".formatted(kind.getKey(), kind.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String metrics(Map<String, Double> validation) {
    return validation.entrySet().stream()
        .limit(2)
        .map(metric -> String.format(Locale.ROOT, ", %s %.5g", metric.getKey(), metric.getValue()))
        .collect(Collectors.joining());
  }

  /** The report for programs. */
  static Map<String, Object> json(CheckpointFolder.Found found, SavedTraining training) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("checkpoint", found.name());
    json.put("passedOver", found.passedOver());
    json.put("steps", training.steps());
    json.put("epoch", training.epoch() + 1);
    json.put("round", training.round() + 1);
    json.put("seconds", training.seconds());
    Network network = training.network();
    if (network != null) {
      json.putAll(ModelReport.layersJson(network));
    }
    json.put("rule", training.rule());
    json.put("floats", training.floats());
    json.put("history", training.history().stream().map(ResultJson::epoch).toList());
    json.put("best", ResultJson.best(training.best()));
    json.put("training", training.identity());
    json.put("versions", found.manifest().versions());
    List<Object> files = new ArrayList<>();
    for (Manifest.Entry file : found.manifest().files()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", file.name());
      entry.put("bytes", file.bytes());
      entry.put("crc32c", file.crc32c());
      files.add(entry);
    }
    json.put("files", files);
    return json;
  }
}
