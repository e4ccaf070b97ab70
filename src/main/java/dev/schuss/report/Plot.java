package dev.schuss.report;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Curves over a number, drawn for half a page or a whole phone. */
final class Plot {
  private static final double HEIGHT = 300;

  /** Average width of a character of a legend. */
  private static final double LETTER = 6.4;

  /** Width of a legend's line and of what is around it and its name. */
  private static final double KEY = 42;

  /** Heights in a legend: of a name's line, and of the least that a name takes. */
  private static final double LINE = 13;

  private static final double LEGEND = 24;

  /** Letters in a line of a legend, beyond which the library breaks words; and of a name. */
  private static final int LETTERS = 29;

  private static final int LONGEST = 3 * LETTERS - 6;

  private static final double CURVE = 0.8;

  /** Of a curve behind the others. */
  private static final double THIN = 0.55;

  private static final double FAINT = 0.45;

  /** The colour of what stands behind the rest. */
  private static final int GREY = 7;

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

  /** Larger numbers, and smaller ones by their logarithm, leave no room for a margin. */
  private static final double LARGEST = 1e300;

  /** The logarithm of what is still a number. */
  private static final double EDGE = 700;

  /** Numbers that differ by less than this share are one. */
  private static final double ALIKE = 1e-12;

  /** From here on the library's names of ticks are nobody's. */
  private static final double LARGE = 1e9;

  /** Whole numbers of which each has a tick. */
  private static final double FEW = 8;

  private record Curve(String name, int colour, boolean behind, double[] x, double[] y) {}

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

  /** A curve behind the others, thin and grey. */
  Plot behind(String name, double[] x, double[] y) {
    curves.add(new Curve(brief(name), GREY, true, x, y));
    return this;
  }

  /** A curve in the next colour; it is interrupted where a number is not finite. */
  Plot curve(String name, double[] x, double[] y) {
    return curve(name, curves.size(), x, y);
  }

  /** A curve in a colour by its number. */
  Plot curve(String name, int colour, double[] x, double[] y) {
    curves.add(new Curve(brief(name), colour, false, x, y));
    return this;
  }

  /** A name in a few lines, without its middle if need be. */
  private static String brief(String name) {
    int cut = name.length() - LONGEST;
    String some =
        cut <= 0
            ? name
            : name.substring(0, LONGEST / 2) + "\u2026" + name.substring(LONGEST / 2 + cut + 1);
    String broken = some.replaceAll("(\\S{" + (LETTERS - 1) + "})(?=\\S)", "$1 ");
    return Drawing.lines(broken, LETTERS);
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
    return points(curves).x.isEmpty();
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
    long lines = curves.stream().mapToLong(c -> c.name.lines().count()).max().orElse(0);
    int longest =
        curves.stream().flatMap(c -> c.name.lines()).mapToInt(String::length).max().orElse(0);
    int across = Math.max(1, (int) ((Drawing.WIDTH - KEY) / (KEY + LETTER * longest)));
    int rows = legend ? (curves.size() + across - 1) / across : 0;
    double high = HEIGHT + rows * Math.max(LEGEND, LINE * lines + 3);
    Drawing drawing = new Drawing(title, Drawing.WIDTH, high);
    axis(drawing, "x", xName, logX);
    axis(drawing, "y", yName, logY);
    colours(drawing);
    if (legend) {
      Map<String, Object> guide = Drawing.map("name", "legend", "ncol", across, "byrow", true);
      drawing.legend("color", "top", guide).legend("linetype", "top", guide);
    }
    bands.forEach(band -> draw(drawing, band));
    walls.forEach(wall -> draw(drawing, wall));
    Points behind = points(curves.stream().filter(Curve::behind).toList());
    Points front = points(curves.stream().filter(curve -> !curve.behind).toList());
    if (!behind.x.isEmpty()) {
      drawing.layer("path", behind.columns(), BY_CURVE, "size", THIN, "alpha", FAINT);
    }
    drawing.layer("path", front.columns(), BY_CURVE, "size", CURVE, "linejoin", "round");
    Points seen = dots ? front : front.alone();
    if (!seen.x.isEmpty()) {
      drawing.layer("point", seen.columns(), BY_CURVE, "size", DOT, "show_legend", false);
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
        options.putAll(Drawing.ticks(DoubleStream.of(ticks), Numbers::exact));
      } else if (log) {
        options.putAll(
            Drawing.ticks(LogTicks.between(span.low, span.high, MOST_TICKS - 2), Numbers::compact));
      } else if (which.equals("x") && whole(span)) {
        options.putAll(
            Drawing.ticks(
                DoubleStream.iterate(span.low, x -> x <= span.high, x -> x + 1), Numbers::exact));
      } else if (Math.max(-span.low, span.high) > LARGE) {
        options.putAll(
            Drawing.ticks(LogTicks.plain(span.low, span.high, MOST_TICKS / 2), Numbers::compact));
      }
    }
    drawing.scale(which, options);
  }

  /** What an axis spans. */
  private record Span(double low, double high, boolean log) {
    /** What lies at a share of the way from the low end to the high one. */
    double at(double share) {
      double power = Math.log(low) + share * (Math.log(high) - Math.log(low));
      return log ? Math.exp(Math.max(-EDGE, Math.min(EDGE, power))) : low + share * (high - low);
    }

    /** The share of the way at which a number lies. */
    double share(double value) {
      return log
          ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
          : (value - low) / (high - low);
    }
  }

  private Span span(String axis) {
    boolean log = axis.equals("x") ? logX : logY;
    DoubleStream.Builder all = DoubleStream.builder();
    Points points = points(curves);
    (axis.equals("x") ? points.x : points.y).forEach(all::add);
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
    if (high - low > ALIKE * Math.max(-low, high) + 1 / LARGEST) {
      return new Span(low, high, log);
    }
    double room = Math.abs(low) < 2 / LARGEST ? 0.5 : Math.abs(low) / 2;
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

  /** What can be shown of curves, in columns; a part of a curve is what has no gap. */
  private record Points(List<Double> x, List<Double> y, List<String> curves, List<String> parts) {
    Points() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void add(double atX, double atY, String curve, String part) {
      x.add(atX);
      y.add(atY);
      curves.add(curve);
      parts.add(part);
    }

    Map<String, Object> columns() {
      return Drawing.map("x", x, "y", y, "curve", curves, "part", parts);
    }

    /** Those without a neighbour, of which no line is seen. */
    Points alone() {
      Points alone = new Points();
      for (int i = 0; i < parts.size(); i++) {
        String part = parts.get(i);
        boolean before = i > 0 && part.equals(parts.get(i - 1));
        boolean after = i + 1 < parts.size() && part.equals(parts.get(i + 1));
        if (!before && !after) {
          alone.add(x.get(i), y.get(i), curves.get(i), part);
        }
      }
      return alone;
    }
  }

  private Points points(List<Curve> some) {
    Points points = new Points();
    int part = 0;
    for (Curve curve : some) {
      part++;
      int every = Math.max(1, (curve.x.length + MOST - 1) / MOST);
      int next = 0;
      for (int i = 0; i < curve.x.length; i++) {
        if (!shown(curve.x[i], logX) || !shown(curve.y[i], logY)) {
          part++;
        } else if (i >= next || i == curve.x.length - 1) {
          points.add(curve.x[i], curve.y[i], "" + curves.indexOf(curve), "" + part);
          next = i + every;
        }
      }
    }
    return points;
  }

  private boolean whole(Span span) {
    return span.high - span.low <= FEW
        && points(curves).x.stream().allMatch(x -> x == Math.rint(x));
  }

  private static boolean shown(double value, boolean log) {
    return Math.abs(value) <= LARGEST && (!log || value >= 1 / LARGEST);
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
