package dev.schuss.nn;

import dev.schuss.math.Mix;
import dev.schuss.objective.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers with a way around them, y = f(F(x) + x): He et al. 2016. Where the layers make another
 * shape than they are given, a projection takes the place of x: a 1 x 1 convolution with the stride
 * that fits, or a dense layer where there is no image.
 *
 * <p>Parameters: those of the layers, {@code conv2d0.weight} and so on, and of the {@code
 * projection}.
 *
 * @param layers F, in their order; at least one
 * @param activation f, of every sum by itself
 */
public record Residual(List<Layer> layers, Activation activation) implements Layer {
  /** Checks that there are layers. */
  public Residual {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("a residual block needs at least one layer");
    }
  }

  /** What a job file need not say. */
  public static Residual defaults(List<Layer> layers) {
    return new Residual(layers, Activation.RELU);
  }

  @Override
  public String type() {
    return "residual";
  }

  @Override
  public boolean takesCategories() {
    return layers.stream().anyMatch(Layer::takesCategories);
  }

  @Override
  public boolean augments() {
    return layers.stream().anyMatch(Layer::augments);
  }

  @Override
  public boolean random() {
    return layers.stream().anyMatch(Layer::random);
  }

  @Override
  public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
    List<BoundLayer> bound = new ArrayList<>();
    List<String> names = new ArrayList<>();
    Shape shape = input;
    for (Layer layer : layers) {
      names.add(name + "." + layer.type() + bound.size());
      bound.add(layer.bind(names.get(bound.size()), shape, layout));
      shape = bound.get(bound.size() - 1).shape();
    }
    BoundLayer[] stack = bound.toArray(new BoundLayer[0]);
    Layer wayAround = projection(name, input, shape);
    BoundLayer projection =
        wayAround == null ? null : wayAround.bind(name + ".projection", input, layout);
    return new Bound(
        input, shape, shape.size(), stack, projection, activation, Stack.ghostBatch(names, bound));
  }

  /**
   * The layer that takes the place of x, whose parameters are {@code projection.…}.
   *
   * @param from what a row is that the block is given
   * @param to what its layers make of it
   * @return null where x itself is added
   * @throws IllegalArgumentException naming the block and both shapes, if no projection fits
   */
  public static Layer projection(String name, Shape from, Shape to) {
    if (to.isLike(from)) {
      return null;
    }
    if (!from.isImage() && !to.isImage()) {
      return new Dense(to.size(), Activation.IDENTITY);
    }
    int stride = to.isImage() ? (from.height() + to.height() - 1) / to.height() : 1;
    boolean fits =
        from.isImage()
            && to.isImage()
            && (from.height() - 1) / stride + 1 == to.height()
            && (from.width() - 1) / stride + 1 == to.width();
    if (!fits) {
      throw new IllegalArgumentException(
          "%s: its layers make %s of %s, which no projection with a stride does: give them paddings and strides that keep the image's shape or divide it"
              .formatted(name, to, from));
    }
    return new Conv2d(to.channels(), 1, stride, 0, false, Activation.IDENTITY);
  }

  private record Bound(
      Shape input,
      Shape shape,
      int outputs,
      BoundLayer[] layers,
      BoundLayer projection,
      Activation activation,
      int ghostBatch)
      implements BoundLayer {

    @Override
    public double operations() {
      double operations = projection == null ? 0 : projection.operations();
      for (BoundLayer layer : layers) {
        operations += layer.operations();
      }
      return operations;
    }

    @Override
    public long activations() {
      long sum = projection == null ? outputs : 2L * outputs;
      for (BoundLayer layer : layers) {
        sum += layer.activations();
      }
      return sum;
    }

    // The arrays that a training keeps, from 0: slopes of f; the results of the layers; that of the
    // projection; two gradients in turn; one of the projection; then what the layers keep.

    private int made(int layer) {
      return 1 + layer;
    }

    private int skipped() {
      return made(layers.length);
    }

    private int gradients() {
      return skipped() + 1;
    }

    private int ofLayer(int layer) {
      int number = gradients() + 3;
      for (int i = 0; i < layer; i++) {
        number += layers[i].arrays();
      }
      return number;
    }

    @Override
    public int arrays() {
      return ofLayer(layers.length) + (projection == null ? 0 : projection.arrays());
    }

    private Training inside(Training training, int layer) {
      return training.within(ofLayer(layer), layer);
    }

    @Override
    public void initialize(float[] w, Initializer initializer, Mix random) {
      for (BoundLayer layer : layers) {
        layer.initialize(w, initializer, new Mix(random.nextLong()));
      }
      if (projection != null) {
        projection.initialize(w, initializer, new Mix(random.nextLong()));
      }
    }

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y) {
      Scratch scratch = Scratch.ofThread();
      int mark = scratch.lent();
      try {
        float[] made = x;
        for (BoundLayer layer : layers) {
          float[] next = scratch.lend(rows * layer.outputs());
          layer.forward(w, made, rows, next);
          made = next;
        }
        float[] skip = x;
        if (projection != null) {
          skip = scratch.lend(rows * outputs);
          projection.forward(w, x, rows, skip);
        }
        add(made, skip, y, rows * outputs);
        activation.apply(y, rows * outputs);
      } finally {
        scratch.takeBack(mark);
      }
    }

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y, Training training) {
      float[] made = x;
      for (int i = 0; i < layers.length; i++) {
        float[] next = training.kept(made(i), rows * layers[i].outputs());
        layers[i].forward(w, made, rows, next, inside(training, i));
        made = next;
      }
      float[] skip = x;
      if (projection != null) {
        skip = training.kept(skipped(), rows * outputs);
        projection.forward(w, x, rows, skip, inside(training, layers.length));
      }
      add(made, skip, y, rows * outputs);
      training.activate(activation, y, rows * outputs);
    }

    private static void add(float[] a, float[] b, float[] sum, int n) {
      for (int i = 0; i < n; i++) {
        sum[i] = a[i] + b[i];
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
      int n = rows * outputs;
      training.multiplyDerivative(activation, y, dy, n);
      int last = layers.length - 1;
      float[] d = training.kept(gradients() + (last & 1), n);
      System.arraycopy(dy, 0, d, 0, n); // the layers may overwrite theirs
      for (int i = last; i >= 0; i--) {
        float[] before = i == 0 ? x : training.kept(made(i - 1), 0);
        float[] to =
            i == 0 ? dx : training.kept(gradients() + (i - 1 & 1), rows * layers[i - 1].outputs());
        float[] made = training.kept(made(i), 0);
        layers[i].backward(w, before, made, rows, d, to, gradient, inside(training, i));
        d = to;
      }
      float[] skip = dy;
      if (projection != null) {
        skip = dx == null ? null : training.kept(gradients() + 2, rows * input.size());
        float[] made = training.kept(skipped(), 0);
        Training inside = inside(training, layers.length);
        projection.backward(w, x, made, rows, dy, skip, gradient, inside);
      }
      if (dx != null) {
        add(dx, skip, dx, rows * input.size());
      }
    }
  }
}
