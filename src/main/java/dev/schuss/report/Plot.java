package dev.schuss.report;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Curves over a number, drawn for half a page or a whole phone. */
final class Plot {
  private static final double HEIGHT = 300;
  private static final double LEGEND = 18;

  /** Average width of a character of a legend. */
  private static final double LETTER = 6.4;

  /** Width of a legend's line and of what is around it and its name. */
  private static final double KEY = 42;

  private static final double CURVE = 0.8;
  private static final double DOT = 2.4;

  /** Room beyond the numbers, and between a point and its words, as a share of an axis. */
  private static final double MARGIN = 0.04;

  private static final double ASIDE = 0.02;

  /** For curves beyond the last colour. */
  private static final List<String> LINES = List.of("solid", "dashed", "dotted");

  private static final Map<String, Object> BY_CURVE =
      Drawing.map("x", "x", "y", "y", "color", "curve", "linetype", "curve", "group", "part");

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
  private boolean dots;

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
    dots = true;
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
    return points(curves).get("x").isEmpty();
  }

  /** An element {@code svg} for a page that has {@link Look#STYLE}. */
  String svg() {
    return drawing().svg();
  }

  /** A file of its own. */
  String file() {
    return drawing().file();
  }

  private Drawing drawing() {
    boolean legend = curves.size() > 1 || curves.stream().anyMatch(c -> !c.name.isEmpty());
    int longest = curves.stream().mapToInt(c -> c.name.length()).max().orElse(0);
    int across = Math.max(1, (int) ((Drawing.WIDTH - KEY) / (KEY + LETTER * longest)));
    int lines = legend ? (curves.size() + across - 1) / across : 0;
    Drawing drawing = new Drawing(title, Drawing.WIDTH, HEIGHT + LEGEND * lines);
    axis(drawing, "x", xName, logX);
    axis(drawing, "y", yName, logY);
    colours(drawing);
    if (legend) {
      Map<String, Object> guide = Drawing.map("name", "legend", "ncol", across, "byrow", true);
      drawing.legend("color", "top", guide).legend("linetype", "top", guide);
    }
    bands.forEach(band -> draw(drawing, band));
    walls.forEach(wall -> draw(drawing, wall));
    Map<String, List<Object>> all = points(curves);
    drawing.layer("path", all, BY_CURVE, "size", CURVE, "linejoin", "round");
    if (dots) {
      drawing.layer("point", all, BY_CURVE, "size", DOT, "show_legend", false);
    } else {
      List<Curve> alone = curves.stream().filter(c -> c.x.length == 1).toList();
      drawing.layer("point", points(alone), BY_CURVE, "size", DOT, "show_legend", false);
    }
    marks.forEach(mark -> draw(drawing, mark));
    return drawing;
  }

  private void axis(Drawing drawing, String which, String name, boolean log) {
    Map<String, Object> options = Drawing.map("name", name);
    if (log) {
      options.put("trans", "log10");
    }
    if (!empty()) {
      Span span = span(which);
      options.put("limits", Drawing.list(span.at(-MARGIN), span.at(1 + MARGIN)));
      if (which.equals("x") && ticks != null) {
        options.putAll(ticks(DoubleStream.of(ticks), Numbers::exact));
      } else if (log) {
        options.putAll(
            ticks(LogTicks.between(span.low, span.high, MOST_TICKS - 2), Numbers::compact));
      }
    }
    drawing.scale(which, options);
  }

  private static Map<String, Object> ticks(DoubleStream at, DoubleFunction<String> name) {
    double[] breaks = at.toArray();
    return Drawing.map(
        "breaks", Drawing.list(breaks), "labels", DoubleStream.of(breaks).mapToObj(name).toList());
  }

  /** What an axis spans. */
  private record Span(double low, double high, boolean log) {
    /** What lies at a share of the way from the low end to the high one. */
    double at(double share) {
      return log ? low * Math.pow(high / low, share) : low + share * (high - low);
    }

    /** The share of the way at which a number lies. */
    double share(double value) {
      return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    }
  }

  private Span span(String axis) {
    boolean log = axis.equals("x") ? logX : logY;
    DoubleStream.Builder all = DoubleStream.builder();
    points(curves).get(axis).forEach(value -> all.add((double) value));
    if (axis.equals("x")) {
      walls.forEach(wall -> all.add(wall.x));
    } else {
      bands.forEach(
          band ->
              DoubleStream.concat(DoubleStream.of(band.low), DoubleStream.of(band.high))
                  .forEach(all::add));
    }
    DoubleSummaryStatistics range =
        all.build().filter(value -> shown(value, log)).summaryStatistics();
    double low = range.getMin();
    double high = range.getMax();
    if (low < high) {
      return new Span(low, high, log);
    }
    double room = log ? 0 : low == 0 ? 0.5 : Math.abs(low) / 2;
    return log ? new Span(low / 3, 3 * low, true) : new Span(low - room, low + room, false);
  }

  private void colours(Drawing drawing) {
    List<String> numbers = new ArrayList<>();
    List<String> colours = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < curves.size(); i++) {
      numbers.add("" + i);
      colours.add(Ink.curve(curves.get(i).colour));
      lines.add(LINES.get(curves.get(i).colour / Look.COLOURS % LINES.size()));
    }
    List<String> names = curves.stream().map(Curve::name).toList();
    drawing.scale("color", Drawing.map("limits", numbers, "values", colours, "labels", names));
    drawing.scale("linetype", Drawing.map("limits", numbers, "values", lines, "labels", names));
  }

  /** Columns of what can be shown; a part is what has no gap. */
  private Map<String, List<Object>> points(List<Curve> some) {
    Map<String, List<Object>> columns = new LinkedHashMap<>();
    List.of("x", "y", "curve", "part").forEach(name -> columns.put(name, new ArrayList<>()));
    int part = 0;
    for (Curve curve : some) {
      part++;
      int every = Math.max(1, (curve.x.length + MOST - 1) / MOST);
      for (int i = 0; i < curve.x.length; i++) {
        if (i % every != 0 && i != curve.x.length - 1) {
          continue;
        }
        if (shown(curve.x[i], logX) && shown(curve.y[i], logY)) {
          columns.get("x").add(curve.x[i]);
          columns.get("y").add(curve.y[i]);
          columns.get("curve").add("" + curves.indexOf(curve));
          columns.get("part").add("" + part);
        } else {
          part++;
        }
      }
    }
    return columns;
  }

  private static boolean shown(double value, boolean log) {
    return Double.isFinite(value) && (!log || value > 0);
  }

  private void draw(Drawing drawing, Band band) {
    int[] shown =
        IntStream.range(0, band.x.length)
            .filter(i -> shown(band.x[i], logX))
            .filter(i -> shown(band.low[i], logY) && shown(band.high[i], logY))
            .toArray();
    drawing.layer(
        "ribbon",
        Drawing.map(
            "x", some(band.x, shown), "low", some(band.low, shown), "high", some(band.high, shown)),
        Drawing.map("x", "x", "ymin", "low", "ymax", "high"),
        "fill",
        Ink.curve(band.colour),
        "alpha",
        0.18,
        "size",
        0,
        "color",
        Ink.PAPER);
  }

  private static List<Double> some(double[] values, int[] which) {
    return IntStream.of(which).mapToObj(i -> values[i]).toList();
  }

  private void draw(Drawing drawing, Wall wall) {
    if (shown(wall.x, logX) && !empty()) {
      Map<String, Object> at = Drawing.map("x", List.of(wall.x));
      Map<String, Object> place = Drawing.map("xintercept", "x");
      drawing.layer("vline", at, place, "color", Ink.FAINT, "linetype", "dashed", "size", 0.6);
      words(drawing, wall.x, span("y").at(1 + MARGIN), wall.text);
    }
  }

  private void draw(Drawing drawing, Mark mark) {
    if (shown(mark.x, logX) && shown(mark.y, logY) && !empty()) {
      words(drawing.mark(mark.x, mark.y), mark.x, mark.y, mark.text);
    }
  }

  /** Words beside a point, where there is more room. */
  private void words(Drawing drawing, double x, double y, String words) {
    Span across = span("x");
    Span up = span("y");
    double right = across.share(x);
    double high = up.share(y);
    boolean left = right > 0.5;
    boolean below = high > 0.5;
    drawing.words(
        across.at(right + (left ? -ASIDE : ASIDE)),
        up.at(high + (below ? -ASIDE : ASIDE)),
        words,
        left,
        below);
  }
}
