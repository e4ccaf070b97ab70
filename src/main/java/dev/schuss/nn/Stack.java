package dev.schuss.nn;

import dev.schuss.math.Mix;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Layout;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers of a network, each bound to what it takes and to its place among the weights, and the
 * way through them and back. The last one is the linear output layer.
 */
final class Stack implements Serializable {
  private static final long serialVersionUID = 1;

  /** Parameters from which on reading them counts more than reading what the layers make. */
  private static final int LARGE = 1 << 16;

  /** Floats that the layers make of a micro-batch of images: 8 MB. */
  private static final int IMAGES = 1 << 21;

  private final Layout layout;
  private final BoundLayer[] layers;
  private final int lowest;
  private final int[] kept; // number of the first array that each layer keeps in training
  private final int activations;
  private final boolean images;
  private final int ghostBatch; // 0 where no layer mixes rows

  /**
   * Binds layers.
   *
   * @param input what a row of features is
   * @param units of the output layer, which is added here
   * @throws IllegalArgumentException naming the layer that does not fit, and both shapes
   */
  Stack(Shape input, List<Layer> hidden, int units) {
    Layout.Builder builder = new Layout.Builder();
    List<BoundLayer> bound = new ArrayList<>();
    List<String> names = new ArrayList<>();
    Shape shape = input;
    boolean anyImage = input.isImage();
    for (Layer layer : hidden) {
      String name = name(layer, bound.size());
      BoundLayer next = layer.bind(name, shape, builder);
      names.add(name);
      bound.add(next);
      shape = next.shape();
      anyImage |= shape.isImage();
    }
    names.add("output");
    bound.add(new Dense(units, Activation.IDENTITY).bind("output", shape, builder));
    this.images = anyImage;
    this.layers = bound.toArray(new BoundLayer[0]);
    this.layout = builder.build();
    this.lowest = lowest(names, layout);
    this.kept = new int[layers.length];
    int array = 2 * layers.length + 1; // behind those of results and gradients
    for (int i = 0; i < layers.length; i++) {
      kept[i] = array;
      array += layers[i].arrays();
    }
    this.ghostBatch = ghostBatch(names, bound);
    this.activations = activations(names, bound);
  }

  /** The name of a hidden layer, with which those of its parameters begin. */
  static String name(Layer layer, int place) {
    return layer.type() + place;
  }

  /** The first layer that has something to train: no gradient is needed before it. */
  private static int lowest(List<String> names, Layout layout) {
    int i = 0;
    while (!trains(names.get(i) + ".", layout)) {
      i++; // the output layer trains
    }
    return i;
  }

  private static boolean trains(String prefix, Layout layout) {
    return layout.segments().stream().anyMatch(s -> s.trainable() && s.name().startsWith(prefix));
  }

  /** The ghost batch that all layers which have one agree on; 0 if none has one. */
  static int ghostBatch(List<String> names, List<BoundLayer> layers) {
    int first = -1;
    for (int i = 0; i < layers.size(); i++) {
      int own = layers.get(i).ghostBatch();
      int common = first < 0 ? own : layers.get(first).ghostBatch();
      if (own != 0 && own != common) {
        throw new IllegalArgumentException(
            "ghostBatch = %d in %s and %d in %s: a network has one, give all its layers the same"
                .formatted(common, names.get(first), own, names.get(i)));
      }
      first = first < 0 && own != 0 ? i : first;
    }
    return first < 0 ? 0 : layers.get(first).ghostBatch();
  }

  /** Floats that all layers together make of a row, if an array can hold as many. */
  private static int activations(List<String> names, List<BoundLayer> layers) {
    long sum = 0;
    for (int i = 0; i < layers.size(); i++) {
      sum += layers.get(i).activations();
      if (sum > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "%s: up to it the layers make %,d numbers of a row, more than 2147483647: give them fewer units or channels, or larger strides"
                .formatted(names.get(i), sum));
      }
    }
    return (int) sum;
  }

  Layout layout() {
    return layout;
  }

  /** Layers, the output layer included. */
  int depth() {
    return layers.length;
  }

  int activations() {
    return activations;
  }

  int ghostBatch() {
    return ghostBatch;
  }

  /** Whether the first layer takes sparse rows as they are. */
  boolean takesSparse() {
    return layers[0] instanceof SparseInput;
  }

  /** Rows at a time, see {@link Network#microBatch}. */
  int microBatch() {
    if (images) { // rows whose images, of all layers together, stay within a few megabytes
      return Math.max(8, Math.min(128, Integer.highestOneBit(IMAGES / activations)));
    }
    return layout.size() < LARGE ? 256 : 512;
  }

  /** Floating-point operations of the gradient of a row, of whose features this share is not 0. */
  double operations(double share) {
    double operations = 0;
    for (int i = 0; i < layers.length; i++) {
      operations += (i <= lowest ? 2 : 3) * (i == 0 ? share : 1) * layers[i].operations();
    }
    return operations;
  }

  float[] initialWeights(Initializer initializer, long seed) {
    float[] w = new float[layout.size()];
    for (int i = 0; i < layers.length; i++) {
      layers[i].initialize(w, initializer, new Mix(seed, i));
    }
    return w;
  }

  ForwardPass forwardPass(float[] w, OutputForm form) {
    return new ForwardPass(layers, w, form);
  }

  /** The input x, and what each layer makes of the one before, for a prediction. */
  float[][] forward(float[] w, float[] x, int rows) {
    float[][] y = new float[layers.length + 1][];
    y[0] = x;
    return forward(w, y, 0, rows, null);
  }

  /**
   * The input, or null where it is sparse, and what each layer makes of the one before.
   *
   * @param training null for a prediction or evaluation
   */
  float[][] forward(float[] w, Batch batch, Training training) {
    int rows = batch.rows();
    float[][] y = new float[layers.length + 1][];
    if (batch.sparse() == null || !takesSparse()) {
      y[0] = batch.features();
      return forward(w, y, 0, rows, training);
    }
    y[1] = scratch(0, rows, layers[0].outputs());
    SparseInput first = (SparseInput) layers[0];
    if (training == null) {
      first.forward(w, batch.sparse(), y[1]);
    } else {
      first.forward(w, batch.sparse(), y[1], at(training, 0));
    }
    return forward(w, y, 1, rows, training);
  }

  private float[][] forward(float[] w, float[][] y, int from, int rows, Training training) {
    for (int i = from; i < layers.length; i++) {
      y[i + 1] = scratch(i, rows, layers[i].outputs());
      if (training == null) {
        layers[i].forward(w, y[i], rows, y[i + 1]);
      } else {
        layers[i].forward(w, y[i], rows, y[i + 1], at(training, i));
      }
    }
    return y;
  }

  /**
   * Back-propagation: gradient += that of a batch.
   *
   * @param y what {@link #forward(float[], Batch, Training)} made in the same training
   * @param outputs the loss's derivatives by the outputs, rows x units
   */
  void backward(
      float[] w, Batch batch, float[][] y, float[] outputs, float[] gradient, Training training) {
    int rows = batch.rows();
    float[] dy = outputs;
    for (int i = layers.length - 1; i >= lowest; i--) {
      float[] dx =
          i == lowest ? null : scratch(layers.length + 1 + i, rows, layers[i - 1].outputs());
      if (i == 0 && y[0] == null) {
        ((SparseInput) layers[0]).backward(batch.sparse(), y[1], dy, gradient, at(training, 0));
      } else {
        layers[i].backward(w, y[i], y[i + 1], rows, dy, dx, gradient, at(training, i));
      }
      dy = dx;
    }
  }

  /** Room for what the loss makes of the outputs, behind what the layers make. */
  float[] beyondOutputs(int rows, int width) {
    return scratch(layers.length, rows, width);
  }

  private Training at(Training training, int layer) {
    return training.at(layer, kept[layer]);
  }

  private static float[] scratch(int number, int rows, int width) {
    return Scratch.ofThread().floats(number, Math.multiplyExact(rows, width));
  }
}
