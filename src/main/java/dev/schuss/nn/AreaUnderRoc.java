package dev.schuss.nn;

import dev.schuss.objective.Wire;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.Arrays;

/**
 * The area under the ROC curve: the share of pairs of a positive and a negative row, by weight, of
 * which the positive one has the higher score; equal scores count one half.
 *
 * <p>Rows are kept as a histogram of the distinct scores, so the area is exact up to {@link
 * #MAX_BINS} of them. Beyond that neighbouring bins are joined, by leaving out the last bits of the
 * scores, as many as it takes. How many it takes is decided by the set of scores alone: it does not
 * depend on how rows are spread over partitions, nor on the order in which these are merged.
 */
final class AreaUnderRoc {
  /** Distinct scores; 12 bytes each on the wire. */
  static final int MAX_BINS = 1 << 14;

  private static final int BUFFER = 1 << 13;

  /** How many of the last bits of a score are left out. */
  private int shift;

  private int[] bins = {};
  private double[] positives = {};
  private double[] negatives = {};
  private boolean nan;

  /** Rows not yet in the histogram: the score's order above, the place of the weight below. */
  private long[] buffer;

  /** Weights of these rows, of negative ones below 0. */
  private float[] signedWeights;

  private int buffered;

  /** Accounts for a row. */
  void add(float score, boolean positive, float weight) {
    if (weight == 0) {
      return;
    }
    nan |= Float.isNaN(score);
    if (buffer == null) {
      buffer = new long[BUFFER];
      signedWeights = new float[BUFFER];
    } else if (buffered == BUFFER) {
      compact();
    }
    buffer[buffered] = ((long) order(score) << Integer.SIZE) | buffered;
    signedWeights[buffered++] = positive ? weight : -weight;
  }

  /** A whole number that is larger where the score is larger. */
  private static int order(float score) {
    int bits = Float.floatToIntBits(score + 0f); // -0 is 0
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }

  /** Moves the buffered rows into the histogram. */
  private void compact() {
    if (buffered == 0) {
      return;
    }
    Arrays.sort(buffer, 0, buffered);
    int[] newBins = new int[buffered];
    double[] newPositives = new double[buffered];
    double[] newNegatives = new double[buffered];
    int n = 0;
    for (int i = 0; i < buffered; i++) {
      int bin = (int) (buffer[i] >> Integer.SIZE) >> shift;
      if (n == 0 || newBins[n - 1] != bin) {
        newBins[n++] = bin;
      }
      float weight = signedWeights[(int) buffer[i]];
      newPositives[n - 1] += Math.max(weight, 0);
      newNegatives[n - 1] += Math.max(-weight, 0);
    }
    buffered = 0;
    join(newBins, newPositives, newNegatives, n);
  }

  /** Adds n ascending bins of the same shift. */
  private void join(int[] otherBins, double[] otherPositives, double[] otherNegatives, int n) {
    int[] allBins = new int[bins.length + n];
    double[] allPositives = new double[allBins.length];
    double[] allNegatives = new double[allBins.length];
    int count = 0;
    for (int i = 0, j = 0; i < bins.length || j < n; count++) {
      boolean mine = j == n || (i < bins.length && bins[i] <= otherBins[j]);
      boolean others = i == bins.length || (j < n && otherBins[j] <= bins[i]);
      allBins[count] = mine ? bins[i] : otherBins[j];
      if (mine) {
        allPositives[count] += positives[i];
        allNegatives[count] += negatives[i++];
      }
      if (others) {
        allPositives[count] += otherPositives[j];
        allNegatives[count] += otherNegatives[j++];
      }
    }
    bins = Arrays.copyOf(allBins, count);
    positives = Arrays.copyOf(allPositives, count);
    negatives = Arrays.copyOf(allNegatives, count);
    while (bins.length > MAX_BINS) {
      coarsen(shift + 1);
    }
  }

  /** Leaves out more bits. */
  private void coarsen(int to) {
    if (to == shift) {
      return;
    }
    int n = 0;
    for (int i = 0; i < bins.length; i++) {
      int bin = bins[i] >> (to - shift);
      boolean first = n == 0 || bins[n - 1] != bin;
      if (first) {
        bins[n] = bin;
        positives[n] = positives[i];
        negatives[n++] = negatives[i];
      } else {
        positives[n - 1] += positives[i];
        negatives[n - 1] += negatives[i];
      }
    }
    bins = Arrays.copyOf(bins, n);
    positives = Arrays.copyOf(positives, n);
    negatives = Arrays.copyOf(negatives, n);
    shift = to;
  }

  /** Adds the rows of another area; that one may be coarsened by it. */
  void merge(AreaUnderRoc other) {
    compact();
    other.compact();
    nan |= other.nan;
    int common = Math.max(shift, other.shift);
    coarsen(common);
    other.coarsen(common);
    join(other.bins, other.positives, other.negatives, other.bins.length);
  }

  /**
   * The area.
   *
   * @return null where there are no positive or no negative rows; NaN where a score is
   */
  Double value() {
    compact();
    double pairs = 0;
    double below = 0; // negative rows of lower scores
    double positive = 0;
    for (int i = 0; i < bins.length; i++) {
      pairs += positives[i] * (below + negatives[i] / 2);
      below += negatives[i];
      positive += positives[i];
    }
    return positive == 0 || below == 0 ? null : nan ? Double.NaN : pairs / positive / below;
  }

  /** Number of bins. */
  int bins() {
    compact();
    return bins.length;
  }

  void write(ObjectOutput out) throws IOException {
    compact();
    out.writeInt(shift);
    out.writeBoolean(nan);
    Wire.writeInts(out, bins);
    Wire.writeDoubles(out, positives);
    Wire.writeDoubles(out, negatives);
  }

  static AreaUnderRoc read(ObjectInput in) throws IOException {
    AreaUnderRoc area = new AreaUnderRoc();
    area.shift = in.readInt();
    area.nan = in.readBoolean();
    area.bins = Wire.readInts(in);
    area.positives = Wire.readDoubles(in);
    area.negatives = Wire.readDoubles(in);
    return area;
  }
}
