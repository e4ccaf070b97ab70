package dev.schuss.report;

import dev.schuss.model.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The sizes of a gradient's elements over the updates, as fields that are the darker the more
 * elements have the size: what Liu et al. 2020 show of Adam's first updates, figure 2. Each of the
 * first updates has a column, later ones share one with those after them.
 */
final class GradientPicture {
  private static final int MOST_STEPS = 12;

  /** Powers of 2 in a field. */
  private static final int BIN = 3;

  /** Of all elements this share may lie below the picture, in its lowest fields. */
  private static final double BELOW = 0.005;

  private static final int MOST_NAMES = 6;

  private final Map<Long, Map<Integer, Double>> columns = new LinkedHashMap<>(); // by update
  private int low = Integer.MAX_VALUE;
  private int high = Integer.MIN_VALUE;

  private GradientPicture(List<Map<String, Object>> epochs) {
    for (Map<String, Object> epoch : epochs) {
      if (epoch.get("gradientLooks") instanceof List<?> looks) {
        looks.forEach(look -> add(Json.block(look)));
      }
    }
  }

  private void add(Map<String, Object> look) {
    Map<Integer, Double> column = new TreeMap<>();
    Json.block(look.get("size"))
        .forEach(
            (power, share) -> {
              if (power.matches("-?\\d+") && share instanceof Number number) {
                int size = Integer.parseInt(power);
                column.put(size, number.doubleValue());
                low = Math.min(low, size);
                high = Math.max(high, size);
              }
            });
    columns.put((long) Json.number(look.get("step")), column);
  }

  /** A few elements that are next to nothing do not squeeze all others. */
  private void cut() {
    TreeMap<Integer, Double> all = new TreeMap<>();
    columns
        .values()
        .forEach(c -> c.forEach((power, share) -> all.merge(power, share, Double::sum)));
    double below = 0;
    for (Map.Entry<Integer, Double> size : all.entrySet()) {
      below += size.getValue();
      if (below > BELOW * columns.size()) {
        low = size.getKey();
        return;
      }
    }
  }

  /** The picture; none where nothing is known of the sizes. */
  static Optional<String> svg(List<Map<String, Object>> epochs) {
    GradientPicture picture = new GradientPicture(epochs);
    return picture.low > picture.high ? Optional.empty() : Optional.of(picture.draw());
  }

  private String draw() {
    cut();
    int rows = (high - low) / BIN + 1;
    List<Long> steps = new ArrayList<>(columns.keySet());
    Fields fields = new Fields();
    for (int c = 0; c < steps.size(); c++) {
      int column = c;
      Map<Integer, Double> shares = new TreeMap<>();
      columns
          .get(steps.get(c))
          .forEach(
              (power, share) ->
                  shares.merge((Math.max(low, power) - low) / BIN, share, Double::sum));
      shares.forEach((row, share) -> fields.add(column, row, Math.min(1, 0.05 + 2 * share)));
    }
    Drawing drawing = new Drawing("Sizes of the gradient's elements", Drawing.WIDTH, 300);
    fields.draw(drawing, 1, 1);
    int apart = Math.max(1, (steps.size() + MOST_STEPS - 1) / MOST_STEPS);
    double[] named =
        IntStream.range(0, steps.size()).filter(c -> c % apart == 0).asDoubleStream().toArray();
    List<String> names =
        DoubleStream.of(named).mapToObj(c -> Numbers.exact(steps.get((int) c))).toList();
    Fields.axis(drawing, "x", "update", steps.size(), named, names);
    int first = (int) Math.ceil(low * Math.log10(2));
    int last = (int) Math.floor((low + rows * BIN) * Math.log10(2));
    int every = Math.max(1, (last - first + MOST_NAMES) / MOST_NAMES);
    int[] powers =
        IntStream.rangeClosed(first, last).filter(p -> (p - first) % every == 0).toArray();
    double[] at =
        IntStream.of(powers).mapToDouble(p -> (p / Math.log10(2) - low) / BIN - 0.5).toArray();
    Fields.axis(
        drawing, "y", "size", rows, at, IntStream.of(powers).mapToObj(p -> "1e" + p).toList());
    return drawing.svg();
  }
}
