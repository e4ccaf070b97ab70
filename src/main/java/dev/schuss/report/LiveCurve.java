package dev.schuss.report;

import dev.schuss.train.EpochReport;
import dev.schuss.train.RoundReport;
import dev.schuss.train.TrainingListener;
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
 * Draws the curves of a training in a paragraph of Zeppelin while it goes, in one place; elsewhere
 * it prints the epochs and the summary when it has ended. What cannot be drawn does not end the
 * training.
 */
final class LiveCurve implements TrainingListener {
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
  private final List<EpochReport> history = new ArrayList<>();
  private ZeppelinParagraph paragraph; // null where there is none
  private ZeppelinParagraph.Drawing drawing; // null before the first
  private RoundCurve rounds = new RoundCurve();
  private RoundReport last;
  private TrainingStart start;
  private long began;
  private long first; // rounds before those of this process
  private long drawn;
  private long pause = PAUSE;

  /**
   * Curves of trainings that are about to begin.
   *
   * @param paragraph where to draw, unless the training is on the thread of another; null for none
   * @param plain where to print if there is none
   * @param nanos a clock
   */
  LiveCurve(String title, ZeppelinParagraph paragraph, PrintStream plain, LongSupplier nanos) {
    this.title = title;
    this.paragraph = paragraph;
    this.plain = plain;
    this.nanos = nanos;
  }

  @Override
  public void started(TrainingStart about) {
    ZeppelinParagraph here = ZeppelinParagraph.here();
    paragraph = here == null ? paragraph : here; // made in one paragraph, used in another
    drawing = null;
    start = about;
    history.clear();
    rounds = new RoundCurve();
    last = null;
    began = nanos.getAsLong();
    first = 0;
    if (about.resumed() != null) {
      history.addAll(about.resumed().history());
      first = about.resumed().epoch() * about.roundsPerEpoch() + about.resumed().round();
    }
    if (paragraph != null) {
      Drawing.ready();
    }
    draw(this::soFar);
  }

  @Override
  public void round(RoundReport report) {
    last = report;
    rounds.add(report);
    drawIfTime();
  }

  @Override
  public void epoch(EpochReport report) {
    history.add(report);
    drawIfTime();
  }

  @Override
  public void ended(TrainingResult result) {
    if (paragraph == null) {
      NotebookText.lines(title, result, start.epochs()).forEach(plain::println);
      plain.flush();
    } else {
      draw(() -> Notebook.fragment(title, result, rounds));
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
      if (drawing == null) {
        drawing = paragraph.draw(html);
      } else {
        drawing.redraw(html);
      }
      drawn = nanos.getAsLong();
      pause = Math.max(PAUSE, SHARE * (drawn - from));
    } catch (IOException | RuntimeException e) {
      log.warn("the curves cannot be drawn any more ({}); the training goes on", e.toString());
      paragraph = null; // the rest as text, at the end
    }
  }
}
