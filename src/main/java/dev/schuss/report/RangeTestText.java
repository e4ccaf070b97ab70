package dev.schuss.report;

import dev.schuss.experiment.RangeTest;
import dev.schuss.train.TrainingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a learning rate range test found, for people. */
public final class RangeTestText {
  private RangeTestText() {}

  /**
   * The closing block.
   *
   * @param outputs what lies where
   * @return lines without line breaks
   */
  public static List<String> lines(
      RangeTest test, TrainingResult result, Map<String, String> outputs) {
    List<String> lines = new ArrayList<>();
    RangeTest.Suggestion suggestion = test.suggestion();
    if (suggestion == null) {
      lines.add(
          "no suggestion: the loss neither fell nor diverged in %s; try larger rates (--to) or more updates (--steps)"
              .formatted(Numbers.count(result.steps(), "update")));
    } else {
      lines.add("suggested learning rate: " + Numbers.compact(suggestion.rate()));
      lines.add(Summary.row("because", suggestion.why()));
      lines.add(
          Summary.row(
              "use it", "--set optimizer.learningRate=" + Numbers.compact(suggestion.rate())));
    }
    if (test.over()) {
      lines.add(
          Summary.row(
              "ended",
              "after %s, at %s, where it diverged"
                  .formatted(
                      Numbers.count(result.steps(), "update"),
                      Numbers.compact(test.divergedAt()))));
    }
    outputs.forEach((name, path) -> lines.add(Summary.row(name, path)));
    return lines;
  }
}
