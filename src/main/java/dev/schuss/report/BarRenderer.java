package dev.schuss.report;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/** Draws {@code 37 % |======= | epoch 3/6 loss 0.0253 0:12 left}. */
final class BarRenderer implements ProgressBarRenderer {
  private static final int LONGEST = 30;

  private final char full;

  /**
   * @param unicode whether the terminal shows block characters
   */
  BarRenderer(boolean unicode) {
    this.full = unicode ? '\u2588' : '=';
  }

  @Override
  public String render(ProgressState state, int width) {
    double done = Math.min(1, state.getNormalizedProgress());
    String before = String.format(Locale.ROOT, "%3d %% ", (int) (100 * done));
    String after = " " + state.getExtraMessage() + left(state, done);
    int room = Math.min(LONGEST, width - before.length() - after.length() - 2);
    if (room < 3) { // a narrow terminal: the words without the bar
      String words = before + after;
      return words.substring(0, Math.min(words.length(), width));
    }
    int filled = (int) (room * done);
    String bar = String.valueOf(full).repeat(filled) + " ".repeat(room - filled);
    return before + "|" + bar + "|" + after;
  }

  private static String left(ProgressState state, double done) {
    Duration elapsed = state.getElapsedAfterStart();
    if (done < 0.01 || elapsed.toMillis() < 500) {
      return "";
    }
    long seconds = Math.round(elapsed.toMillis() / 1e3 * (1 - done) / done);
    return seconds < 3600
        ? String.format(Locale.ROOT, "  %d:%02d left", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "  %d h %02d left", seconds / 3600, seconds % 3600 / 60);
  }
}
