package dev.schuss.report;

import dev.schuss.model.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The sizes of a gradient's elements over the updates, as fields that are the darker the more
 * elements have the size: what Liu et al. 2020 show of Adam's first updates, figure 2. Each of the
 * first updates has a column, later ones share one with those after them.
 */
final class GradientPicture {
  private static final double LEFT = 58;
  private static final double TOP = 30;
  private static final double WIDTH = 408;
  private static final double HEIGHT = 228;

  /** Pixels between two numbers of updates. */
  private static final double APART = 34;

  /** Powers of 2 in a field. */
  private static final int BIN = 3;

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

  /** The picture; none where nothing is known of the sizes. */
  static Optional<String> svg(List<Map<String, Object>> epochs) {
    GradientPicture picture = new GradientPicture(epochs);
    return picture.low > picture.high ? Optional.empty() : Optional.of(picture.draw());
  }

  private String draw() {
    int rows = (high - low) / BIN + 1;
    double row = HEIGHT / rows;
    double wide = WIDTH / columns.size();
    Svg svg = new Svg(Svg.WIDTH, 300, "sizes of the gradient's elements");
    svg.words("title", LEFT, 14, "start", "Sizes of the gradient's elements");
    List<Long> steps = new ArrayList<>(columns.keySet());
    double named = -APART;
    for (int c = 0; c < steps.size(); c++) {
      double x = LEFT + wide * c;
      columns
          .get(steps.get(c))
          .forEach(
              (power, share) -> {
                double y = TOP + HEIGHT - row * ((power - low) / BIN + 1);
                svg.field(x, y, wide + 0.2, row + 0.2, Math.min(1, 0.05 + 2 * share));
              });
      if (x - named >= APART) {
        svg.words("tick", x + wide / 2, TOP + HEIGHT + 15, "middle", Numbers.exact(steps.get(c)));
        named = x;
      }
    }
    int step = Math.max(1, (rows + 5) / 6);
    for (int up = 0; up < rows; up += step) {
      double y = TOP + HEIGHT - row * up;
      svg.words("tick", LEFT - 6, y + 4, "end", Numbers.compact(Math.pow(2, low + BIN * up)));
    }
    svg.words("name", LEFT + WIDTH / 2, TOP + HEIGHT + 34, "middle", "update");
    return svg.upright(TOP + HEIGHT / 2, "size").end();
  }
}
