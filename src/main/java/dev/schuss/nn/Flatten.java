package dev.schuss.nn;

import dev.schuss.objective.Layout;

/**
 * Takes images as rows of numbers: channel by channel, row by row of pixels. Dense layers do so by
 * themselves.
 */
public record Flatten() implements Layer {

  @Override
  public String type() {
    return "flatten";
  }

  @Override
  public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
    return new Bound(input.size());
  }

  private record Bound(int outputs) implements BoundLayer {

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y) {
      System.arraycopy(x, 0, y, 0, rows * outputs);
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
      if (dx != null) {
        System.arraycopy(dy, 0, dx, 0, rows * outputs);
      }
    }
  }
}
