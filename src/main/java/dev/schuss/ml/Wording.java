package dev.schuss.ml;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The words of spark.ml in messages of the rooms below, which name keys of job files where there is
 * a param for them.
 */
final class Wording {
  private static final Map<String, String> PARAMS = new LinkedHashMap<>(); // the longer first

  static {
    PARAMS.put("start anew with --set checkpoint.resume=never", "start anew with resume = never");
    PARAMS.put("starts anew with --set checkpoint.resume=never", "starts anew with resume = never");
    PARAMS.put("--set checkpoint.resume=", "resume = ");
    PARAMS.put("checkpoint.resume", "resume");
    PARAMS.put("checkpoint.dir", "checkpointDir");
    PARAMS.put("data.validation, such as { fraction = 0.1 }", "validationIndicatorCol");
    PARAMS.put("data.invalid", "handleInvalid");
    PARAMS.put("train.earlyStopping.patience", "earlyStoppingPatience");
    PARAMS.put("optimizer.schedule", "schedule");
    PARAMS.put("train.epochs", "epochs");
    PARAMS.put("train.batchSize", "batchSize");
    PARAMS.put("train.reduction", "reduction");
    PARAMS.put("train.treeDepth", "aggregationDepth");
    PARAMS.put("model.input", "input in the param network");
    PARAMS.put("set task = regression", "take NeuralNetworkRegressor");
    PARAMS.put("give the job", "set");
    PARAMS.put("this job has", "these rows have");
  }

  private Wording() {}

  /** The message with params in it; null for null. */
  static String of(String message) {
    String said = message;
    for (Map.Entry<String, String> key : PARAMS.entrySet()) {
      said = said == null ? null : said.replace(key.getKey(), key.getValue());
    }
    return said;
  }
}
