package dev.schuss.report;

import dev.schuss.train.EpochReport;
import dev.schuss.train.RoundReport;
import dev.schuss.train.TrainingListener;
import dev.schuss.train.TrainingResult;
import dev.schuss.train.TrainingStart;
import java.io.PrintStream;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;

/**
 * A live curve for each training that it hears of. Trainings may go on at the same time, as those
 * of a {@code CrossValidator} with some parallelism do: each is told on a thread of its own, by
 * which they are told apart.
 */
final class LiveCurves implements TrainingListener {
  private final String title;
  private final PrintStream plain;
  private final LongSupplier nanos;

  /** Of the threads that train. One whose training failed is forgotten with its thread. */
  private final Map<Thread, LiveCurve> curves = Collections.synchronizedMap(new WeakHashMap<>());

  private volatile ZeppelinParagraph paragraph; // null where there is none

  /**
   * Curves of trainings that are about to begin.
   *
   * @param paragraph where to draw, unless the training is on the thread of another; null for none
   * @param plain where to print if there is none
   * @param nanos a clock
   */
  LiveCurves(String title, ZeppelinParagraph paragraph, PrintStream plain, LongSupplier nanos) {
    this.title = title;
    this.paragraph = paragraph;
    this.plain = plain;
    this.nanos = nanos;
  }

  @Override
  public void started(TrainingStart start) {
    ZeppelinParagraph here = ZeppelinParagraph.here();
    if (here != null) {
      paragraph = here; // made in one paragraph, used in another
    }
    curves.put(Thread.currentThread(), new LiveCurve(title, paragraph, plain, nanos, start));
  }

  @Override
  public void round(RoundReport report) {
    curves.get(Thread.currentThread()).round(report);
  }

  @Override
  public void epoch(EpochReport report) {
    curves.get(Thread.currentThread()).epoch(report);
  }

  @Override
  public void ended(TrainingResult result) {
    curves.remove(Thread.currentThread()).ended(result);
  }
}
