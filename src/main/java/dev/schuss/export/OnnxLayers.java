package dev.schuss.export;

import static dev.schuss.export.Graph.attribute;

import dev.schuss.model.Feature;
import dev.schuss.model.FittedModel;
import dev.schuss.model.ModelException;
import dev.schuss.nn.Activation;
import dev.schuss.nn.AveragePool2d;
import dev.schuss.nn.BatchNorm;
import dev.schuss.nn.Conv2d;
import dev.schuss.nn.Dense;
import dev.schuss.nn.Dropout;
import dev.schuss.nn.Elementwise;
import dev.schuss.nn.Embedding;
import dev.schuss.nn.Flatten;
import dev.schuss.nn.GlobalAveragePool;
import dev.schuss.nn.Layer;
import dev.schuss.nn.LayerNorm;
import dev.schuss.nn.MaxPool2d;
import dev.schuss.nn.RandomCrop;
import dev.schuss.nn.RandomFlip;
import dev.schuss.nn.Residual;
import dev.schuss.nn.Shape;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The nodes of each layer, as predictions have it: what acts in training only (dropout, random
 * flips and crops) makes none, and a batch normalisation takes its running statistics.
 */
final class OnnxLayers {
  private final Graph graph;
  private final FittedModel model;

  OnnxLayers(Graph graph, FittedModel model) {
    this.graph = graph;
    this.model = model;
  }

  /**
   * What a layer makes of x.
   *
   * @param name the layer's name in the layout, such as {@code dense0}
   * @throws ModelException if the layer has no form here
   */
  Flow of(Layer layer, String name, Flow x) {
    graph.scope(name);
    Shape out = shape(layer, name, x.shape());
    if (layer instanceof Dropout || layer instanceof RandomFlip || layer instanceof RandomCrop) {
      return x;
    } else if (layer instanceof Elementwise e) {
      return elementwise(e.activation(), x);
    } else if (layer instanceof Embedding embedding) {
      return Flow.of(embedding(embedding, name, x), out);
    } else if (layer instanceof Residual residual) {
      return Flow.of(residual(residual, name, x, out), out);
    } else if (layer instanceof Flatten) {
      return Flow.of(flat(x), out);
    }
    return Flow.of(plain(layer, name, x), out);
  }

  /** Layers of one tensor and one to three nodes. */
  private String plain(Layer layer, String name, Flow x) {
    if (layer instanceof Dense dense) {
      return dense(dense, name, x);
    } else if (layer instanceof Conv2d conv) {
      return conv(conv, name, x);
    } else if (layer instanceof MaxPool2d pool) {
      return pool("MaxPool", pool.kernel(), pool.stride(), pool.padding(), x);
    } else if (layer instanceof AveragePool2d pool) {
      // Padding counts as zeros here, and ONNX would leave it out.
      return pool(
          "AveragePool",
          pool.kernel(),
          pool.stride(),
          pool.padding(),
          x,
          attribute("count_include_pad", 1L));
    } else if (layer instanceof GlobalAveragePool) {
      String mean = graph.node("GlobalAveragePool", List.of(x.tensor())); // [N, channels, 1, 1]
      return graph.node("Flatten", List.of(mean), attribute("axis", 1L));
    } else if (layer instanceof BatchNorm norm) {
      return graph.node(
          "BatchNormalization",
          List.of(
              x.tensor(),
              weights(name + ".weight"),
              weights(name + ".bias"),
              weights(name + ".running_mean"),
              weights(name + ".running_var")),
          attribute("epsilon", (float) norm.epsilon()));
    } else if (layer instanceof LayerNorm norm) {
      return layerNorm(norm, name, x);
    }
    throw new ModelException(
        "%s: the layer %s has no form in ONNX here: leave it out, and train again"
            .formatted(name, layer.type()));
  }

  /** What a row is behind a layer. */
  static Shape shape(Layer layer, String name, Shape in) {
    return layer.bind(name, in, new Layout.Builder()).shape();
  }

  /** The sizes of a row's tensor without the rows. */
  static long[] sizes(Shape shape) {
    return shape.isImage()
        ? new long[] {shape.channels(), shape.height(), shape.width()}
        : new long[] {shape.channels()};
  }

  private Flow elementwise(Activation f, Flow x) {
    boolean unchanged = f instanceof Activation.Identity;
    return unchanged ? x : Flow.of(OnnxActivations.of(f, graph, x.tensor()), x.shape());
  }

  private String dense(Dense dense, String name, Flow x) {
    String product =
        graph.node(
            "Gemm",
            List.of(flat(x), weights(name + ".weight"), weights(name + ".bias")),
            attribute("transB", 1L));
    return OnnxActivations.of(dense.activation(), graph, product);
  }

  private String conv(Conv2d conv, String name, Flow x) {
    List<String> inputs = new ArrayList<>(List.of(x.tensor(), weights(name + ".weight")));
    if (conv.bias()) {
      inputs.add(weights(name + ".bias"));
    }
    String product =
        graph.node(
            "Conv",
            inputs,
            attribute("kernel_shape", twice(conv.kernel())),
            attribute("strides", twice(conv.stride())),
            attribute("pads", pads(conv.padding())));
    return OnnxActivations.of(conv.activation(), graph, product);
  }

  private String pool(
      String operator,
      int kernel,
      Integer stride,
      int padding,
      Flow x,
      Graph.Attribute... attributes) {
    List<Graph.Attribute> all = new ArrayList<>(Arrays.asList(attributes));
    all.add(attribute("kernel_shape", twice(kernel)));
    all.add(attribute("strides", twice(stride == null ? kernel : stride)));
    all.add(attribute("pads", pads(padding)));
    return graph.node(operator, List.of(x.tensor()), all.toArray(Graph.Attribute[]::new));
  }

  private static long[] twice(int size) {
    return new long[] {size, size};
  }

  private static long[] pads(int padding) {
    return new long[] {padding, padding, padding, padding};
  }

  private String layerNorm(LayerNorm norm, String name, Flow x) {
    String bias = weights(name + ".bias", sizes(x.shape()));
    if (x.shape().size() == 1) { // 0 before the bias, and ONNX Runtime refuses such a row
      String zero = graph.node("Sub", List.of(x.tensor(), x.tensor()));
      return graph.node("Add", List.of(zero, bias));
    }
    // ONNX Runtime takes the mean square less the squared mean, in which a mean that is large
    // beside
    // the spread leaves nothing but rounding: without its mean x is the same to the layer.
    long[] axes = x.shape().isImage() ? new long[] {1, 2, 3} : new long[] {1};
    String mean = graph.node("ReduceMean", List.of(x.tensor()), attribute("axes", axes));
    String centred = graph.node("Sub", List.of(x.tensor(), mean));
    return graph.node(
        "LayerNormalization",
        List.of(centred, weights(name + ".weight", sizes(x.shape())), bias),
        attribute("axis", 1L),
        attribute("epsilon", (float) norm.epsilon()));
  }

  private String residual(Residual residual, String name, Flow x, Shape out) {
    Flow made = x;
    for (int i = 0; i < residual.layers().size(); i++) {
      Layer layer = residual.layers().get(i);
      made = of(layer, name + "." + layer.type() + i, made);
    }
    Layer projection = Residual.projection(name, x.shape(), out);
    Flow skip = projection == null ? x : of(projection, name + ".projection", x);
    graph.scope(name);
    String sum = graph.node("Add", List.of(made.tensor(), skip.tensor()));
    return OnnxActivations.of(residual.activation(), graph, sum);
  }

  /** The numbers, then for each category what its value has learned. */
  private String embedding(Embedding embedding, String name, Flow x) {
    List<Shape.Category> categories = x.shape().categories();
    List<String> parts = new ArrayList<>();
    String numbers = numbers(x, categories);
    if (numbers != null) {
      parts.add(numbers);
    }
    Segment table = model.network().layout().segment(name + ".weight");
    int from = table.offset();
    for (int c = 0; c < categories.size(); c++) {
      Shape.Category category = categories.get(c);
      parts.add(
          x.columns() == null
              ? product(x.tensor(), category, from, embedding.units(), name)
              : lookUp(x.columns(), c, from, embedding.units(), name));
      from += category.width() * embedding.units();
    }
    return parts.size() == 1 ? parts.get(0) : graph.node("Concat", parts, attribute("axis", 1L));
  }

  /** The inputs that belong to no category, in their order; null where there are none. */
  private String numbers(Flow x, List<Shape.Category> categories) {
    if (x.columns() != null) {
      return x.columns().numbers();
    }
    long[] places =
        IntStream.range(0, x.shape().size())
            .filter(
                i -> categories.stream().noneMatch(c -> c.from() <= i && i < c.from() + c.width()))
            .asLongStream()
            .toArray();
    return places.length == 0
        ? null
        : graph.node("Gather", List.of(x.tensor(), graph.longs(places)), attribute("axis", 1L));
  }

  /** The row of the table at the place of the value, without the zeros and the one. */
  private String lookUp(Columns columns, int category, int from, int units, String name) {
    Feature feature =
        columns.features().stream().filter(Feature::isCategory).skip(category).findFirst().get();
    int rows = feature.width();
    String table;
    if (feature.missingSeen()) {
      table = graph.floats(name + ".weight", model.weights(), from, rows, units);
    } else { // a row of zeros for values that are not known
      int end = from + rows * units;
      float[] more = Arrays.copyOfRange(model.weights(), from, end + units);
      Arrays.fill(more, rows * units, more.length, 0);
      table = graph.floats(name + ".weight", more, 0, rows + 1L, units);
    }
    String learned = graph.node("Gather", List.of(table, columns.codes().get(category)));
    return graph.node("Flatten", List.of(learned), attribute("axis", 1L)); // of [N, 1, units]
  }

  /** The same for inputs that are no zeros and a one, as behind a normalisation. */
  private String product(String x, Shape.Category category, int from, int units, String name) {
    String table = graph.floats(name + ".weight", model.weights(), from, category.width(), units);
    int first = category.from();
    String inputs = Columns.slice(graph, x, first, first + category.width());
    return graph.node("MatMul", List.of(inputs, table));
  }

  /** The tensor as [N, numbers]. */
  String flat(Flow x) {
    return x.shape().isImage()
        ? graph.node("Flatten", List.of(x.tensor()), attribute("axis", 1L))
        : x.tensor();
  }

  private String weights(String segment) {
    int[] shape = model.network().layout().segment(segment).shape();
    return weights(segment, Arrays.stream(shape).asLongStream().toArray());
  }

  private String weights(String segment, long[] shape) {
    Segment s = model.network().layout().segment(segment);
    String before = graph.scope(""); // the segment's name says where it belongs
    String name = graph.floats(s.name(), model.weights(), s.offset(), shape);
    graph.scope(before);
    return name;
  }
}
