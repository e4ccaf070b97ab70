package dev.schuss.experiment;

import static dev.schuss.model.Json.number;

import dev.schuss.model.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A training that ended, as its files tell it.
 *
 * @param setting what was set apart from the seed; runs of one setting are averaged
 * @param values the alternatives of the grid by key, each by its label
 * @param seed of its weights and order
 * @param folder where its files lie
 * @param status how it ended: {@code completed}, {@code early-stopped} or {@code diverged}
 * @param message why, where it ended before its plan did; else null
 * @param steps updates made
 * @param epochs finished epochs
 * @param seconds that it took
 * @param train metrics of the training rows
 * @param validation metrics of the result on the validation rows; may be empty
 * @param test metrics of the result on the test rows; may be empty
 * @param history its epochs
 */
public record RunRecord(
    String setting,
    Map<String, String> values,
    long seed,
    String folder,
    String status,
    String message,
    long steps,
    int epochs,
    double seconds,
    Map<String, Double> train,
    Map<String, Double> validation,
    Map<String, Double> test,
    List<Epoch> history) {

  /**
   * An epoch.
   *
   * @param epoch counted from 1
   * @param step updates made so far
   * @param seconds since the start of the training
   * @param learningRate of the last update
   * @param trainLoss mean loss over its minibatches
   * @param validation metrics of the validation rows; may be empty
   * @param gradientNorms of the last minibatch by layer
   */
  public record Epoch(
      int epoch,
      long step,
      double seconds,
      double learningRate,
      double trainLoss,
      Map<String, Double> validation,
      Map<String, Double> gradientNorms) {}

  /**
   * Reads a run.
   *
   * @param result result.json
   * @param lines those of metrics.jsonl
   */
  public static RunRecord of(
      String setting,
      Map<String, String> values,
      long seed,
      String folder,
      Map<String, Object> result,
      List<Map<String, Object>> lines) {
    List<Epoch> history = new ArrayList<>();
    double seconds = 0;
    for (Map<String, Object> line : lines) {
      seconds += number(line.get("seconds"));
      history.add(
          new Epoch(
              (int) number(line.get("epoch")),
              (long) number(line.get("step")),
              seconds,
              number(line.get("lr")),
              numbers(line.get("train")).getOrDefault("loss", Double.NaN),
              numbers(line.get("validation")),
              numbers(line.get("gradientNorm"))));
    }
    return new RunRecord(
        setting,
        values,
        seed,
        folder,
        String.valueOf(result.get("status")),
        result.get("message") instanceof String message ? message : null,
        (long) number(result.get("steps")),
        (int) number(result.get("epochs")),
        number(result.get("seconds")),
        numbers(result.get("train")),
        numbers(result.get("validation")),
        numbers(result.get("test")),
        List.copyOf(history));
  }

  /** Whether a loss, a gradient or an update was not finite. */
  public boolean diverged() {
    return status.equals("diverged");
  }

  private static Map<String, Double> numbers(Object tree) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    Json.block(tree).forEach((name, value) -> numbers.put(name, number(value)));
    return numbers;
  }
}
