package dev.schuss.report;

import dev.schuss.train.TrainingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    if (result.message() != null) {
      lines.add(row("because", result.message()));
    }
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
    result.advice().forEach(line -> lines.add(row("advice", line)));
    return lines;
  }

  /** The first metric and the loss; all of them stand in result.json. */
  private static String metrics(Map<String, Double> values) {
    return Stream.concat(
            values.keySet().stream().filter(name -> !name.equals("loss")).limit(1),
            values.keySet().stream().filter(name -> name.equals("loss")))
        .map(name -> name + " " + Numbers.metric(name, values.get(name)))
        .collect(Collectors.joining(", "));
  }

  /** What something is, and its name before it. */
  static String row(String name, String text) {
    return String.format(Locale.ROOT, "  %-12s%s", name, text);
  }
}
