package dev.schuss.nn;

import dev.schuss.objective.Layout;

/**
 * An activation by itself, y = f(x), such as after a normalisation.
 *
 * @param activation f, of every input by itself
 */
public record Elementwise(Activation activation) implements Layer {

  @Override
  public String type() {
    return "activation";
  }

  @Override
  public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
    return new Bound(input, input.size(), activation);
  }

  private record Bound(Shape shape, int outputs, Activation activation) implements BoundLayer {

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y) {
      System.arraycopy(x, 0, y, 0, rows * outputs);
      activation.apply(y, rows * outputs);
    }

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y, Training training) {
      int n = rows * outputs;
      System.arraycopy(x, 0, y, 0, n);
      training.activate(activation, y, n);
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
      System.arraycopy(dy, 0, dx, 0, n);
      training.multiplyDerivative(activation, y, dx, n);
    }
  }
}
