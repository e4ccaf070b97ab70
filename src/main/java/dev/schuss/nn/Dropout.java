package dev.schuss.nn;

import dev.schuss.math.Mix;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.objective.Layout;

/**
 * Sets random inputs to 0 in training and divides the others by the share that is kept, so that
 * sums stay the same on average; predictions take all inputs as they are: Srivastava et al. 2014.
 *
 * <p>Which ones follows from the round, the row's content, the layer and the unit: the same in any
 * partition and in any retry.
 *
 * @param rate share of the inputs that are set to 0
 */
public record Dropout(@Range(min = 0, below = 1) double rate) implements Layer {
  /** Checks the rate. */
  public Dropout {
    Ranges.check(Dropout.class, rate);
  }

  /** The paper's rate for hidden layers. */
  public static final Dropout DEFAULTS = new Dropout(0.5);

  @Override
  public String type() {
    return "dropout";
  }

  @Override
  public boolean random() {
    return rate > 0;
  }

  @Override
  public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
    return new Bound(input, input.size(), rate);
  }

  private record Bound(Shape shape, int outputs, double rate) implements BoundLayer {

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y) {
      System.arraycopy(x, 0, y, 0, rows * outputs);
    }

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y, Training training) {
      int n = rows * outputs;
      float[] factors = training.kept(n);
      float kept = (float) (1 / (1 - rate));
      long dropped = (long) (rate * 0x1p32); // of 2^32 equally probable numbers
      for (int r = 0; r < rows; r++) {
        Mix random = training.random(r);
        long bits = 0;
        for (int j = 0; j < outputs; j++) {
          bits = (j & 1) == 0 ? random.nextLong() : bits << Integer.SIZE;
          factors[r * outputs + j] = bits >>> Integer.SIZE < dropped ? 0 : kept;
        }
      }
      for (int i = 0; i < n; i++) {
        y[i] = x[i] * factors[i];
      }
    }

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
      if (dx == null) {
        return;
      }
      int n = rows * outputs;
      float[] factors = training.kept(n);
      for (int i = 0; i < n; i++) {
        dx[i] = dy[i] * factors[i];
      }
    }
  }
}
