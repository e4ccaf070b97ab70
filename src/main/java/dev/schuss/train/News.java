package dev.schuss.train;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Tells listeners how a training goes: of a round while the next one is computed, of all else at
 * once. And Spark's web page.
 */
final class News {
  private final List<TrainingListener> listeners;
  private RoundReport untold;
  private RoundReport told;

  News(List<TrainingListener> listeners) {
    this.listeners = listeners;
  }

  /** To be told at once. */
  void tell(Consumer<TrainingListener> call) {
    listeners.forEach(call);
  }

  /** A round was made; to be told when there is time. */
  void made(RoundReport report) {
    untold = report;
  }

  /** There is time to tell of the last round. */
  void tellOfLastRound() {
    if (untold != null) {
      told = untold;
      untold = null;
      tell(listener -> listener.round(told));
    }
  }

  /** What Spark's web page says of a round: where it is, and how the last known one went. */
  String description(int epoch, long round, long count) {
    String place = "Schuss: epoch %d, round %d of %d".formatted(epoch + 1, round + 1, count);
    RoundReport known = untold == null ? told : untold;
    if (known == null) {
      return place;
    }
    RoundTime t = known.time();
    return String.format(
        Locale.ROOT,
        "%s; step %d: loss %.4g, %.1f ms (compute %.1f, broadcast %.1f, wait %.1f, reduce %.1f, update %.1f)",
        place,
        known.step(),
        known.loss(),
        1e3 * known.seconds(),
        1e3 * t.compute(),
        1e3 * t.broadcast(),
        1e3 * t.waiting(),
        1e3 * t.reduce(),
        1e3 * known.update());
  }
}
