package dev.schuss.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The sizes of a gradient's elements over the epochs, as fields that are the darker the more
 * elements have the size: what Liu et al. 2020 show of Adam's first updates, figure 2.
 */
final class GradientPicture {
  private static final double LEFT = 58;
  private static final double TOP = 30;
  private static final double WIDTH = 408;
  private static final double HEIGHT = 228;

  /** Epochs beside each other; of more every second is drawn, and so on. */
  private static final int MOST = 100;

  /** Powers of 2 in a field. */
  private static final int BIN = 3;

  private GradientPicture() {}

  /** The picture; none where nothing is known of the sizes. */
  static Optional<String> svg(List<Map<String, Object>> epochs) {
    int every = Math.max(1, (epochs.size() + MOST - 1) / MOST);
    Map<Integer, Map<Integer, Double>> shares = new TreeMap<>(); // by epoch and power
    TreeMap<Integer, Boolean> powers = new TreeMap<>();
    for (int e = 0; e < epochs.size(); e += every) {
      if (epochs.get(e).get("gradientSize") instanceof Map<?, ?> sizes) {
        Map<Integer, Double> column = new TreeMap<>();
        sizes.forEach(
            (power, share) -> {
              if (String.valueOf(power).matches("-?\\d+") && share instanceof Number number) {
                column.put(Integer.valueOf(String.valueOf(power)), number.doubleValue());
                powers.put(Integer.valueOf(String.valueOf(power)), true);
              }
            });
        shares.put(e + 1, column);
      }
    }
    return powers.isEmpty()
        ? Optional.empty()
        : Optional.of(draw(shares, powers.firstKey(), powers.lastKey(), every, epochs.size()));
  }

  private static String draw(
      Map<Integer, Map<Integer, Double>> shares, int low, int high, int every, int epochs) {
    int rows = (high - low) / BIN + 1;
    double row = HEIGHT / rows;
    int columns = (epochs + every - 1) / every;
    double column = WIDTH / columns;
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 480 300\" role=\"img\" aria-label=\"sizes of the gradient's elements\">\n");
    words(svg, "title", LEFT, 14, "start", "Sizes of the gradient's elements");
    shares.forEach(
        (epoch, sizes) ->
            sizes.forEach(
                (power, share) -> {
                  int across = (epoch - 1) / every;
                  int up = (power - low) / BIN + 1;
                  svg.append(
                      text(
                          "<rect class=\"field\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill-opacity=\"%.2f\"/>%n",
                          LEFT + column * across,
                          TOP + HEIGHT - row * up,
                          column + 0.2,
                          row + 0.2,
                          Math.min(1, 0.05 + 2 * share)));
                }));
    int step = Math.max(1, (rows + 5) / 6);
    for (int up = 0; up < rows; up += step) {
      int power = low + BIN * up;
      double y = TOP + HEIGHT - row * up;
      words(svg, "tick", LEFT - 6, y + 4, "end", Numbers.compact(Math.pow(2, power)));
    }
    words(svg, "tick", LEFT, TOP + HEIGHT + 15, "middle", "1");
    words(svg, "tick", LEFT + WIDTH, TOP + HEIGHT + 15, "end", Integer.toString(epochs));
    words(svg, "name", LEFT + WIDTH / 2, TOP + HEIGHT + 34, "middle", "epoch");
    svg.append(
        text(
            "<text class=\"name\" text-anchor=\"middle\" transform=\"translate(13 %.1f) rotate(-90)\">size</text>%n",
            TOP + HEIGHT / 2));
    return svg.append("</svg>").toString();
  }

  private static void words(
      StringBuilder svg, String type, double x, double y, String anchor, String words) {
    svg.append(
        text(
            "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
            type, x, y, anchor, Html.escaped(words)));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
