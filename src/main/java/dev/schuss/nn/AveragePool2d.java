package dev.schuss.nn;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.objective.Layout;
import java.util.Arrays;

/**
 * The mean of each channel under a window that moves over the image. Padding counts as zeros, as in
 * PyTorch.
 *
 * @param kernel width and height of the window
 * @param stride pixels from one place of the window to the next; null for the kernel's width
 * @param padding pixels of 0 around the image, at most half of the kernel
 */
public record AveragePool2d(
    @Range(min = 1) int kernel,
    @Range(min = 1) Integer stride,
    @Range(min = 0, max = Window.MOST_PADDING) int padding)
    implements Layer {
  /** Checks the sizes. */
  public AveragePool2d {
    Ranges.check(AveragePool2d.class, kernel, stride, padding);
    Window.checkPoolPadding(kernel, padding);
  }

  /** What a job file need not say. */
  public static AveragePool2d defaults(int kernel) {
    return new AveragePool2d(kernel, null, 0);
  }

  @Override
  public String type() {
    return "average-pool2d";
  }

  @Override
  public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
    Window window = Window.ofPool(kernel, stride, padding);
    Shape shape = window.over(input, input.channels(), name);
    return new Bound(input, shape, shape.size(), window);
  }

  private record Bound(Shape input, Shape shape, int outputs, Window window) implements BoundLayer {

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y) {
      Arrays.fill(y, 0, rows * outputs, 0);
      move(
          rows,
          (from, to, n) -> {
            for (int i = 0, j = from; i < n; i++, j += window.stride()) {
              y[to + i] += x[j];
            }
          });
      float share = share();
      for (int i = 0; i < rows * outputs; i++) {
        y[i] *= share;
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
      Arrays.fill(dx, 0, rows * input.size(), 0);
      float share = share();
      move(
          rows,
          (from, to, n) -> {
            for (int i = 0, j = from; i < n; i++, j += window.stride()) {
              dx[j] += share * dy[to + i];
            }
          });
    }

    private float share() {
      return 1f / ((float) window.kernel() * window.kernel());
    }

    /** Numbers from, from + stride ... of the input that belong to outputs to, to + 1 .... */
    private interface Line {
      void run(int from, int to, int n);
    }

    private void move(int rows, Line line) {
      int planes = rows * input.channels();
      for (int p = 0; p < planes; p++) {
        for (int ky = 0; ky < window.kernel(); ky++) {
          int bottom = window.end(ky, input.height(), shape.height());
          for (int kx = 0; kx < window.kernel(); kx++) {
            int left = window.first(kx);
            int n = window.end(kx, input.width(), shape.width()) - left;
            for (int oy = window.first(ky); oy < bottom; oy++) {
              int iy = oy * window.stride() - window.padding() + ky;
              int ix = left * window.stride() - window.padding() + kx;
              line.run(
                  p * input.pixels() + iy * input.width() + ix,
                  p * shape.pixels() + oy * shape.width() + left,
                  n);
            }
          }
        }
      }
    }
  }
}
