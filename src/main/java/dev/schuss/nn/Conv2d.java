package dev.schuss.nn;

import dev.schuss.math.Blas;
import dev.schuss.math.Mix;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.math.Vectors;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import java.util.Arrays;

/**
 * A convolution of images, y = f(W * x + b): each output channel is the sum of all input channels
 * under a kernel that moves over the image (a cross-correlation, as in PyTorch). Images are
 * channels x height x width.
 *
 * <p>Parameters: {@code weight} [channels, input channels, kernel, kernel]; {@code bias}
 * [channels].
 *
 * @param channels that it makes
 * @param kernel width and height of the kernel
 * @param stride pixels from one place of the kernel to the next
 * @param padding pixels of 0 around the image; (kernel - 1) / 2 keeps its size at stride 1
 * @param bias whether b is added; a batch normalisation behind it takes it out again
 * @param activation f, of every output by itself
 * @param initializer how its weights start; null for the network's way
 */
public record Conv2d(
    @Range(min = 1) int channels,
    @Range(min = 1) int kernel,
    @Range(min = 1) int stride,
    @Range(min = 0, max = Window.MOST_PADDING) int padding,
    boolean bias,
    Activation activation,
    Initializer initializer)
    implements Layer {
  /** Checks the sizes. */
  public Conv2d {
    Ranges.check(Conv2d.class, channels, kernel, stride, padding, bias, activation, initializer);
  }

  /** A layer whose weights start in the network's way. */
  public Conv2d(
      int channels, int kernel, int stride, int padding, boolean bias, Activation activation) {
    this(channels, kernel, stride, padding, bias, activation, null);
  }

  /** What a job file need not say. */
  public static Conv2d defaults(int channels, int kernel) {
    return new Conv2d(channels, kernel, 1, 0, true, Activation.RELU);
  }

  /** Without its start, which is over for a model that another training goes on from. */
  @Override
  public String toString() {
    return "Conv2d[channels=%d, kernel=%d, stride=%d, padding=%d, bias=%s, activation=%s]"
        .formatted(channels, kernel, stride, padding, bias, activation);
  }

  @Override
  public String type() {
    return "conv2d";
  }

  @Override
  public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
    Window window = new Window(kernel, stride, padding);
    Shape shape = window.over(input, channels, name);
    long depth = (long) input.channels() * kernel * kernel;
    if (depth > Integer.MAX_VALUE / shape.pixels()) {
      throw new IllegalArgumentException(
          "%s: its kernel of %d x %d sees more than 2147483647 numbers of an image %s, at all %d places together: take a smaller kernel, or a larger stride"
              .formatted(name, kernel, kernel, input, shape.pixels()));
    }
    Segment weight =
        layout.append(name + ".weight", true, channels, input.channels(), kernel, kernel);
    int from = bias ? layout.append(name + ".bias", true, channels).offset() : -1;
    return new Bound(
        input, shape, shape.size(), window, activation, initializer, weight.offset(), from);
  }

  /**
   * One matrix product per image, or per few small ones: what the kernel sees at each place is
   * written out ({@link Window#lower}), which for one group of images stays in the cache.
   */
  private record Bound(
      Shape input,
      Shape shape,
      int outputs,
      Window window,
      Activation activation,
      Initializer own,
      int weight,
      int bias)
      implements BoundLayer {
    /** Places that a product should have at least to be fast. */
    private static final int COLUMNS = 384;

    /** Floats that the matrix may have, so that it and what is made of it fit a core's cache. */
    private static final int MATRIX = 1 << 18;

    private static final int LOWERED = 0;
    private static final int GATHERED = 1;
    private static final int GRADIENT = 2;

    private int depth() {
      return input.channels() * window.kernel() * window.kernel();
    }

    /** Whether the image itself is the matrix. */
    private boolean direct() {
      return window.kernel() == 1 && window.stride() == 1 && window.padding() == 0;
    }

    private int imagesAtOnce() {
      int enough = (COLUMNS + shape.pixels() - 1) / shape.pixels();
      return Math.max(1, Math.min(enough, MATRIX / (depth() * shape.pixels())));
    }

    @Override
    public double operations() {
      return 2.0 * depth() * outputs;
    }

    @Override
    public void initialize(float[] w, Initializer initializer, Mix random) {
      int fanOut = shape.channels() * window.kernel() * window.kernel();
      int end = weight + shape.channels() * depth();
      Initializer chosen = own == null ? initializer : own;
      chosen.fill(w, weight, end, depth(), fanOut, random);
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
      int most = Math.min(rows, imagesAtOnce());
      for (int row = 0; row < rows; row += most) {
        int images = Math.min(most, rows - row);
        int columns = images * shape.pixels();
        float[] made = images == 1 ? y : shared(GATHERED, shape.channels() * columns);
        int at = images == 1 ? row * outputs : 0;
        for (int c = 0; c < shape.channels(); c++) {
          int from = at + c * columns;
          Arrays.fill(made, from, from + columns, bias < 0 ? 0 : w[bias + c]);
        }
        Blas.get()
            .sgemm(
                false,
                false,
                columns,
                shape.channels(),
                depth(),
                1,
                direct() && images == 1 ? x : lowered(x, row, images),
                direct() && images == 1 ? row * input.size() : 0,
                columns,
                w,
                weight,
                depth(),
                1,
                made,
                at,
                columns);
        if (images > 1) {
          scatter(made, y, row, images);
        }
      }
    }

    private float[] lowered(float[] x, int row, int images) {
      int columns = images * shape.pixels();
      float[] matrix = shared(LOWERED, depth() * columns);
      for (int i = 0; i < images; i++) {
        int image = (row + i) * input.size();
        window.lower(input, shape, x, image, matrix, i * shape.pixels(), columns);
      }
      return matrix;
    }

    /** Channels of all images together become images. */
    private void scatter(float[] made, float[] y, int row, int images) {
      int pixels = shape.pixels();
      for (int i = 0; i < images; i++) {
        for (int c = 0; c < shape.channels(); c++) {
          int to = (row + i) * outputs + c * pixels;
          System.arraycopy(made, (c * images + i) * pixels, y, to, pixels);
        }
      }
    }

    private float[] gathered(float[] dy, int row, int images) {
      int pixels = shape.pixels();
      float[] together = shared(GATHERED, images * outputs);
      for (int i = 0; i < images; i++) {
        for (int c = 0; c < shape.channels(); c++) {
          int from = (row + i) * outputs + c * pixels;
          System.arraycopy(dy, from, together, (c * images + i) * pixels, pixels);
        }
      }
      return together;
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
      training.multiplyDerivative(activation, y, dy, rows * outputs);
      addBias(rows, dy, gradient);
      if (dx != null) {
        Arrays.fill(dx, 0, rows * input.size(), 0);
      }
      int most = Math.min(rows, imagesAtOnce());
      for (int row = 0; row < rows; row += most) {
        int images = Math.min(most, rows - row);
        int columns = images * shape.pixels();
        float[] d = images == 1 ? dy : gathered(dy, row, images);
        int at = images == 1 ? row * outputs : 0;
        Blas.get()
            .sgemm(
                true,
                false,
                depth(),
                shape.channels(),
                columns,
                1,
                direct() && images == 1 ? x : lowered(x, row, images),
                direct() && images == 1 ? row * input.size() : 0,
                columns,
                d,
                at,
                columns,
                1,
                gradient,
                weight,
                depth());
        if (dx != null) {
          inputGradient(w, d, at, row, images, dx);
        }
      }
    }

    private void addBias(int rows, float[] dy, float[] gradient) {
      int pixels = shape.pixels();
      for (int c = 0; bias >= 0 && c < shape.channels(); c++) {
        double sum = 0;
        for (int r = 0; r < rows; r++) {
          int from = r * outputs + c * pixels;
          sum += Vectors.sum(dy, from, from + pixels);
        }
        gradient[bias + c] += (float) sum;
      }
    }

    private void inputGradient(float[] w, float[] d, int at, int row, int images, float[] dx) {
      int columns = images * shape.pixels();
      boolean into = direct() && images == 1;
      float[] lowered = into ? dx : shared(GRADIENT, depth() * columns);
      int from = into ? row * input.size() : 0;
      Blas.get()
          .sgemm(
              false,
              true,
              columns,
              depth(),
              shape.channels(),
              1,
              d,
              at,
              columns,
              w,
              weight,
              depth(),
              0,
              lowered,
              from,
              columns);
      for (int i = 0; !into && i < images; i++) {
        int image = (row + i) * input.size();
        window.raise(input, shape, lowered, i * shape.pixels(), columns, dx, image);
      }
    }

    private static float[] shared(int number, int length) {
      return Scratch.ofThread().shared(number, length);
    }
  }
}
