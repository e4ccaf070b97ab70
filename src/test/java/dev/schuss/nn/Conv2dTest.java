package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.schuss.math.Mix;
import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Task;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Convolutions and poolings beside their definitions, and shapes that do not fit. */
class Conv2dTest {

  private static float[] random(int n, Mix random) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  @Property(tries = 300)
  void convolutionIsTheSumUnderTheKernel(
      @ForAll @IntRange(min = 1, max = 3) int channels,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @IntRange(min = 1, max = 5) int kernel,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(max = 3) int padding,
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll long seed) {
    if (kernel > Math.min(height, width) + 2 * padding) {
      return;
    }
    Mix mix = new Mix(seed);
    Shape in = Shape.image(channels, height, width);
    Layout.Builder builder = new Layout.Builder().add("before", true, 3);
    Conv2d conv = new Conv2d(4, kernel, stride, padding, true, Activation.IDENTITY);
    BoundLayer layer = conv.bind("conv2d0", in, builder);
    Layout layout = builder.build();
    float[] w = random(layout.size(), mix);
    float[] x = random(rows * in.size(), mix);
    float[] y = new float[rows * layer.outputs()];
    layer.forward(w, x, rows, y);

    Shape out = layer.shape();
    assertThat(out.height()).isEqualTo((height + 2 * padding - kernel) / stride + 1);
    int weight = layout.segment("conv2d0.weight").offset();
    int bias = layout.segment("conv2d0.bias").offset();
    for (int probe = 0; probe < 20; probe++) {
      int r = mix.nextInt(rows);
      int m = mix.nextInt(4);
      int oy = mix.nextInt(out.height());
      int ox = mix.nextInt(out.width());
      double sum = w[bias + m];
      for (int c = 0; c < channels; c++) {
        for (int ky = 0; ky < kernel; ky++) {
          for (int kx = 0; kx < kernel; kx++) {
            int iy = oy * stride - padding + ky;
            int ix = ox * stride - padding + kx;
            if (iy >= 0 && iy < height && ix >= 0 && ix < width) {
              double v = x[((r * channels + c) * height + iy) * width + ix];
              sum += v * w[weight + ((m * channels + c) * kernel + ky) * kernel + kx];
            }
          }
        }
      }
      float actual = y[((r * 4 + m) * out.height() + oy) * out.width() + ox];
      assertThat((double) actual).isCloseTo(sum, within(1e-4));
    }
  }

  @Test
  void poolingsTakeTheLargestOrTheMean() {
    float[] x = {
      1, 5, 2, //
      4, 3, 9, //
      -7, -8, -6
    };
    Shape in = Shape.image(1, 3, 3);
    assertThat(forward(new MaxPool2d(2, null, 0), in, x)).containsExactly(5);
    assertThat(forward(new MaxPool2d(2, 1, 0), in, x)).containsExactly(5, 9, 4, 9);
    assertThat(forward(new MaxPool2d(2, null, 1), in, x)).containsExactly(1, 5, 4, 9);
    assertThat(forward(new AveragePool2d(2, 1, 0), in, x))
        .containsExactly(13 / 4f, 19 / 4f, -8 / 4f, -2 / 4f);
    assertThat(forward(new AveragePool2d(2, null, 1), in, x))
        .containsExactly(1 / 4f, 7 / 4f, -3 / 4f, -2 / 4f);
    assertThat(forward(new GlobalAveragePool(), in, x)).containsExactly(3 / 9f);
    assertThat(forward(new Flatten(), in, x)).containsExactly(x);
    x[4] = Float.NaN;
    assertThat(forward(new MaxPool2d(3, null, 0), in, x)).containsExactly(Float.NaN);
  }

  private static float[] forward(Layer layer, Shape in, float[] x) {
    BoundLayer bound = layer.bind("layer0", in, new Layout.Builder());
    float[] y = new float[bound.outputs()];
    bound.forward(new float[0], x, 1, y);
    return y;
  }

  private static void refused(Shape input, String message, Layer... layers) {
    assertThatThrownBy(
            () ->
                new Network(
                    Task.CLASSIFICATION,
                    input,
                    List.of(layers),
                    2,
                    SoftmaxCrossEntropy.DEFAULTS,
                    Initializer.HE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void shapesThatDoNotFitAreToldWithTheLayer() {
    Layer conv = Conv2d.defaults(8, 3);
    refused(
        Shape.flat(64),
        "conv2d0 takes an image, not a row of numbers: set model.input = [channels, height, width], and put layers that make no image behind it",
        conv);
    refused(
        Shape.image(1, 8, 8),
        "max-pool2d1 takes an image, not a row of numbers: set model.input = [channels, height, width], and put layers that make no image behind it",
        new Dense(32, Activation.RELU),
        MaxPool2d.defaults(2));
    refused(
        Shape.image(1, 5, 9),
        "conv2d2: its kernel of 3 x 3 is larger than its input [8, 1, 5] with a padding of 0: take a smaller kernel, or fewer layers that shrink the image",
        conv,
        conv,
        conv);
    assertThatThrownBy(() -> new MaxPool2d(3, 1, 2))
        .hasMessage("padding = 2: must be at most half of kernel = 3");
    assertThatThrownBy(() -> Shape.image(1, 0, 0)).hasMessageContaining("at least 1 channel");
    assertThatThrownBy(() -> Network.shape(Shape.image(1, 28, 28), 785))
        .hasMessage("input = [1, 28, 28]: an image of 784 numbers, but a row has 785 features");
  }

  @Test
  void numbersThatNoArrayHoldsAreToldWithTheLayer() {
    refused(
        Shape.image(1, 1 << 12, 1 << 12),
        "conv2d0: its kernel of 2047 x 2047 sees more than 2147483647 numbers of an image [1, 4096, 4096], at all 4202500 places together: take a smaller kernel, or a larger stride",
        Conv2d.defaults(1, 2047));
    refused(
        Shape.image(3, 8, 8),
        "conv2d0: makes [8, 131070, 131070] of [3, 8, 8] with a padding of 65532, more than 2147483647 numbers: take a smaller padding, a larger stride, or fewer channels",
        new Conv2d(8, 3, 1, 65532, true, Activation.RELU));
    refused(
        Shape.image(1, 1, Integer.MAX_VALUE),
        "conv2d0: makes [1, 2, 1073741825] of [1, 1, 2147483647] with a padding of 1, more than 2147483647 numbers: take a smaller padding, a larger stride, or fewer channels",
        new Conv2d(1, 1, 2, 1, true, Activation.RELU));
    refused(
        Shape.image(1, 30_000, 30_000),
        "dropout2: up to it the layers make 2,700,000,000 numbers of a row, more than 2147483647: give them fewer units or channels, or larger strides",
        new Dropout(0.1),
        new Dropout(0.1),
        new Dropout(0.1));
    refused(
        Shape.flat(6).with(IntStream.range(0, 6).mapToObj(i -> new Shape.Category(i, 1)).toList()),
        "embedding0: 400000000 units for each of 6 categories are more than 2147483647 numbers of a row: take fewer units",
        new Embedding(400_000_000));
    assertThatThrownBy(() -> new Conv2d(1, 1, 1, 1 << 30, true, Activation.RELU))
        .hasMessage("padding = 1073741824: must be in [0, 65536]");
    assertThatThrownBy(() -> new MaxPool2d(1, 1, 1 << 30))
        .hasMessage("padding = 1073741824: must be in [0, 65536]");
    assertThatThrownBy(() -> Shape.image(1 << 22, 1 << 21, 1 << 21)) // 2^64 wraps to 0
        .hasMessage("[4194304, 2097152, 2097152]: more than 2147483647 numbers");
    assertThat(Shape.image(1, 1, Integer.MAX_VALUE).size()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void aStrideMayPassTheImage() {
    float[] y =
        forward(
            new MaxPool2d(1, Integer.MAX_VALUE, 0), Shape.image(1, 2, 2), new float[] {7, 1, 2, 3});
    assertThat(y).containsExactly(7);
    Window window = new Window(3, Integer.MAX_VALUE, 1);
    assertThat(window.first(0)).isEqualTo(1);
    assertThat(window.first(1)).isZero();
  }

  @Test
  void aGradientAllocatesNothingPerRow() {
    Network network =
        Network.input(3, 16, 16)
            .layer(new Conv2d(8, 3, 1, 1, true, Activation.RELU))
            .layer(MaxPool2d.defaults(2))
            .layer(new Conv2d(8, 3, 2, 1, false, new Activation.Elu(1)))
            .layer(AveragePool2d.defaults(2))
            .layer(new GlobalAveragePool())
            .output(3);
    float[] w = network.initialWeights(1);
    GradientSum sum = new GradientSum(w.length);
    int rows = 64;
    Batch batch = Batch.of(rows, random(rows * 768, new Mix(2)), new float[rows]);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 30; i++) {
      long before = threads.getThreadAllocatedBytes(id);
      network.addGradient(w, batch, sum);
      least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
    }
    assertThat(least).isLessThan(rows * 100L);
  }
}
