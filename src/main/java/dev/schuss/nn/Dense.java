package dev.schuss.nn;

import dev.schuss.math.Blas;
import dev.schuss.math.Mix;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.math.SparseProduct;
import dev.schuss.math.SparseRows;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;

/**
 * A fully connected layer, y = f(W x + b). Takes an image as the row of its numbers.
 *
 * <p>Parameters: {@code weight} [units, inputs], row-major as in PyTorch; {@code bias} [units].
 *
 * @param units outputs per row
 * @param activation f, of every output by itself
 * @param initializer how its weights start; null for the network's way
 */
public record Dense(@Range(min = 1) int units, Activation activation, Initializer initializer)
    implements Layer {
  /** Checks the units. */
  public Dense {
    Ranges.check(Dense.class, units, activation, initializer);
  }

  /** A layer whose weights start in the network's way. */
  public Dense(int units, Activation activation) {
    this(units, activation, null);
  }

  /** What a job file need not say; the units it must. */
  public static Dense defaults(int units) {
    return new Dense(units, Activation.RELU);
  }

  /** Without its start, which is over for a model that another training goes on from. */
  @Override
  public String toString() {
    return "Dense[units=" + units + ", activation=" + activation + "]";
  }

  @Override
  public String type() {
    return "dense";
  }

  @Override
  public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
    int inputs = input.size();
    Segment weight = layout.append(name + ".weight", true, units, inputs);
    Segment bias = layout.append(name + ".bias", true, units);
    return new Bound(inputs, units, activation, initializer, weight.offset(), bias.offset());
  }

  /** BLAS is column-major, so a row-major rows x n matrix is its n x rows one. */
  private record Bound(
      int inputs, int outputs, Activation activation, Initializer own, int weight, int bias)
      implements SparseInput {

    @Override
    public double operations() {
      return 2.0 * inputs * outputs;
    }

    @Override
    public void initialize(float[] w, Initializer initializer, Mix random) {
      Initializer chosen = own == null ? initializer : own;
      chosen.fill(w, weight, weight + outputs * inputs, inputs, outputs, random);
    }

    @Override
    public void forward(float[] w, SparseRows x, float[] y) {
      product(w, x, y);
      activation.apply(y, x.rows() * outputs);
    }

    @Override
    public void forward(float[] w, SparseRows x, float[] y, Training training) {
      product(w, x, y);
      training.activate(activation, y, x.rows() * outputs);
    }

    private void product(float[] w, SparseRows x, float[] y) {
      startAsBias(w, x.rows(), y);
      SparseProduct.ofThread().addForward(x, w, weight, inputs, outputs, y);
    }

    @Override
    public void backward(SparseRows x, float[] y, float[] dy, float[] gradient, Training training) {
      beforeActivation(y, x.rows(), dy, gradient, training);
      SparseProduct.ofThread().addBackward(x, dy, outputs, gradient, weight, inputs);
    }

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y) {
      product(w, x, rows, y);
      activation.apply(y, rows * outputs);
    }

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y, Training training) {
      product(w, x, rows, y);
      training.activate(activation, y, rows * outputs);
    }

    private void product(float[] w, float[] x, int rows, float[] y) {
      startAsBias(w, rows, y);
      Blas.get()
          .sgemm(
              true, false, outputs, rows, inputs, 1, w, weight, inputs, x, 0, inputs, 1, y, 0,
              outputs);
    }

    /** Each row starts as the bias, and the product is added to it. */
    private void startAsBias(float[] w, int rows, float[] y) {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(w, bias, y, r * outputs, outputs);
      }
    }

    /** Makes dy the gradient with respect to W x + b, and adds that with respect to b. */
    private void beforeActivation(
        float[] y, int rows, float[] dy, float[] gradient, Training training) {
      training.multiplyDerivative(activation, y, dy, rows * outputs);
      for (int r = 0; r < rows; r++) {
        int row = r * outputs;
        for (int j = 0; j < outputs; j++) {
          gradient[bias + j] += dy[row + j];
        }
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
      beforeActivation(y, rows, dy, gradient, training);
      Blas.get()
          .sgemm(
              false, true, inputs, outputs, rows, 1, x, 0, inputs, dy, 0, outputs, 1, gradient,
              weight, inputs);
      if (dx != null) {
        Blas.get()
            .sgemm(
                false, false, inputs, rows, outputs, 1, w, weight, inputs, dy, 0, outputs, 0, dx, 0,
                inputs);
      }
    }
  }
}
