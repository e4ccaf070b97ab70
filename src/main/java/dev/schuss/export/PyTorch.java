package dev.schuss.export;

import dev.schuss.model.FittedModel;
import dev.schuss.model.Json;
import dev.schuss.model.Safetensors;
import dev.schuss.model.Tensor;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Dense;
import dev.schuss.nn.Network;
import dev.schuss.nn.Shape;
import dev.schuss.objective.Segment;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's weights as safetensors, under the names that a {@code torch.nn.Sequential} of the same
 * layers has them, with the code that builds it; or under the project's own names.
 *
 * <p>Values and shapes are PyTorch's own as they lie: {@code Linear.weight} [outputs, inputs],
 * {@code Conv2d.weight} [out, in, height, width], {@code Embedding.weight} [values, units]. What is
 * done to the columns before the first layer is no part of it, and stands in the metadata.
 */
public final class PyTorch {
  private PyTorch() {}

  /** The names of tensors. */
  public enum Names {
    /** As {@code state_dict} of a {@code torch.nn.Sequential} has them: {@code 0.weight}. */
    PYTORCH,

    /** As {@code model.safetensors} has them: {@code dense0.weight}. */
    SCHUSS
  }

  /** A model's network as modules of PyTorch, the output layer included. */
  static TorchModules modules(FittedModel model) {
    Network network = model.network();
    TorchModules modules = new TorchModules(model, "");
    Shape shape = network.input();
    for (int i = 0; i < network.hidden().size(); i++) {
      shape = modules.add(network.hidden().get(i), network.hidden().get(i).type() + i, shape);
    }
    int units = network.loss().units(network.task(), network.outputs());
    modules.add(new Dense(units, Activation.IDENTITY), "output", shape);
    return modules;
  }

  /**
   * The source of a network in PyTorch that has the tensors' names: what it needs, and {@code model
   * = nn.Sequential(...)}.
   *
   * @throws dev.schuss.model.ModelException if a layer has no form there
   */
  public static String code(FittedModel model) {
    return modules(model).source();
  }

  /**
   * The tensors and metadata of the file.
   *
   * @throws dev.schuss.model.ModelException if a layer has no form in PyTorch, under its names
   */
  public static Safetensors tensors(FittedModel model, Names names) {
    Map<String, String> metadata = new LinkedHashMap<>(Onnx.metadata(model));
    if (model.preprocessing().scales()) {
      metadata.put("shift", numbers(model.preprocessing().shift()));
      metadata.put("divisor", numbers(model.preprocessing().divisor()));
    }
    if (names == Names.SCHUSS) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (Segment s : model.network().layout().segments()) {
        tensors.put(s.name(), new Tensor(s.shape(), model.weights(), s.offset()));
      }
      return new Safetensors(tensors, metadata);
    }
    TorchModules modules = modules(model);
    metadata.put("format", "pt"); // as safetensors.torch writes it
    metadata.put("pytorch", modules.source());
    return new Safetensors(modules.tensors(), modules.counts(), metadata);
  }

  /**
   * Writes the file; the same model gives the same bytes.
   *
   * @param out left open
   */
  public static void write(FittedModel model, Names names, OutputStream out) throws IOException {
    tensors(model, names).write(out);
  }

  private static String numbers(float[] values) {
    List<Float> list = new ArrayList<>();
    for (float value : values) {
      list.add(value);
    }
    boolean one = list.stream().distinct().count() == 1;
    return Json.line(one ? list.subList(0, 1) : list);
  }
}
