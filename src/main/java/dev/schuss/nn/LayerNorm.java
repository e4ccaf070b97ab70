package dev.schuss.nn;

import dev.schuss.math.Mix;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import java.util.Arrays;

/**
 * Normalises each row by its own mean and variance, y_j = weight_j (x_j - mean) / sqrt(variance +
 * epsilon) + bias_j: Ba et al. 2016. The same in training and predictions, and the same for any
 * minibatch.
 *
 * <p>Parameters: {@code weight} [inputs], which starts at 1; {@code bias} [inputs], which starts at
 * 0.
 *
 * @param epsilon keeps the quotient finite where all inputs of a row are the same
 */
public record LayerNorm(@Range(above = 0) double epsilon) implements Layer {
  /** As PyTorch's LayerNorm. */
  public static final LayerNorm DEFAULTS = new LayerNorm(1e-5);

  /** Checks epsilon. */
  public LayerNorm {
    Ranges.check(LayerNorm.class, epsilon);
  }

  @Override
  public String type() {
    return "layer-norm";
  }

  @Override
  public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
    int inputs = input.size();
    Segment weight = layout.append(name + ".weight", true, inputs);
    Segment bias = layout.append(name + ".bias", true, inputs);
    return new Bound(input, inputs, epsilon, weight.offset(), bias.offset());
  }

  private record Bound(Shape shape, int outputs, double epsilon, int weight, int bias)
      implements BoundLayer {

    @Override
    public void initialize(float[] w, Initializer initializer, Mix random) {
      Arrays.fill(w, weight, weight + outputs, 1f);
    }

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y) {
      normalise(w, x, rows, y, null);
    }

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y, Training training) {
      normalise(w, x, rows, y, training.kept(2 * rows));
    }

    /** Leaves the mean and the scale of each row in moments, unless that is null. */
    private void normalise(float[] w, float[] x, int rows, float[] y, float[] moments) {
      for (int r = 0; r < rows; r++) {
        int row = r * outputs;
        double mean = mean(x, row);
        float m = (float) mean;
        float s = (float) scale(x, row, mean);
        for (int j = 0; j < outputs; j++) {
          y[row + j] = (x[row + j] - m) * s * w[weight + j] + w[bias + j];
        }
        if (moments != null) {
          moments[2 * r] = m;
          moments[2 * r + 1] = s;
        }
      }
    }

    private double mean(float[] x, int row) {
      double sum = 0;
      for (int j = row; j < row + outputs; j++) {
        sum += x[j];
      }
      return sum / outputs;
    }

    /** 1 / sqrt(variance + epsilon). */
    private double scale(float[] x, int row, double mean) {
      double squares = 0;
      for (int j = row; j < row + outputs; j++) {
        double d = x[j] - mean;
        squares += d * d;
      }
      return 1 / Math.sqrt(squares / outputs + epsilon);
    }

    /** With z = (x - mean) s and g = dy weight: dx = s (g - mean(g) - z mean(g z)). */
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
      float[] moments = training.kept(2 * rows);
      for (int r = 0; r < rows; r++) {
        int row = r * outputs;
        float m = moments[2 * r];
        float s = moments[2 * r + 1];
        double sum = 0;
        double sumZ = 0;
        for (int j = 0; j < outputs; j++) {
          float z = (x[row + j] - m) * s;
          gradient[weight + j] += dy[row + j] * z;
          gradient[bias + j] += dy[row + j];
          float g = dy[row + j] * w[weight + j];
          sum += g;
          sumZ += (double) g * z;
        }
        if (dx != null) {
          float meanG = (float) (sum / outputs);
          float meanGz = (float) (sumZ / outputs);
          for (int j = 0; j < outputs; j++) {
            float z = (x[row + j] - m) * s;
            dx[row + j] = s * (dy[row + j] * w[weight + j] - meanG - z * meanGz);
          }
        }
      }
    }
  }
}
