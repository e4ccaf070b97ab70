package dev.schuss.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Curves as SVG, drawn for half a page or a whole phone. Text stays text, and colours are classes
 * of {@link Look}, so that a page shows the same picture in light and in dark. Nothing of AWT is
 * used: it would need fonts, which small machines lack.
 */
final class Plot {
  private static final double WIDTH = Svg.WIDTH;
  private static final double HEIGHT = 300;
  private static final double LEFT = 58;
  private static final double RIGHT = 14;
  private static final double BOTTOM = 42;
  private static final double TITLE = 22;
  private static final double LEGEND = 16;

  /** Average width of a character of the 12 pixel font. */
  private static final double LETTER = 7;

  private static final int MOST_TICKS = 9;

  /** More points than this would lie on top of each other. */
  private static final int MOST = 600;

  private record Curve(String name, int colour, double[] x, double[] y) {}

  private record Band(int colour, double[] x, double[] low, double[] high) {}

  private record Mark(double x, double y, String text) {}

  private record Wall(double x, String text) {}

  private final String title;
  private final String xName;
  private final String yName;
  private final List<Curve> curves = new ArrayList<>();
  private final List<Band> bands = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private final List<Wall> walls = new ArrayList<>();
  private double[] ticks; // null for round numbers
  private boolean logX;
  private boolean logY;
  private boolean points;

  Plot(String title, String xName, String yName) {
    this.title = title;
    this.xName = xName;
    this.yName = yName;
  }

  /** The horizontal axis by its logarithm. */
  Plot logX() {
    logX = true;
    return this;
  }

  /** The vertical axis by its logarithm. */
  Plot logY() {
    logY = true;
    return this;
  }

  /** The vertical axis by its logarithm, if the numbers are of several sizes. */
  Plot logYWhereItHelps() {
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (Curve curve : curves) {
      for (double y : curve.y) {
        if (Double.isFinite(y)) {
          low = Math.min(low, y);
          high = Math.max(high, y);
        }
      }
    }
    logY = low > 0 && high > 30 * low;
    return this;
  }

  /** Where the horizontal axis has its ticks, if these are few. */
  Plot ticks(double[] chosen) {
    ticks = chosen.length <= MOST_TICKS ? chosen : null;
    return this;
  }

  /** Every point of a curve as a dot, too. */
  Plot dots() {
    points = true;
    return this;
  }

  /** A curve in the next colour; it is interrupted where a number is not finite. */
  Plot curve(String name, double[] x, double[] y) {
    return curve(name, curves.size(), x, y);
  }

  /** A curve in a colour by its number. */
  Plot curve(String name, int colour, double[] x, double[] y) {
    curves.add(new Curve(name, colour, x, y));
    return this;
  }

  /** An area between two curves, behind all curves. */
  Plot band(int colour, double[] x, double[] low, double[] high) {
    bands.add(new Band(colour, x, low, high));
    return this;
  }

  /** A point that stands out. */
  Plot mark(double x, double y, String text) {
    marks.add(new Mark(x, y, text));
    return this;
  }

  /** A vertical line. */
  Plot wall(double x, String text) {
    walls.add(new Wall(x, text));
    return this;
  }

  /** Whether there is any finite point. */
  boolean empty() {
    Axis x = horizontal();
    Axis y = vertical(HEIGHT, TITLE);
    return curves.stream()
        .noneMatch(
            c -> {
              for (int i = 0; i < c.x.length; i++) {
                if (x.takes(c.x[i]) && y.takes(c.y[i])) {
                  return true;
                }
              }
              return false;
            });
  }

  /** An element {@code svg}; its style is {@link Look#STYLE}, which the page has once. */
  String svg() {
    return svg("");
  }

  /** A file of its own. */
  String file() {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        + svg(
            "<style>"
                + Look.STYLE
                + "</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n")
        + "\n";
  }

  private String svg(String before) {
    StringBuilder legend = new StringBuilder();
    double top = TITLE + legend(legend);
    double height = HEIGHT + top - TITLE;
    Axis x = horizontal();
    Axis y = vertical(height, top);
    StringBuilder svg = new StringBuilder(Svg.head(WIDTH, height, title));
    svg.append(before);
    label(svg, LEFT, 14, "start", "title", title);
    svg.append(legend);
    frame(svg, x, y, height, top);
    bands.forEach(band -> draw(svg, band, x, y));
    for (Wall wall : walls) {
      if (x.takes(wall.x)) {
        line(svg, "wall", x.at(wall.x), top, x.at(wall.x), height - BOTTOM);
        boolean leftOfIt = x.at(wall.x) > WIDTH / 2;
        label(
            svg,
            x.at(wall.x) + (leftOfIt ? -4 : 4),
            top + 12,
            leftOfIt ? "end" : "start",
            "small",
            wall.text);
      }
    }
    curves.forEach(curve -> draw(svg, curve, x, y));
    for (Mark mark : marks) {
      if (x.takes(mark.x) && y.takes(mark.y)) {
        svg.append(
            text(
                "<circle class=\"mark\" cx=\"%s\" cy=\"%s\" r=\"4\"><title>%s</title></circle>%n",
                number(x.at(mark.x)), number(y.at(mark.y)), Html.escaped(mark.text)));
        boolean leftOfIt = x.at(mark.x) > WIDTH / 2;
        boolean below = y.at(mark.y) < top + 16;
        label(
            svg,
            x.at(mark.x) + (leftOfIt ? -6 : 6),
            y.at(mark.y) + (below ? 16 : -7),
            leftOfIt ? "end" : "start",
            "small",
            mark.text);
      }
    }
    return svg.append("</svg>").toString();
  }

  /** The names of curves in as many lines as they need; returns the height. */
  private double legend(StringBuilder svg) {
    if (curves.size() < 2 && (curves.isEmpty() || curves.get(0).name.isEmpty())) {
      return 6;
    }
    double x = LEFT;
    double y = TITLE + 10;
    for (Curve curve : curves) {
      double wide = 24 + LETTER * curve.name.length() + 12;
      if (x > LEFT && x + wide > WIDTH) {
        x = LEFT;
        y += LEGEND;
      }
      line(svg, "curve " + Look.colour(curve.colour), x, y - 4, x + 18, y - 4);
      label(svg, x + 23, y, "start", "small", curve.name);
      x += wide;
    }
    return y - TITLE + 8;
  }

  private Axis horizontal() {
    Axis.Range range = new Axis.Range();
    curves.forEach(c -> range.add(c.x, logX));
    walls.forEach(w -> range.add(new double[] {w.x}, logX));
    return new Axis(range, logX, LEFT, WIDTH - RIGHT, 0);
  }

  private Axis vertical(double height, double top) {
    Axis.Range range = new Axis.Range();
    curves.forEach(c -> range.add(c.y, logY));
    bands.forEach(b -> range.add(b.low, logY));
    bands.forEach(b -> range.add(b.high, logY));
    return new Axis(range, logY, height - BOTTOM, top, 0.04);
  }

  private void frame(StringBuilder svg, Axis x, Axis y, double height, double top) {
    for (double tick : y.ticks(5)) {
      line(svg, "grid", LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick));
      label(svg, LEFT - 6, y.at(tick) + 4, "end", "tick", y.name(tick));
    }
    for (double tick : ticks != null ? DoubleStream.of(ticks).boxed().toList() : x.ticks(7)) {
      line(svg, "grid", x.at(tick), top, x.at(tick), height - BOTTOM);
      String name = ticks != null ? Numbers.exact(tick) : x.name(tick);
      label(svg, x.at(tick), height - BOTTOM + 15, "middle", "tick", name);
    }
    line(svg, "axis", LEFT, height - BOTTOM, WIDTH - RIGHT, height - BOTTOM);
    line(svg, "axis", LEFT, top, LEFT, height - BOTTOM);
    label(svg, (LEFT + WIDTH - RIGHT) / 2, height - 8, "middle", "name", xName);
    double middle = (top + height - BOTTOM) / 2;
    svg.append(Svg.uprightText(middle, yName));
  }

  private void draw(StringBuilder svg, Curve curve, Axis x, Axis y) {
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    int every = Math.max(1, (curve.x.length + MOST - 1) / MOST);
    StringBuilder dots = new StringBuilder();
    for (int i = 0; i < curve.x.length; i++) {
      if (i % every != 0 && i != curve.x.length - 1) {
        continue;
      }
      if (!x.takes(curve.x[i]) || !y.takes(curve.y[i])) {
        pen = false;
        continue;
      }
      String at = number(x.at(curve.x[i])) + " " + number(y.at(curve.y[i]));
      path.append(pen ? "L" : "M").append(at);
      pen = true;
      if (points || curve.x.length == 1) {
        dots.append(
            text(
                "<circle class=\"dot %s\" cx=\"%s\" cy=\"%s\" r=\"3\"><title>%s: %s</title></circle>%n",
                Look.colour(curve.colour),
                number(x.at(curve.x[i])),
                number(y.at(curve.y[i])),
                Html.escaped(curve.name),
                Numbers.compact(curve.y[i])));
      }
    }
    if (!path.isEmpty()) {
      svg.append(
          text(
              "<path class=\"curve %s\" d=\"%s\"><title>%s</title></path>%n",
              Look.colour(curve.colour), path, Html.escaped(curve.name)));
    }
    svg.append(dots);
  }

  private static void draw(StringBuilder svg, Band band, Axis x, Axis y) {
    StringBuilder there = new StringBuilder();
    StringBuilder back = new StringBuilder();
    for (int i = 0; i < band.x.length; i++) {
      if (x.takes(band.x[i]) && y.takes(band.low[i]) && y.takes(band.high[i])) {
        String at = number(x.at(band.x[i]));
        there.append(there.isEmpty() ? "M" : "L").append(at).append(' ');
        there.append(number(y.at(band.high[i])));
        back.insert(0, "L" + at + " " + number(y.at(band.low[i])));
      }
    }
    if (!there.isEmpty()) {
      svg.append(
          text("<path class=\"band %s\" d=\"%s%sZ\"/>%n", Look.hue(band.colour), there, back));
    }
  }

  private static void line(
      StringBuilder svg, String type, double x1, double y1, double x2, double y2) {
    svg.append(
        text(
            "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>%n",
            type, number(x1), number(y1), number(x2), number(y2)));
  }

  private static void label(
      StringBuilder svg, double x, double y, String anchor, String type, String words) {
    svg.append(Svg.text(type, x, y, anchor, words));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static String number(double value) {
    return Svg.number(value);
  }
}
