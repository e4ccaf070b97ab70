package dev.schuss.export;

import static dev.schuss.export.Graph.attribute;

import dev.schuss.model.Feature;
import dev.schuss.model.Invalid;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Network;
import dev.schuss.nn.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The preprocessing as nodes: from columns as users have them to what the first layer takes. All
 * columns of numbers are one input {@code features}, in their order; each category is an input of
 * texts under its column's name.
 */
final class OnnxInputs {
  /** The input of all columns that are no categories. */
  static final String FEATURES = "features";

  private final Graph graph;
  private final Preprocessing columns;
  private String finite;

  OnnxInputs(Graph graph, Preprocessing columns) {
    this.graph = graph;
    this.columns = columns;
  }

  /** Adds the inputs and all that is done to them. */
  Flow of(Network network) {
    graph.scope("");
    int width =
        columns.inputs().stream().filter(f -> !f.isCategory()).mapToInt(Feature::width).sum();
    String numbers = width == 0 ? null : graph.input(FEATURES, Port.Type.FLOAT, width);
    List<String> texts = new ArrayList<>();
    for (Feature feature : columns.inputs()) {
      if (feature.isCategory()) {
        texts.add(graph.input(feature.name(), Port.Type.STRING, 1));
      }
    }
    graph.scope("columns");
    List<String> codes = codes(texts);
    if (numbers != null && columns.invalid() != Invalid.KEEP) {
      String zeros = graph.node("Sub", List.of(numbers, numbers)); // NaN where it is not finite
      finite = graph.node("ReduceSum", List.of(zeros, graph.longs(1)));
    }
    if (!scalesCategories()) {
      int[] places = IntStream.range(0, columns.width()).filter(i -> !isCategory(i)).toArray();
      String scaled = numbers == null ? null : cleared(numbers, scaled(numbers, places));
      return image(new Columns(graph, columns.inputs(), scaled, codes), network.input());
    }
    String joined = new Columns(graph, columns.inputs(), numbers, codes).join();
    int[] all = IntStream.range(0, columns.width()).toArray();
    return image(cleared(joined, scaled(joined, all)), network.input());
  }

  /**
   * A tensor [N, 1] of zeros, but NaN for rows with a missing or infinite number, which the model
   * was not trained with; null where there can be no such row.
   */
  String finite() {
    return finite;
  }

  private List<String> codes(List<String> texts) {
    List<Feature> categories = columns.inputs().stream().filter(Feature::isCategory).toList();
    List<String> codes = new ArrayList<>();
    for (int c = 0; c < texts.size(); c++) {
      Feature category = categories.get(c);
      int known = category.categories().size();
      codes.add(
          known == 0
              ? constantCode(texts.get(c), Columns.unknown(category))
              : graph.mlNode(
                  "LabelEncoder",
                  List.of(texts.get(c)),
                  attribute("keys_strings", category.categories()),
                  attribute("values_int64s", LongStream.range(0, known).toArray()),
                  attribute("default_int64", Columns.unknown(category))));
    }
    return codes;
  }

  /** Where no value is known, whatever is given is unknown. */
  private String constantCode(String texts, long code) {
    String rows = graph.node("Shape", List.of(texts));
    return graph.node("Expand", List.of(graph.longs(code), rows));
  }

  private boolean isCategory(int input) {
    return columns.categories().stream()
        .anyMatch(c -> c.from() <= input && input < c.from() + c.width());
  }

  private boolean scalesCategories() {
    return columns.scales()
        && IntStream.range(0, columns.width())
            .filter(this::isCategory)
            .anyMatch(i -> columns.shift()[i] != 0 || columns.divisor()[i] != 1);
  }

  /** (x - shift) / divisor, without what changes nothing. */
  private String scaled(String x, int[] places) {
    if (!columns.scales()) {
      return x;
    }
    String shifted = x;
    if (Arrays.stream(places).anyMatch(i -> columns.shift()[i] != 0)) {
      shifted = graph.node("Sub", List.of(x, constants("shift", columns.shift(), places)));
    }
    if (Arrays.stream(places).allMatch(i -> columns.divisor()[i] == 1)) {
      return shifted;
    }
    return graph.node("Div", List.of(shifted, constants("divisor", columns.divisor(), places)));
  }

  /** One number for each of these inputs, or one for all. */
  private String constants(String name, float[] values, int[] places) {
    float[] chosen = new float[places.length];
    boolean one = true;
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = values[places[i]];
      one &= chosen[i] == chosen[0];
    }
    return one
        ? graph.floats(name, chosen, 0)
        : graph.floats(name, chosen, 0, new long[] {chosen.length});
  }

  /** Numbers that are missing or infinite become 0 where the model was trained so. */
  private String cleared(String raw, String scaled) {
    if (columns.invalid() != Invalid.KEEP) {
      return scaled;
    }
    String missing = graph.node("IsNaN", List.of(scaled));
    String infinite = graph.node("IsInf", List.of(raw));
    String either = graph.node("Or", List.of(missing, infinite));
    return graph.node("Where", List.of(either, graph.number(0), scaled));
  }

  private Flow image(Columns row, Shape shape) {
    return shape.isImage() ? image(row.join(), shape) : Flow.of(row, shape);
  }

  private Flow image(String row, Shape shape) {
    if (!shape.isImage()) {
      return Flow.of(row, shape);
    }
    // 0 stands for as many rows as there are.
    String sizes = graph.longs(0, shape.channels(), shape.height(), shape.width());
    return Flow.of(graph.node("Reshape", List.of(row, sizes)), shape);
  }
}
