package dev.schuss.export;

import dev.schuss.model.FittedModel;
import dev.schuss.model.ModelException;
import dev.schuss.model.Tensor;
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
import dev.schuss.objective.Segment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The modules of a {@code torch.nn.Sequential} and their tensors, as they are added. */
final class TorchModules {
  private static final String RESIDUAL =
      """
      class Residual(nn.Module):
          def __init__(self, layers, projection, activation):
              super().__init__()
              self.layers, self.projection, self.activation = layers, projection, activation

          def forward(self, x):
              return self.activation(self.layers(x) + self.projection(x))


      """;

  /** One-hot columns become learned numbers; the other columns come first. */
  private static final String EMBEDDINGS =
      """
      class Embeddings(nn.Module):
          def __init__(self, inputs, columns, units):
              super().__init__()
              self.columns = columns
              self.numbers = [i for i in range(inputs) if not any(a <= i < b for a, b in columns)]
              self.tables = nn.ModuleList(nn.Embedding(b - a, units) for a, b in columns)

          def forward(self, x):
              learned = [x[:, a:b] @ t.weight for (a, b), t in zip(self.columns, self.tables)]
              return torch.cat([x[:, self.numbers]] + learned, 1)


      """;

  private final FittedModel model;
  private final String prefix;
  private final List<String> lines = new ArrayList<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, Long> counts = new LinkedHashMap<>();

  /**
   * No modules yet.
   *
   * @param prefix begins the names of all tensors
   */
  TorchModules(FittedModel model, String prefix) {
    this.model = model;
    this.prefix = prefix;
  }

  Map<String, Tensor> tensors() {
    return tensors;
  }

  /** Whole numbers that PyTorch keeps beside the tensors, by name. */
  Map<String, Long> counts() {
    return counts;
  }

  /** A Python program that builds the network as {@code model}. */
  String source() {
    String network = sequential();
    return "import torch\nfrom torch import nn\n\n\n"
        + (network.contains("Residual(") ? RESIDUAL : "")
        + (network.contains("Embeddings(") ? EMBEDDINGS : "")
        + "model = "
        + network
        + "\n";
  }

  private String sequential() {
    return lines.stream()
        .map(line -> "    " + line.replace("\n", "\n    ") + ",\n")
        .collect(Collectors.joining("", "nn.Sequential(\n", ")"));
  }

  /**
   * Adds a layer: one module, and one more for an activation or a flattening.
   *
   * @param name the layer's name in the layout
   * @return what a row is behind it
   * @throws ModelException if it has no form here
   */
  Shape add(Layer layer, String name, Shape in) {
    Shape out = OnnxLayers.shape(layer, name, in);
    if (layer instanceof Dense dense) {
      if (in.isImage()) {
        lines.add("nn.Flatten()");
      }
      weights(name, "weight", "bias");
      lines.add("nn.Linear(%d, %d)".formatted(in.size(), dense.units()));
      activation(dense.activation());
    } else if (layer instanceof Conv2d conv) {
      weights(name, "weight");
      if (conv.bias()) {
        weights(name, "bias");
      }
      lines.add(
          "nn.Conv2d(%d, %d, %d, stride=%d, padding=%d, bias=%s)"
              .formatted(
                  in.channels(),
                  conv.channels(),
                  conv.kernel(),
                  conv.stride(),
                  conv.padding(),
                  conv.bias() ? "True" : "False"));
      activation(conv.activation());
    } else if (layer instanceof BatchNorm norm) {
      weights(name, "weight", "bias", "running_mean", "running_var");
      counts.put(here() + "num_batches_tracked", model.provenance().steps());
      lines.add(
          "nn.BatchNorm%dd(%d, eps=%s, momentum=%s)"
              .formatted(in.isImage() ? 2 : 1, in.channels(), norm.epsilon(), norm.momentum()));
    } else if (layer instanceof LayerNorm norm) {
      layerNorm(norm, name, in);
    } else if (layer instanceof Embedding embedding) {
      embedding(embedding, name, in);
    } else if (layer instanceof Residual residual) {
      residual(residual, name, in, out);
    } else if (layer instanceof Elementwise e) {
      activation(e.activation());
    } else {
      withoutWeights(layer, name);
    }
    return out;
  }

  private void withoutWeights(Layer layer, String name) {
    if (layer instanceof MaxPool2d pool) {
      lines.add(pool("nn.MaxPool2d", pool.kernel(), pool.stride(), pool.padding()));
    } else if (layer instanceof AveragePool2d pool) {
      lines.add(pool("nn.AvgPool2d", pool.kernel(), pool.stride(), pool.padding()));
    } else if (layer instanceof GlobalAveragePool) {
      lines.add("nn.AdaptiveAvgPool2d(1)");
      lines.add("nn.Flatten()");
    } else if (layer instanceof Flatten) {
      lines.add("nn.Flatten()");
    } else if (layer instanceof Dropout dropout) {
      lines.add("nn.Dropout(%s)".formatted(dropout.rate()));
    } else if (!(layer instanceof RandomFlip || layer instanceof RandomCrop)) {
      throw new ModelException(
          "%s: the layer %s has no form in PyTorch here: export it with --names schuss"
              .formatted(name, layer.type()));
    }
  }

  private static String pool(String module, int kernel, Integer stride, int padding) {
    return "%s(%d, stride=%d, padding=%d)"
        .formatted(module, kernel, stride == null ? kernel : stride, padding);
  }

  private void layerNorm(LayerNorm norm, String name, Shape in) {
    long[] sizes = OnnxLayers.sizes(in);
    int[] shape = new int[sizes.length];
    List<String> words = new ArrayList<>();
    for (int i = 0; i < shape.length; i++) {
      shape[i] = (int) sizes[i];
      words.add(Integer.toString(shape[i]));
    }
    for (String part : List.of("weight", "bias")) {
      Segment s = segment(name + "." + part);
      tensors.put(here() + part, new Tensor(shape, model.weights(), s.offset()));
    }
    lines.add("nn.LayerNorm([%s], eps=%s)".formatted(String.join(", ", words), norm.epsilon()));
  }

  private void embedding(Embedding embedding, String name, Shape in) {
    int from = segment(name + ".weight").offset();
    List<String> columns = new ArrayList<>();
    for (Shape.Category c : in.categories()) {
      String table = here() + "tables." + columns.size() + ".weight";
      int[] shape = {c.width(), embedding.units()};
      tensors.put(table, new Tensor(shape, model.weights(), from));
      from += c.width() * embedding.units();
      columns.add("(%d, %d)".formatted(c.from(), c.from() + c.width()));
    }
    lines.add(
        "Embeddings(%d, [%s], %d)"
            .formatted(in.size(), String.join(", ", columns), embedding.units()));
  }

  private void residual(Residual residual, String name, Shape in, Shape out) {
    TorchModules inside = new TorchModules(model, here() + "layers.");
    Shape shape = in;
    for (int i = 0; i < residual.layers().size(); i++) {
      Layer layer = residual.layers().get(i);
      shape = inside.add(layer, name + "." + layer.type() + i, shape);
    }
    tensors.putAll(inside.tensors);
    counts.putAll(inside.counts);
    Layer projection = Residual.projection(name, in, out);
    String wayAround = "nn.Identity()";
    if (projection != null) {
      TorchModules around = new TorchModules(model, here() + "projection.");
      around.add(projection, name + ".projection", in);
      around.tensors.forEach(
          (key, tensor) -> tensors.put(key.replace("projection.0.", "projection."), tensor));
      wayAround = around.lines.get(0);
    }
    String activation = code(residual.activation());
    lines.add(
        "Residual(%s, %s, %s)"
            .formatted(
                inside.sequential(), wayAround, activation == null ? "nn.Identity()" : activation));
  }

  private void weights(String name, String... parts) {
    for (String part : parts) {
      Segment s = segment(name + "." + part);
      tensors.put(here() + part, new Tensor(s.shape(), model.weights(), s.offset()));
    }
  }

  private Segment segment(String name) {
    return model.network().layout().segment(name);
  }

  /** The place of the next module. */
  private String here() {
    return prefix + lines.size() + ".";
  }

  private void activation(Activation f) {
    String code = code(f);
    if (code != null) {
      lines.add(code);
    }
  }

  /** The module of an activation; null where none is needed. */
  private static String code(Activation f) {
    if (f instanceof Activation.Identity) {
      return null;
    } else if (f instanceof Activation.Relu) {
      return "nn.ReLU()";
    } else if (f instanceof Activation.LeakyRelu leaky) {
      return "nn.LeakyReLU(%s)".formatted(leaky.slope());
    } else if (f instanceof Activation.Elu elu) {
      return "nn.ELU(%s)".formatted(elu.alpha());
    } else if (f instanceof Activation.Gelu) {
      return "nn.GELU()";
    } else if (f instanceof Activation.GeluTanh) {
      return "nn.GELU(approximate=\"tanh\")";
    } else if (f instanceof Activation.Softplus softplus) {
      return "nn.Softplus(%s)".formatted(softplus.beta());
    } else if (f instanceof Activation.Tanh) {
      return "nn.Tanh()";
    } else if (f instanceof Activation.Sigmoid) {
      return "nn.Sigmoid()";
    }
    throw new ModelException(
        "the activation %s has no form in PyTorch here: export it with --names schuss"
            .formatted(f));
  }
}
