package dev.schuss.export;

import static dev.schuss.export.Graph.attribute;

import dev.schuss.model.ModelException;
import dev.schuss.nn.Activation;
import java.util.List;

/** The nodes of each activation. */
final class OnnxActivations {
  private OnnxActivations() {}

  /**
   * f of a tensor of any shape.
   *
   * @throws ModelException if the activation has no form here
   */
  static String of(Activation f, Graph graph, String x) {
    if (f instanceof Activation.Identity) {
      return x;
    } else if (f instanceof Activation.Relu) {
      return graph.node("Relu", List.of(x));
    } else if (f instanceof Activation.LeakyRelu leaky) {
      return graph.node("LeakyRelu", List.of(x), attribute("alpha", (float) leaky.slope()));
    } else if (f instanceof Activation.Elu elu) {
      return graph.node("Elu", List.of(x), attribute("alpha", (float) elu.alpha()));
    } else if (f instanceof Activation.Gelu) {
      return gelu(graph, x);
    } else if (f instanceof Activation.GeluTanh) {
      return geluTanh(graph, x);
    } else if (f instanceof Activation.Softplus softplus) {
      return softplus(graph, x, (float) softplus.beta());
    } else if (f instanceof Activation.Tanh) {
      return graph.node("Tanh", List.of(x));
    } else if (f instanceof Activation.Sigmoid) {
      return graph.node("Sigmoid", List.of(x));
    }
    throw new ModelException(
        "the activation %s has no form in ONNX here: replace it by one that docs/export.md names, and train again"
            .formatted(f));
  }

  /** x (1 + erf(x / sqrt 2)) / 2; ONNX has a Gelu of its own only from opset 20 on. */
  private static String gelu(Graph graph, String x) {
    String scaled = times(graph, x, (float) Math.sqrt(0.5));
    String erf = graph.node("Erf", List.of(scaled));
    return halfOf(graph, x, erf);
  }

  /** x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2. */
  private static String geluTanh(Graph graph, String x) {
    String square = graph.node("Mul", List.of(x, x));
    String cube = graph.node("Mul", List.of(square, x));
    String sum = graph.node("Add", List.of(x, times(graph, cube, 0.044715f)));
    String tanh = graph.node("Tanh", List.of(times(graph, sum, (float) Math.sqrt(2 / Math.PI))));
    return halfOf(graph, x, tanh);
  }

  private static String halfOf(Graph graph, String x, String y) {
    String one = graph.node("Add", List.of(y, graph.number(1)));
    return times(graph, graph.node("Mul", List.of(x, one)), 0.5f);
  }

  private static String softplus(Graph graph, String x, float beta) {
    if (beta == 1) {
      return graph.node("Softplus", List.of(x));
    }
    String bent = graph.node("Softplus", List.of(times(graph, x, beta)));
    return graph.node("Div", List.of(bent, graph.number(beta)));
  }

  private static String times(Graph graph, String x, float factor) {
    return graph.node("Mul", List.of(x, graph.number(factor)));
  }
}
