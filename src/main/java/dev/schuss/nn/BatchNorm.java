package dev.schuss.nn;

import dev.schuss.math.Mix;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.math.Vectors;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import java.util.Arrays;

/**
 * Normalises each input, or each channel of an image, by its mean and variance over the rows of a
 * micro-batch, y = weight (x - mean) / sqrt(variance + epsilon) + bias: Ioffe and Szegedy 2015.
 * Predictions take running statistics instead.
 *
 * <p>The rows are those of a ghost batch (Hoffer et al. 2017): a partition's share of a round in
 * pieces of exactly {@code ghostBatch} rows, of which a last one below half, or of a single row,
 * joins the one before. A share of a single row is normalised by the running statistics. These move
 * once in each round, by the mean over its ghost batches. In means and variances every row counts,
 * whatever its weight; but a ghost batch whose weights are all 0 moves nothing.
 *
 * <p>Parameters, each [inputs] or [channels]: {@code weight}, which starts at 1; {@code bias},
 * which starts at 0; and what no update rule touches: {@code running_mean}, which starts at 0, and
 * {@code running_var}, the unbiased variance, which starts at 1.
 *
 * @param epsilon keeps the quotient finite where all inputs are the same
 * @param momentum share of a round's statistics in the running ones
 * @param ghostBatch rows that are normalised together in training; the same in all layers of a
 *     network
 */
public record BatchNorm(
    @Range(above = 0) double epsilon,
    @Range(above = 0, max = 1) double momentum,
    @Range(min = 2) int ghostBatch)
    implements Layer {
  /** As PyTorch's BatchNorm, on ghost batches of 64 rows. */
  public static final BatchNorm DEFAULTS = new BatchNorm(1e-5, 0.1, 64);

  /** Rows that can be normalised by themselves. */
  static final int FEWEST = 2;

  /** Checks the numbers. */
  public BatchNorm {
    Ranges.check(BatchNorm.class, epsilon, momentum, ghostBatch);
  }

  @Override
  public String type() {
    return "batch-norm";
  }

  @Override
  public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
    int n = input.channels();
    Segment weight = layout.append(name + ".weight", true, n);
    Segment bias = layout.append(name + ".bias", true, n);
    Segment mean = layout.append(name + ".running_mean", false, n);
    Segment variance = layout.append(name + ".running_var", false, n);
    return new Bound(
        input,
        input.size(),
        this,
        weight.offset(),
        bias.offset(),
        mean.offset(),
        variance.offset());
  }

  private record Bound(
      Shape shape,
      int outputs,
      BatchNorm options,
      int weight,
      int bias,
      int runningMean,
      int runningVariance)
      implements BoundLayer {

    @Override
    public int ghostBatch() {
      return options.ghostBatch;
    }

    @Override
    public void initialize(float[] w, Initializer initializer, Mix random) {
      Arrays.fill(w, weight, weight + shape.channels(), 1f);
      Arrays.fill(w, runningVariance, runningVariance + shape.channels(), 1f);
    }

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y) {
      float[] moments = Scratch.ofThread().shared(0, 2 * shape.channels());
      takeRunning(w, moments);
      normalise(w, x, rows, moments, y);
    }

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y, Training training) {
      float[] moments = training.kept(3 * shape.channels());
      if (rows < FEWEST) {
        takeRunning(w, moments);
      } else {
        measure(x, rows, moments);
      }
      normalise(w, x, rows, moments, y);
    }

    private void takeRunning(float[] w, float[] moments) {
      int n = shape.channels();
      for (int c = 0; c < n; c++) {
        moments[c] = w[runningMean + c];
        moments[n + c] = (float) (1 / Math.sqrt(w[runningVariance + c] + options.epsilon));
      }
    }

    /** Leaves the means, then 1 / sqrt(variance + epsilon), then the unbiased variances. */
    private void measure(float[] x, int rows, float[] moments) {
      int n = shape.channels();
      double[] sums = sums(x, x, rows);
      double count = (double) rows * shape.pixels();
      for (int c = 0; c < n; c++) {
        double mean = sums[c] / count;
        double squares = Math.max(0, sums[n + c] - mean * sums[c]);
        moments[c] = (float) mean;
        moments[n + c] = (float) (1 / Math.sqrt(squares / count + options.epsilon));
        moments[2 * n + c] = (float) (squares / (count - 1));
      }
    }

    /** For each channel the sum of a, then for each that of a b. */
    private double[] sums(float[] a, float[] b, int rows) {
      int n = shape.channels();
      int pixels = shape.pixels();
      double[] sums = Scratch.ofThread().doubles(2 * n);
      Arrays.fill(sums, 0, 2 * n, 0);
      for (int r = 0; r < rows; r++) {
        int row = r * outputs;
        for (int c = 0; c < n; c++) {
          if (pixels == 1) {
            sums[c] += a[row + c];
            sums[n + c] += (double) a[row + c] * b[row + c];
          } else {
            int from = row + c * pixels;
            sums[c] += Vectors.sum(a, from, from + pixels);
            sums[n + c] += Vectors.dot(a, b, from, from + pixels);
          }
        }
      }
      return sums;
    }

    private void normalise(float[] w, float[] x, int rows, float[] moments, float[] y) {
      int n = shape.channels();
      int pixels = shape.pixels();
      for (int r = 0; r < rows; r++) {
        int row = r * outputs;
        for (int c = 0; c < n; c++) {
          float mean = moments[c];
          float factor = moments[n + c] * w[weight + c];
          float shift = w[bias + c];
          int to = row + (c + 1) * pixels;
          for (int i = to - pixels; i < to; i++) {
            y[i] = (x[i] - mean) * factor + shift;
          }
        }
      }
    }

    /**
     * With z = (x - mean) s and g = dy weight: dx = s (g - mean(g) - z mean(g z)); dx = s g where
     * mean and s are the running ones.
     */
    @Override
    public void backward(
        float[] w,
        float[] x,
        float[] y,
        int rows,
        float[] dy,
        float[] dx,
        float[] gradient,
        Training training) {
      int n = shape.channels();
      int pixels = shape.pixels();
      boolean measured = rows >= FEWEST;
      float[] moments = training.kept(3 * n);
      double[] sums = sums(dy, x, rows);
      double count = (double) rows * pixels;
      for (int c = 0; c < n; c++) {
        float mean = moments[c];
        float s = moments[n + c];
        double sum = sums[c];
        double sumZ = s * (sums[n + c] - mean * sum);
        gradient[bias + c] += (float) sum;
        gradient[weight + c] += (float) sumZ;
        if (measured) {
          float share = (float) (rows * options.momentum);
          gradient[runningMean + c] += share * (mean - w[runningMean + c]);
          gradient[runningVariance + c] += share * (moments[2 * n + c] - w[runningVariance + c]);
        }
        if (dx != null) {
          float factor = s * w[weight + c];
          float slope = measured ? (float) (-factor * s * sumZ / count) : 0;
          float shift = measured ? (float) (-factor * sum / count) : 0;
          for (int r = 0; r < rows; r++) {
            int to = r * outputs + (c + 1) * pixels;
            for (int i = to - pixels; i < to; i++) {
              dx[i] = factor * dy[i] + (slope * (x[i] - mean) + shift);
            }
          }
        }
      }
    }
  }
}
