package dev.schuss.report;

import dev.schuss.train.EpochReport;
import dev.schuss.train.RoundReport;
import dev.schuss.train.TrainingResult;
import dev.schuss.train.TrainingStart;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Draws the curves of one training in a paragraph of Zeppelin while it goes, in one place;
 * elsewhere it prints the epochs and the summary when it has ended. What cannot be drawn does not
 * end the training.
 */
final class LiveCurve {
  private static final Logger log = LoggerFactory.getLogger(LiveCurve.class);

  /** A browser that draws more often has no time for anything else. */
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(500);

  /** A pause is as many times as long as the drawing before it: a training loses a twentieth. */
  private static final long SHARE = 20;

  /** Rounds in which Java still compiles. */
  private static final int SLOW = 10;

  private final String title;
  private final PrintStream plain;
  private final LongSupplier nanos;
  private final TrainingStart start;
  private final List<EpochReport> history = new ArrayList<>();
  private final RoundCurve rounds = new RoundCurve();
  private final long began;
  private final long first; // rounds before those of this process
  private ZeppelinParagraph paragraph; // null where there is none
  private ZeppelinParagraph.Block block; // null before the first
  private RoundReport last;
  private long drawn;
  private long pause = PAUSE;

  /**
   * Draws a training that is about to begin.
   *
   * @param paragraph where to draw; null for none
   * @param plain where to print if there is none
   * @param nanos a clock
   */
  LiveCurve(
      String title,
      ZeppelinParagraph paragraph,
      PrintStream plain,
      LongSupplier nanos,
      TrainingStart start) {
    this.title = title;
    this.paragraph = paragraph;
    this.plain = plain;
    this.nanos = nanos;
    this.start = start;
    this.began = nanos.getAsLong();
    TrainingStart.Resumed resumed = start.resumed();
    if (resumed != null) {
      history.addAll(resumed.history());
    }
    this.first = resumed == null ? 0 : resumed.epoch() * start.roundsPerEpoch() + resumed.round();
    draw(
        () -> {
          Drawing.ready(); // before the first round
          return soFar();
        });
  }

  void round(RoundReport report) {
    last = report;
    rounds.add(report);
    drawIfTime();
  }

  void epoch(EpochReport report) {
    history.add(report);
    drawIfTime();
  }

  void ended(TrainingResult result) {
    draw(() -> Notebook.fragment(title, result, rounds));
    if (paragraph == null) {
      // At once, as other trainings may end at the same time.
      plain.println(
          String.join(System.lineSeparator(), NotebookText.lines(title, result, start.epochs())));
      plain.flush();
    }
  }

  private void drawIfTime() {
    if (paragraph != null && nanos.getAsLong() - drawn >= pause) {
      draw(this::soFar);
    }
  }

  private Fragment soFar() {
    return new Fragment()
        .title(title)
        .line(words())
        .progress(made(), total())
        .plots(HistoryPlots.of(history, null, rounds));
  }

  private long total() {
    return start.roundsPerEpoch() * start.epochs();
  }

  private long made() {
    return last == null ? first : last.epoch() * start.roundsPerEpoch() + last.round() + 1;
  }

  private String words() {
    if (last == null) {
      return "%s, %s, batch %s, %s per epoch; the first round is under way"
          .formatted(
              Numbers.count(start.rows(), "row"),
              Numbers.count(start.parameters(), "parameter"),
              Numbers.count((double) start.batchSize()),
              Numbers.count(start.roundsPerEpoch(), "round"));
    }
    double seconds = (nanos.getAsLong() - began) / 1e9;
    double done = (double) (made() - first) / Math.max(1, total() - first);
    return "epoch %d of %d, round %s of %s, step %s, loss %s%s"
        .formatted(
            last.epoch() + 1,
            start.epochs(),
            Numbers.count((double) last.round() + 1),
            Numbers.count((double) last.rounds()),
            Numbers.count((double) last.step()),
            Numbers.metric("loss", last.loss()),
            made() - first < SLOW // the first rounds tell nothing of the others
                ? ""
                : ", about %s left".formatted(Numbers.duration(seconds * (1 - done) / done)));
  }

  private void draw(Supplier<Fragment> fragment) {
    if (paragraph == null) {
      return;
    }
    long from = nanos.getAsLong();
    try {
      String html = fragment.get().html();
      if (block == null) {
        block = paragraph.draw(html);
      } else {
        block.redraw(html);
      }
      drawn = nanos.getAsLong();
      pause = Math.max(PAUSE, SHARE * (drawn - from));
    } catch (IOException | RuntimeException | LinkageError e) {
      log.warn("the curves cannot be drawn any more ({}); the training goes on", e.toString());
      paragraph = null; // the rest as text, at the end
    }
  }
}
