package dev.schuss.report;

import dev.schuss.train.RoundReport;
import java.util.Arrays;

/**
 * The losses of all minibatches of a training in few points: where there are too many, neighbours
 * are merged, and from then on each point is the mean of twice as many.
 */
final class RoundCurve {
  private static final int MOST = 160;

  private final double[] x = new double[MOST];
  private final double[] y = new double[MOST];
  private int size;
  private long perPoint = 1;
  private long collected;
  private double sumX;
  private double sumY;

  /** One more round; one whose loss is not finite is left out. */
  void add(RoundReport round) {
    if (!Double.isFinite(round.loss())) {
      return;
    }
    sumX += round.epoch() + (round.round() + 1.0) / round.rounds();
    sumY += round.loss();
    if (++collected < perPoint) {
      return;
    }
    if (size == MOST) {
      merge();
      return; // the point is half full now
    }
    x[size] = sumX / collected;
    y[size++] = sumY / collected;
    clear();
  }

  private void merge() {
    for (int i = 0; i < MOST / 2; i++) {
      x[i] = (x[2 * i] + x[2 * i + 1]) / 2;
      y[i] = (y[2 * i] + y[2 * i + 1]) / 2;
    }
    size = MOST / 2;
    perPoint *= 2;
  }

  private void clear() {
    sumX = 0;
    sumY = 0;
    collected = 0;
  }

  /** Epochs, 1 after the first. */
  double[] x() {
    return Arrays.copyOf(x, size);
  }

  /** Mean losses. */
  double[] y() {
    return Arrays.copyOf(y, size);
  }
}
