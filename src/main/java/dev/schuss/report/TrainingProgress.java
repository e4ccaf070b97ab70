package dev.schuss.report;

import dev.schuss.train.EpochReport;
import dev.schuss.train.RoundReport;
import dev.schuss.train.TrainingListener;
import dev.schuss.train.TrainingResult;
import dev.schuss.train.TrainingStart;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * Shows a training as it goes: a line per epoch and, on a terminal, one bar for the whole run below
 * them. Where the output is no terminal, no control character is written.
 */
public final class TrainingProgress implements TrainingListener, AutoCloseable {
  private final PrintStream out;
  private final boolean bars;
  private int epochs;
  private EpochTable table;
  private Screen screen;
  private ProgressBar bar;

  private TrainingProgress(PrintStream out, boolean bars) {
    this.out = out;
    this.bars = bars;
  }

  /**
   * Progress on a stream.
   *
   * @param out where to write
   * @param terminal whether {@code out} is a terminal that understands control characters, see
   *     {@link Terminal#interactive}
   */
  public static TrainingProgress on(PrintStream out, boolean terminal) {
    return new TrainingProgress(out, terminal);
  }

  @Override
  public void started(TrainingStart start) {
    epochs = start.epochs();
    table = new EpochTable(epochs);
    out.printf(
        "%s in %s, %s, batch %s, %s per epoch%n",
        Numbers.count(start.rows(), "row"),
        Numbers.count(start.partitions(), "partition"),
        Numbers.count(start.parameters(), "parameter"),
        Numbers.count((double) start.batchSize()),
        Numbers.count(start.roundsPerEpoch(), "round"));
    TrainingStart.Resumed resumed = start.resumed();
    if (resumed != null) {
      out.printf(
          "going on after %s from %s%n",
          Numbers.count(resumed.step(), "step"), resumed.checkpoint());
    }
    if (bars) {
      screen = new Screen(out);
      bar = bar(start);
      if (resumed != null) {
        bar.stepTo(resumed.epoch() * start.roundsPerEpoch() + resumed.round());
      }
    }
  }

  @Override
  public void round(RoundReport report) {
    if (bar != null) {
      bar.setExtraMessage(
          "epoch %d/%d  loss %s"
              .formatted(report.epoch() + 1, epochs, Numbers.metric("loss", report.loss())));
      bar.step();
    }
  }

  @Override
  public void epoch(EpochReport report) {
    for (String line : table.lines(report)) {
      if (screen == null) {
        out.println(line);
        out.flush();
      } else {
        screen.line(line);
      }
    }
  }

  @Override
  public void ended(TrainingResult result) {
    close();
  }

  /** Takes the bar away; needed only where an error keeps {@link #ended} from being called. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
      screen.close();
      screen = null;
    }
  }

  private ProgressBar bar(TrainingStart start) {
    return new ProgressBarBuilder()
        .setInitialMax(start.roundsPerEpoch() * start.epochs())
        .setRenderer(new BarRenderer(unicode()))
        .setUpdateIntervalMillis(100)
        .setConsumer(screen)
        .clearDisplayOnFinish()
        .build();
  }

  private static boolean unicode() {
    String charset = System.getProperty("sun.stdout.encoding", Charset.defaultCharset().name());
    return Charset.forName(charset).equals(StandardCharsets.UTF_8);
  }
}
