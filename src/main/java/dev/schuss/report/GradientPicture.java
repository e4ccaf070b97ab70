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
    double row = HEIGHT / rows;
    double wide = WIDTH / columns.size();
    Svg svg = new Svg(Svg.WIDTH, 300, "sizes of the gradient's elements");
    svg.words("title", LEFT, 14, "start", "Sizes of the gradient's elements");
    List<Long> steps = new ArrayList<>(columns.keySet());
    double named = -APART;
    for (int c = 0; c < steps.size(); c++) {
      double x = LEFT + wide * c;
      Map<Integer, Double> fields = new TreeMap<>();
      columns
          .get(steps.get(c))
          .forEach((power, share) -> fields.merge(Math.max(low, power), share, Double::sum));
      fields.forEach(
          (power, share) -> {
            double y = TOP + HEIGHT - row * ((power - low) / BIN + 1);
            svg.field(x, y, wide + 0.2, row + 0.2, Math.min(1, 0.05 + 2 * share));
          });
      if (x - named >= APART) {
        svg.words("tick", x + wide / 2, TOP + HEIGHT + 15, "middle", Numbers.exact(steps.get(c)));
        named = x;
      }
    }
    double decade = HEIGHT / (rows * BIN) * Math.log(10) / Math.log(2); // its pixels
    int first = (int) Math.ceil(low * Math.log10(2));
    int last = (int) Math.floor((low + rows * BIN) * Math.log10(2));
    int every = Math.max(1, (last - first + MOST_NAMES) / MOST_NAMES);
    for (int power = first; power <= last; power += every) {
      double y = TOP + HEIGHT - decade * (power - low * Math.log10(2));
      svg.words("tick", LEFT - 6, y + 4, "end", "1e" + power);
    }
    svg.words("name", LEFT + WIDTH / 2, TOP + HEIGHT + 34, "middle", "update");
    return svg.upright(TOP + HEIGHT / 2, "size").end();
  }
}
