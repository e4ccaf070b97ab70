package dev.schuss.export;

import static dev.schuss.export.Graph.attribute;

import dev.schuss.model.Feature;
import java.util.ArrayList;
import java.util.List;

/**
 * The features of rows before they are one tensor: the scaled numbers of all columns that are no
 * categories, and for each category the place of its value. An embedding takes them so; any other
 * layer has them joined.
 *
 * @param features the columns, in order
 * @param numbers tensor [N, numbers]; null where all columns are categories
 * @param codes for each category a tensor [N, 1] of places, which are {@link Feature#width} for a
 *     value that leaves all inputs 0
 */
record Columns(Graph graph, List<Feature> features, String numbers, List<String> codes) {

  /** The place of a value that is not known. */
  static long unknown(Feature category) {
    return category.missingSeen() ? category.width() - 1 : category.width();
  }

  /** Zeros and a one for each category, between the numbers; [N, inputs]. */
  String join() {
    if (codes.isEmpty()) {
      return numbers;
    }
    String before = graph.scope("columns");
    int all = features.stream().filter(f -> !f.isCategory()).mapToInt(Feature::width).sum();
    List<String> parts = new ArrayList<>();
    int category = 0;
    int from = 0; // of the numbers that no part has yet
    int to = 0;
    for (Feature feature : features) {
      if (feature.isCategory()) {
        addNumbers(parts, from, to, all);
        from = to;
        parts.add(oneHot(codes.get(category++), feature.width()));
      } else {
        to += feature.width();
      }
    }
    addNumbers(parts, from, to, all);
    String joined =
        parts.size() == 1 ? parts.get(0) : graph.node("Concat", parts, attribute("axis", 1L));
    graph.scope(before);
    return joined;
  }

  private void addNumbers(List<String> parts, int from, int to, int all) {
    if (to - from == all && all > 0) {
      parts.add(numbers);
    } else if (to > from) {
      parts.add(slice(graph, numbers, from, to));
    }
  }

  private String oneHot(String code, int width) {
    String depth = graph.longs(width);
    String values = graph.floats("constant", new float[] {0, 1}, 0, 2);
    String zerosAndOne =
        graph.node("OneHot", List.of(code, depth, values), attribute("axis", -1L)); // [N, 1, width]
    return graph.node("Flatten", List.of(zerosAndOne), attribute("axis", 1L));
  }

  /** Neighbouring columns of a tensor [N, width]. */
  static String slice(Graph graph, String tensor, int from, int to) {
    return graph.node("Slice", List.of(tensor, graph.longs(from), graph.longs(to), graph.longs(1)));
  }
}
