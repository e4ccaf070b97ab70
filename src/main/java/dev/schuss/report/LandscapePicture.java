package dev.schuss.report;

import dev.schuss.experiment.LossGrid;
import dev.schuss.experiment.LossGrid.Kind;
import dev.schuss.experiment.LossGrid.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The loss around a network as SVG: fields that are the darker the smaller the loss is, contour
 * lines at round losses, by the logarithm where losses are of several sizes, and the given vectors
 * of weights; of a line the curve. Where the loss is no number there is a hole.
 */
public final class LandscapePicture {
  private static final double WIDTH = 480;
  private static final double LEFT = 58;
  private static final double TOP = 34;
  private static final double PLOT = 342;
  private static final double SHORTEST = 120;
  private static final double BAR = 14;
  private static final double GAP = 10;
  private static final double BOTTOM = 44;
  private static final double LINE = 17;

  /** Shades that an eye may tell apart. */
  private static final int SHADES = 32;

  private static final int LEVELS = 10;

  /** Losses of several sizes: the largest is so many times the smallest. */
  private static final double SIZES = 5;

  /** Of less than so many times there are few ticks. */
  private static final double FEW = 60;

  private static final String STYLE =
      ".plot .level{fill:none;stroke:var(--ink);stroke-width:.7;opacity:.55}"
          + ".plot .hole{fill:var(--c1);opacity:.3}.plot .cell{shape-rendering:crispEdges}"
          + ".plot .halo{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}";

  private final String title;
  private final LossGrid grid;
  private final Axis x;
  private final Axis y;
  private final Axis shade; // losses to 0 (low) to 1 (high)
  private final List<Double> levels;
  private final double height; // of the grid

  private LandscapePicture(String title, LossGrid grid) {
    this.title = title;
    this.grid = grid;
    double[] all =
        Arrays.stream(grid.loss())
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .toArray();
    double low = Arrays.stream(all).min().orElse(1);
    double high = Arrays.stream(all).max().orElse(1);
    boolean log = low > 0 && high > SIZES * low;
    Axis.Range losses = new Axis.Range();
    losses.add(all, log);
    this.shade = new Axis(losses, log, 0, 1, 0);
    this.levels = log && high < FEW * low ? between(low, high) : shade.ticks(LEVELS);
    double wide = grid.x()[grid.x().length - 1] - grid.x()[0];
    double tall = grid.y()[grid.y().length - 1] - grid.y()[0];
    this.height = Math.max(SHORTEST, Math.min(PLOT, PLOT * tall / wide));
    this.x = axis(grid.x(), LEFT, LEFT + PLOT);
    this.y = axis(grid.y(), TOP + height, TOP);
  }

  /** Round losses, closer than the ticks of an axis. */
  private static List<Double> between(double low, double high) {
    List<Double> levels = new ArrayList<>();
    for (int power = (int) Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      for (double factor : new double[] {1, 1.5, 2, 3, 5, 7}) {
        double level = factor * Math.pow(10, power);
        if (level > low && level < high) {
          levels.add(level);
        }
      }
    }
    return levels;
  }

  private static Axis axis(double[] values, double from, double to) {
    Axis.Range range = new Axis.Range();
    range.add(values, false);
    return new Axis(range, false, from, to, 0);
  }

  /**
   * An SVG file.
   *
   * @param title of the picture, such as the network's name
   */
  public static String svg(String title, LossGrid grid) {
    return grid.kind() == Kind.LINE
        ? line(title, grid).file()
        : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + new LandscapePicture(title, grid).draw(Look.STYLE)
            + "\n";
  }

  /** An element {@code svg} for a page that has {@link Look#STYLE}. */
  static String element(String title, LossGrid grid) {
    return grid.kind() == Kind.LINE
        ? line(title, grid).svg()
        : new LandscapePicture(title, grid).draw("");
  }

  private static Plot line(String title, LossGrid grid) {
    List<Place> ends = grid.places();
    Plot plot =
        new Plot(
                title,
                "from %s (0) to %s (1)".formatted(brief(ends.get(0), 26), brief(ends.get(1), 26)),
                "loss")
            .curve("", grid.x(), grid.loss()[0]);
    for (Place end : ends) {
      plot.mark(end.x(), end.loss(), Numbers.metric("loss", end.loss()));
    }
    return plot.logYWhereItHelps();
  }

  private String draw(String pageStyle) {
    long holes = grid.holes();
    double below = TOP + height + BOTTOM + LINE * (grid.places().size() + (holes > 0 ? 1 : 0));
    StringBuilder svg = new StringBuilder();
    svg.append(
        text(
            """
            <svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">
            <style>%s%s</style>
            """,
            WIDTH, below, Html.escaped(title), pageStyle, STYLE));
    if (!pageStyle.isEmpty()) {
      svg.append("<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
    }
    words(svg, "title", LEFT, 16, "start", title);
    fields(svg);
    levels(svg);
    frame(svg);
    bar(svg);
    for (int k = 0; k < grid.places().size(); k++) {
      mark(svg, grid.places().get(k), k == 2); // below, where it may lie beside the first
    }
    legend(svg, holes);
    return svg.append("</svg>").toString();
  }

  /** Fields around the points of the grid; neighbours of one shade in a row are one. */
  private void fields(StringBuilder svg) {
    double[] columns = edges(grid.x(), x);
    double[] rows = edges(grid.y(), y);
    for (int r = 0; r < grid.y().length; r++) {
      double top = rows[r + 1];
      double tall = rows[r] - top;
      int from = 0;
      for (int c = 1; c <= grid.x().length; c++) {
        if (c == grid.x().length || shade(r, c) != shade(r, from)) {
          double left = columns[from];
          field(svg, left, top, columns[c] - left, tall, shade(r, from));
          from = c;
        }
      }
    }
  }

  private static void field(
      StringBuilder svg, double left, double top, double wide, double tall, int shade) {
    String look =
        shade < 0
            ? "class=\"hole cell\""
            : text(
                "class=\"field cell\" fill-opacity=\"%.2f\"", 0.78 - 0.74 * shade / (SHADES - 1));
    svg.append(
        text(
            "<rect %s x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>%n",
            look, left, top, wide, tall));
  }

  /** The middles between neighbours, and both ends, to a tenth of a pixel as they are written. */
  private static double[] edges(double[] values, Axis axis) {
    int n = values.length;
    double[] edges = new double[n + 1];
    for (int i = 0; i <= n; i++) {
      double middle = (values[Math.max(0, i - 1)] + values[Math.min(n - 1, i)]) / 2;
      edges[i] = Math.rint(10 * axis.at(middle)) / 10;
    }
    return edges;
  }

  /** From 0, the lowest loss, to SHADES - 1; -1 where it is no number. */
  private int shade(int row, int column) {
    double loss = grid.loss()[row][column];
    return shade.takes(loss)
        ? (int) Math.max(0, Math.min(SHADES - 1, Math.floor(shade.at(loss) * SHADES)))
        : -1;
  }

  private void levels(StringBuilder svg) {
    int columns = grid.x().length - 1;
    int rows = grid.y().length - 1;
    Contours contours =
        new Contours(
            columns,
            rows,
            (right, down) -> {
              double loss =
                  grid.loss()[rows - (int) Math.rint(down * rows)][
                      (int) Math.rint(right * columns)];
              return shade.takes(loss) ? shade.at(loss) : Double.NaN;
            });
    for (double level : levels) {
      String path = contours.path(shade.at(level), LEFT, TOP, PLOT, height);
      if (!path.isEmpty()) {
        svg.append(
            text(
                "<path class=\"level\" d=\"%s\"><title>%s</title></path>%n",
                path, shade.name(level)));
      }
    }
  }

  private void frame(StringBuilder svg) {
    svg.append(
        text(
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"none\" class=\"axis\"/>%n",
            LEFT, TOP, PLOT, height));
    for (double tick : x.ticks(6)) {
      words(svg, "tick", x.at(tick), TOP + height + 15, "middle", x.name(tick));
    }
    for (double tick : y.ticks(6)) {
      words(svg, "tick", LEFT - 6, y.at(tick) + 4, "end", y.name(tick));
    }
    boolean around = grid.kind() == Kind.AROUND;
    words(
        svg,
        "name",
        LEFT + PLOT / 2,
        TOP + height + 33,
        "middle",
        around
            ? "first random direction"
            : "distance, from %s towards %s"
                .formatted(brief(grid.places().get(0), 18), brief(grid.places().get(1), 18)));
    svg.append(
        text(
            "<text class=\"name\" text-anchor=\"middle\" transform=\"translate(13 %.1f) rotate(-90)\">%s</text>%n",
            TOP + height / 2, around ? "second random direction" : "distance aside"));
  }

  /** Which shade is which loss; its lines are those of the picture. */
  private void bar(StringBuilder svg) {
    double left = LEFT + PLOT + GAP;
    double bottom = TOP + height;
    for (int s = 0; s < SHADES; s++) {
      double top = Math.rint(10 * (TOP + height * (SHADES - 1 - s) / SHADES)) / 10;
      field(svg, left, top, BAR, bottom - top, s);
      bottom = top;
    }
    words(svg, "tick", left, TOP - 6, "start", "loss");
    for (double level : levels) {
      double at = TOP + height * (1 - shade.at(level));
      svg.append(
          text(
              "<line class=\"level\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
              left, at, left + BAR, at));
      words(svg, "tick", left + BAR + 4, at + 4, "start", shade.name(level));
    }
  }

  private void mark(StringBuilder svg, Place place, boolean below) {
    double across = x.at(place.x());
    double down = y.at(place.y());
    svg.append(
        text(
            "<circle class=\"mark\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"><title>%s</title></circle>%n",
            across, down, Html.escaped(place.name())));
    if (grid.places().size() > 1) {
      boolean leftOfIt = across > LEFT + PLOT / 2;
      words(
          svg,
          "small halo",
          across + (leftOfIt ? -8 : 8),
          down + (below ? 16 : -7),
          leftOfIt ? "end" : "start",
          brief(place, 26));
    }
  }

  private void legend(StringBuilder svg, long holes) {
    List<String> lines = new ArrayList<>();
    for (Place place : grid.places()) {
      lines.add("%s: loss %s".formatted(brief(place, 48), Numbers.metric("loss", place.loss())));
    }
    double at = TOP + height + BOTTOM + 8;
    for (String line : lines) {
      svg.append(
          text("<circle class=\"mark\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"/>%n", LEFT + 6, at - 4));
      words(svg, "small", LEFT + 18, at, "start", line);
      at += LINE;
    }
    if (holes > 0) {
      svg.append(
          text(
              "<rect class=\"hole\" x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"10\"/>%n",
              LEFT, at - 9));
      words(svg, "small", LEFT + 18, at, "start", "the loss is no finite number there");
    }
  }

  /** The end of a long name, such as a path, which tells more than its beginning. */
  private static String brief(Place place, int most) {
    String name = place.name();
    return name.length() <= most ? name : "…" + name.substring(name.length() - most + 1);
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
