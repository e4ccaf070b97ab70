package dev.schuss.nn;

import dev.schuss.math.Vectors;
import dev.schuss.objective.Layout;
import java.util.Arrays;

/** The mean of each channel over the whole image: as many numbers as there are channels. */
public record GlobalAveragePool() implements Layer {

  @Override
  public String type() {
    return "global-average-pool";
  }

  @Override
  public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
    return new Bound(input.needImage(name).channels(), input.pixels());
  }

  private record Bound(int outputs, int pixels) implements BoundLayer {

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y) {
      for (int i = 0; i < rows * outputs; i++) {
        y[i] = (float) (Vectors.sum(x, i * pixels, (i + 1) * pixels) / pixels);
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
      for (int i = 0; i < rows * outputs; i++) {
        Arrays.fill(dx, i * pixels, (i + 1) * pixels, dy[i] / pixels);
      }
    }
  }
}
