package dev.schuss.export;

import static dev.schuss.export.Graph.attribute;

import dev.schuss.model.ClassLabels;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import java.util.Arrays;
import java.util.List;

/** What the output layer's numbers mean, as nodes: the same as {@code Predictor} makes of them. */
final class OnnxOutputs {
  static final String LABEL = "label";
  static final String PROBABILITIES = "probabilities";
  static final String SCORES = "scores";
  static final String VALUES = "values";
  static final String RECONSTRUCTION = "reconstruction";
  static final String CODE = "code";

  /** Classes up to this size are whole numbers without loss. */
  private static final double WHOLE = 1e15;

  private final Graph graph;
  private final Network network;
  private final Preprocessing columns;
  private final String finite;

  /**
   * Outputs of a graph.
   *
   * @param finite see {@link OnnxInputs#finite}
   */
  OnnxOutputs(Graph graph, Network network, Preprocessing columns, String finite) {
    this.graph = graph;
    this.network = network;
    this.columns = columns;
    this.finite = finite;
  }

  /** Names that no input of a network's graph may take: those of its task's outputs. */
  static List<String> names(Network network) {
    return switch (network.task()) {
      case CLASSIFICATION -> List.of(LABEL, network.probabilities() ? PROBABILITIES : SCORES);
      case REGRESSION -> List.of(VALUES);
      case RECONSTRUCTION -> List.of(RECONSTRUCTION, CODE);
    };
  }

  /**
   * Adds the outputs.
   *
   * @param units tensor [N, units] that the output layer makes
   * @param code tensor [N, width] of the narrowest hidden layer; null where there is none, or none
   *     is wanted
   */
  void of(String units, String code, int codeWidth) {
    graph.scope("outputs");
    switch (network.task()) {
      case CLASSIFICATION -> classes(units);
      case REGRESSION -> add(probable(units), VALUES, network.outputs());
      case RECONSTRUCTION -> {
        add(reverted(probable(units)), RECONSTRUCTION, network.outputs());
        if (code != null) {
          add(code, CODE, codeWidth);
        }
      }
    }
  }

  private void classes(String units) {
    boolean odds = network.loss().units(Task.CLASSIFICATION, network.outputs()) == 1;
    // The logistic function of z is the softmax of 0 and z.
    String scores = odds ? graph.node("Pad", List.of(units, graph.longs(0, 1, 0, 0))) : units;
    label(scores);
    if (network.probabilities()) {
      add(graph.node("Softmax", List.of(scores), attribute("axis", 1L)), PROBABILITIES);
    } else {
      add(scores, SCORES);
    }
  }

  private void label(String scores) {
    String best =
        graph.node(
            "ArgMax", List.of(scores), attribute("axis", 1L), attribute("keepdims", 0L)); // [N]
    ClassLabels classes = columns.classes();
    if (classes.isText() || classes.isNamed()) {
      name(graph.texts(classes.names()), best, Port.Type.STRING);
      return;
    }
    double[] numbers = classes.numbers();
    if (Arrays.stream(numbers).allMatch(x -> x == Math.rint(x) && Math.abs(x) < WHOLE)) {
      long[] whole = Arrays.stream(numbers).mapToLong(x -> (long) x).toArray();
      name(graph.longs(whole), best, Port.Type.INT64);
    } else {
      name(graph.doubles(numbers), best, Port.Type.DOUBLE);
    }
  }

  private void name(String classes, String best, Port.Type type) {
    graph.output(graph.node("Gather", List.of(classes, best)), LABEL, type, 0);
  }

  private String probable(String units) {
    return network.probabilities() ? graph.node("Sigmoid", List.of(units)) : units;
  }

  /** From scaled inputs back to the units of the columns. */
  private String reverted(String scaled) {
    if (!columns.scales()) {
      return scaled;
    }
    long[] width = {columns.width()};
    String divisor = graph.floats("divisor", columns.divisor(), 0, width);
    String shift = graph.floats("shift", columns.shift(), 0, width);
    String product = graph.node("Mul", List.of(scaled, divisor));
    return graph.node("Add", List.of(product, shift));
  }

  private void add(String tensor, String name) {
    add(tensor, name, network.outputs());
  }

  /** NaN where the row has a number that is none: a ReLU may have lost it on the way. */
  private void add(String tensor, String name, int width) {
    String marked = finite == null ? tensor : graph.node("Add", List.of(tensor, finite));
    graph.output(marked, name, Port.Type.FLOAT, width);
  }
}
