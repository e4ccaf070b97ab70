package dev.schuss.train;

import dev.schuss.train.RoundSpread.Parts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the rounds of an epoch took. Of more than some thousand rounds every second is kept, then
 * every fourth, and so on; the longest is known of all. No checkpoint has them: after a resume in
 * the middle of an epoch they are those of its remaining rounds.
 */
final class RoundTimes {
  private static final int MOST = 4096;

  private final List<Parts> kept = new ArrayList<>();
  private Parts longest = Parts.NONE;
  private long seen;
  private long every = 1;

  /** A round was made. */
  void add(RoundTime gradient, double update) {
    Parts round =
        new Parts(
            gradient.compute(),
            gradient.broadcast(),
            gradient.waiting(),
            gradient.reduce(),
            update,
            gradient.total() + update);
    longest =
        new Parts(
            Math.max(longest.compute(), round.compute()),
            Math.max(longest.broadcast(), round.broadcast()),
            Math.max(longest.waiting(), round.waiting()),
            Math.max(longest.reduce(), round.reduce()),
            Math.max(longest.update(), round.update()),
            Math.max(longest.total(), round.total()));
    if (seen++ % every == 0) {
      if (kept.size() == MOST) {
        for (int i = 1; i <= MOST / 2; i++) {
          kept.remove(i);
        }
        every *= 2;
      }
      kept.add(round);
    }
  }

  /** The rounds since the last {@link #clear}. */
  RoundSpread spread() {
    return kept.isEmpty()
        ? RoundSpread.NONE
        : new RoundSpread(quantile(0.5), quantile(0.9), longest);
  }

  private Parts quantile(double q) {
    return new Parts(
        quantile(q, Parts::compute),
        quantile(q, Parts::broadcast),
        quantile(q, Parts::waiting),
        quantile(q, Parts::reduce),
        quantile(q, Parts::update),
        quantile(q, Parts::total));
  }

  /** The smallest of the numbers that so large a share of them does not exceed. */
  private double quantile(double q, ToDoubleFunction<Parts> of) {
    double[] sorted = kept.stream().mapToDouble(of).toArray();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(q * sorted.length) - 1];
  }

  void clear() {
    kept.clear();
    longest = Parts.NONE;
    seen = 0;
    every = 1;
  }
}
