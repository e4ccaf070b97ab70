package dev.schuss.report;

import dev.schuss.train.TrainingResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How a training ended, for people. */
public final class Summary {
  private Summary() {}

  /**
   * The closing block.
   *
   * @param result how it ended
   * @param outputs what lies where, such as {@code model} and its path; in the order to show
   * @return lines without line breaks
   */
  public static List<String> lines(TrainingResult result, Map<String, String> outputs) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s after %s (%s) in %s, %s rows/s"
            .formatted(
                result.status().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                Numbers.count(result.epochs(), "epoch"),
                Numbers.count(result.steps(), "step"),
                Numbers.duration(result.seconds()),
                Numbers.count(result.samplesPerSecond())));
    if (!result.validation().isEmpty()) {
      TrainingResult.Best best = result.best();
      lines.add(
          row("validation", metrics(result.validation()))
              + (best == null
                  ? ""
                  : "  (epoch %d, the best by %s)".formatted(best.epoch() + 1, best.metric())));
    }
    if (!result.test().isEmpty()) {
      lines.add(row("test", metrics(result.test())));
    }
    outputs.forEach((name, path) -> lines.add(row(name, path)));
    result.advice().forEach(line -> lines.add(row("faster?", line)));
    return lines;
  }

  private static String metrics(Map<String, Double> values) {
    Map<String, Double> ordered = new LinkedHashMap<>();
    if (values.containsKey("accuracy")) {
      ordered.put("accuracy", values.get("accuracy"));
    }
    ordered.putAll(values);
    return ordered.entrySet().stream()
        .map(e -> e.getKey() + " " + Numbers.metric(e.getKey(), e.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String row(String name, String text) {
    return String.format(Locale.ROOT, "  %-12s%s", name, text);
  }
}
