package dev.schuss.report;

import dev.schuss.train.EpochReport;
import dev.schuss.train.TrainingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a notebook shows, for places that show text alone. */
final class NotebookText {
  /** Epochs that are shown of a long training: evenly spread, the best and the last among them. */
  private static final int MOST = 20;

  private NotebookText() {}

  /**
   * A training that has ended.
   *
   * @param epochs how many were planned
   * @return lines without line breaks
   */
  static List<String> lines(String title, TrainingResult result, int epochs) {
    List<String> lines = new ArrayList<>();
    if (!title.isEmpty()) {
      lines.add(title);
    }
    lines.addAll(epochs(result.history(), epochs));
    lines.addAll(Summary.lines(result, Map.of()));
    return lines;
  }

  /** A line for each epoch, or for some of many. */
  static List<String> epochs(List<EpochReport> history, int planned) {
    EpochTable table = new EpochTable(planned);
    int every = (history.size() + MOST - 1) / MOST;
    int best = -1;
    for (int i = 0; i < history.size(); i++) {
      best = history.get(i).best() ? i : best;
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < history.size(); i++) {
      if ((history.size() - 1 - i) % every == 0 || i == best) {
        lines.addAll(table.lines(history.get(i)));
      }
    }
    return lines;
  }
}
