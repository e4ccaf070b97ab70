package dev.schuss.train;

import dev.schuss.math.Vectors;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import dev.schuss.optim.NonFiniteException;
import dev.schuss.optim.Updater;
import java.util.Arrays;
import java.util.List;

/**
 * The segments that no rule updates, such as the running statistics of a batch normalisation: each
 * moves by the mean of what the objective added in the gradient's place.
 */
final class Buffers {
  private final List<Segment> segments;
  private final float[] moves;

  Buffers(Layout layout) {
    segments = layout.segments().stream().filter(s -> !s.trainable()).toList();
    moves = new float[segments.stream().mapToInt(Segment::length).sum()];
  }

  /**
   * Takes the moves out of a gradient sum, where zeros stay, as the rule has them.
   *
   * @param step the number of the update that follows
   * @return rows that moved nothing, though there is something to move and they have weights
   * @throws NonFiniteException if a move is not finite
   */
  long take(GradientSum sum, long step) {
    if (segments.isEmpty()) {
      return 0;
    }
    float[] g = sum.gradient();
    int at = 0;
    for (Segment s : segments) {
      if (!Vectors.allFinite(g, s.offset(), s.end())) {
        throw new NonFiniteException(step, "the move of " + s.name());
      }
      System.arraycopy(g, s.offset(), moves, at, s.length());
      Arrays.fill(g, s.offset(), s.end(), 0);
      at += s.length();
    }
    Vectors.scale(moves, sum.statisticsRows() == 0 ? 0 : 1f / sum.statisticsRows());
    return Math.max(0, sum.rows() - sum.weightlessRows() - sum.statisticsRows());
  }

  /** Moves the segments, but for those that a group freezes. */
  void move(Updater updater) {
    int at = 0;
    for (Segment s : segments) {
      for (int i = s.offset(); i < s.end() && !updater.frozen(s); i++) {
        updater.weights()[i] += moves[at + i - s.offset()];
      }
      at += s.length();
    }
  }
}
