package dev.schuss.nn;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.objective.Layout;
import java.util.Arrays;

/**
 * The largest number of each channel under a window that moves over the image. Of equal ones the
 * first is taken; padding is never taken.
 *
 * @param kernel width and height of the window
 * @param stride pixels from one place of the window to the next; null for the kernel's width
 * @param padding pixels around the image that are left out, at most half of the kernel
 */
public record MaxPool2d(
    @Range(min = 1) int kernel,
    @Range(min = 1) Integer stride,
    @Range(min = 0, max = Window.MOST_PADDING) int padding)
    implements Layer {
  /** Checks the sizes. */
  public MaxPool2d {
    Ranges.check(MaxPool2d.class, kernel, stride, padding);
    Window.checkPoolPadding(kernel, padding);
  }

  /** What a job file need not say. */
  public static MaxPool2d defaults(int kernel) {
    return new MaxPool2d(kernel, null, 0);
  }

  @Override
  public String type() {
    return "max-pool2d";
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
      pool(x, rows, y, null);
    }

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y, Training training) {
      pool(x, rows, y, training.kept(rows * outputs));
    }

    /** Leaves in places where each number came from: an index into its channel's plane. */
    private void pool(float[] x, int rows, float[] y, float[] places) {
      int planes = rows * input.channels();
      int out = 0;
      for (int p = 0; p < planes; p++) {
        int plane = p * input.pixels();
        for (int oy = 0; oy < shape.height(); oy++) {
          int top = Math.max(0, oy * window.stride() - window.padding());
          int bottom =
              Math.min(input.height(), oy * window.stride() - window.padding() + window.kernel());
          for (int ox = 0; ox < shape.width(); ox++, out++) {
            int left = Math.max(0, ox * window.stride() - window.padding());
            int right =
                Math.min(input.width(), ox * window.stride() - window.padding() + window.kernel());
            int best = plane + top * input.width() + left;
            for (int iy = top; iy < bottom; iy++) {
              int line = plane + iy * input.width();
              for (int i = line + left; i < line + right; i++) {
                // A NaN is kept, so that it is found where it does harm.
                best = x[i] > x[best] || Float.isNaN(x[i]) ? i : best;
              }
            }
            y[out] = x[best];
            if (places != null) {
              places[out] = Float.intBitsToFloat(best - plane);
            }
          }
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
      if (dx == null) {
        return;
      }
      Arrays.fill(dx, 0, rows * input.size(), 0);
      float[] places = training.kept(rows * outputs);
      int planes = rows * input.channels();
      for (int p = 0; p < planes; p++) {
        int plane = p * input.pixels();
        int end = (p + 1) * shape.pixels();
        for (int i = p * shape.pixels(); i < end; i++) {
          dx[plane + Float.floatToRawIntBits(places[i])] += dy[i];
        }
      }
    }
  }
}
