package dev.schuss.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Curves over a number, drawn for half a page or a whole phone. */
final class Plot {
  private static final double HEIGHT = 300;

  /** Average width of a letter in a legend. */
  private static final double LETTER = 6.4;

  /** Width of a legend's line and of what is around it and its name. */
  private static final double KEY_WIDTH = 42;

  /** Height of a line of a name in a legend, and the least that a name takes. */
  private static final double NAME_LINE = 13;

  private static final double NAME_HEIGHT = 24;

  /** Letters of a name in a line of a legend; the library breaks longer words. */
  private static final int LETTERS = 29;

  /** Letters of a name in all, in three lines. */
  private static final int LONGEST = 3 * LETTERS - 6;

  private static final double CURVE = 0.8;

  /** The strength of a curve behind the others, and how much of them is seen through it. */
  private static final double BEHIND = 0.55;

  private static final double BEHIND_ALPHA = 0.45;

  /** The colour of what stands behind the rest. */
  private static final int GREY = 7;

  private static final double DOT = 2.4;

  /** Room beyond the numbers, and between a point and its words, as a share of an axis. */
  private static final double MARGIN = 0.04;

  private static final double ASIDE = 0.02;

  /** For curves beyond the last colour. */
  private static final List<String> STROKES = List.of("solid", "dashed", "dotted");

  private static final Map<String, Object> BY_CURVE =
      Drawing.map("x", "x", "y", "y", "color", "curve", "linetype", "curve", "group", "part");

  private static final int MOST_TICKS = 9;

  /** From here on the library's names of ticks are nobody's. */
  private static final double LARGE = 1e9;

  /** Of so many whole numbers each has a tick. */
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

  /** Whether there is no point that can be shown. */
  boolean empty() {
    return points(curves).isEmpty();
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
    Drawing drawing = withLegend();
    colours(drawing);
    Points front = points(curves.stream().filter(curve -> !curve.behind).toList());
    Points behind = points(curves.stream().filter(Curve::behind).toList());
    if (front.isEmpty() && behind.isEmpty()) {
      return drawing
          .scale("x", Drawing.map("name", xName))
          .scale("y", Drawing.map("name", yName))
          .layer("path", front.columns(), BY_CURVE);
    }
    Span across = across(front, behind);
    Span up = up(front, behind);
    drawing.scale("x", axis(xName, across, horizontal(across, front, behind)));
    drawing.scale("y", axis(yName, up, ticks(up)));
    bands.forEach(band -> draw(drawing, band));
    walls.forEach(wall -> draw(drawing, wall, across, up));
    if (!behind.isEmpty()) {
      drawing.layer("path", behind.columns(), BY_CURVE, "size", BEHIND, "alpha", BEHIND_ALPHA);
    }
    drawing.layer("path", front.columns(), BY_CURVE, "size", CURVE, "linejoin", "round");
    Points seen = dots ? front : front.alone();
    if (!seen.isEmpty()) {
      drawing.layer("point", seen.columns(), BY_CURVE, "size", DOT, "show_legend", false);
    }
    marks.stream()
        .filter(this::shown)
        .forEach(
            mark -> words(drawing.mark(mark.x, mark.y), mark.x, mark.y, mark.text, across, up));
    return drawing;
  }

  /** An empty picture that is the higher the more names it has. */
  private Drawing withLegend() {
    if (curves.stream().allMatch(c -> c.name.isEmpty()) && curves.size() < 2) {
      return new Drawing(title, Drawing.WIDTH, HEIGHT);
    }
    long lines = curves.stream().mapToLong(c -> c.name.lines().count()).max().orElse(0);
    int longest =
        curves.stream().flatMap(c -> c.name.lines()).mapToInt(String::length).max().orElse(0);
    int columns = Math.max(1, (int) ((Drawing.WIDTH - KEY_WIDTH) / (KEY_WIDTH + LETTER * longest)));
    int rows = (curves.size() + columns - 1) / columns;
    double high = HEIGHT + rows * Math.max(NAME_HEIGHT, NAME_LINE * lines + 3);
    Map<String, Object> guide = Drawing.map("name", "legend", "ncol", columns, "byrow", true);
    return new Drawing(title, Drawing.WIDTH, high)
        .legend("color", "top", guide)
        .legend("linetype", "top", guide);
  }

  private Points points(List<Curve> some) {
    Points points = new Points();
    some.forEach(c -> points.add(curves.indexOf(c), c.x, c.y, logX, logY));
    return points;
  }

  private boolean shown(Mark mark) {
    return Span.shows(mark.x, logX) && shows(mark.y);
  }

  private boolean shows(double y) {
    return Span.shows(y, logY);
  }

  private Span across(Points front, Points behind) {
    DoubleStream.Builder all = DoubleStream.builder();
    Stream.of(front, behind).forEach(points -> points.x().forEach(all::add));
    walls.forEach(wall -> all.add(wall.x));
    marks.stream().filter(this::shown).forEach(mark -> all.add(mark.x));
    return Span.of(all.build(), logX);
  }

  private Span up(Points front, Points behind) {
    DoubleStream.Builder all = DoubleStream.builder();
    Stream.of(front, behind).forEach(points -> points.y().forEach(all::add));
    bands.stream()
        .flatMap(band -> Stream.of(band.low, band.high))
        .forEach(edge -> DoubleStream.of(edge).forEach(all::add));
    marks.stream().filter(this::shown).forEach(mark -> all.add(mark.y));
    return Span.of(all.build(), logY);
  }

  private static Map<String, Object> axis(String name, Span span, Map<String, Object> ticks) {
    Map<String, Object> axis = Drawing.map("name", name);
    if (span.log()) {
      axis.put("trans", "log10");
    }
    axis.put("limits", Drawing.list(span.at(-MARGIN), span.at(1 + MARGIN)));
    axis.putAll(ticks);
    return axis;
  }

  private Map<String, Object> horizontal(Span span, Points front, Points behind) {
    if (ticks != null) {
      return Drawing.ticks(DoubleStream.of(ticks), Numbers::exact);
    }
    boolean whole =
        Stream.of(front, behind)
            .flatMap(points -> points.x().stream())
            .allMatch(x -> x == Math.rint(x));
    if (whole && !logX && span.high() - span.low() <= FEW) {
      DoubleStream each =
          DoubleStream.iterate(Math.ceil(span.low()), x -> x <= span.high(), x -> x + 1);
      return Drawing.ticks(each, Numbers::exact);
    }
    return ticks(span);
  }

  /** Ticks where the library's own are not good; else none, for it to choose. */
  private static Map<String, Object> ticks(Span span) {
    if (span.log()) {
      DoubleStream round = LogTicks.between(span.low(), span.high(), MOST_TICKS - 2);
      return Drawing.ticks(round, Numbers::compact);
    }
    return Math.max(-span.low(), span.high()) > LARGE
        ? Drawing.ticks(LogTicks.plain(span.low(), span.high(), MOST_TICKS / 2), Numbers::compact)
        : Map.of();
  }

  private void colours(Drawing drawing) {
    List<String> numbers = IntStream.range(0, curves.size()).mapToObj(i -> "" + i).toList();
    List<String> colours = curves.stream().map(curve -> Ink.curve(curve.colour)).toList();
    List<String> strokes =
        curves.stream()
            .map(curve -> STROKES.get(curve.colour / Look.COLOURS % STROKES.size()))
            .toList();
    List<String> names = curves.stream().map(Curve::name).toList();
    drawing.scale("color", Drawing.map("limits", numbers, "values", colours, "labels", names));
    drawing.scale("linetype", Drawing.map("limits", numbers, "values", strokes, "labels", names));
  }

  private void draw(Drawing drawing, Band band) {
    double[] x = // without a place where one of its edges has none
        IntStream.range(0, band.x.length)
            .mapToDouble(i -> shows(band.low[i]) && shows(band.high[i]) ? band.x[i] : Double.NaN)
            .toArray();
    Points low = new Points();
    low.add(0, x, band.low, logX, logY);
    Points high = new Points();
    high.add(0, x, band.high, logX, logY);
    drawing.layer(
        "ribbon",
        Drawing.map("x", low.x(), "low", low.y(), "high", high.y(), "part", low.parts()),
        Drawing.map("x", "x", "ymin", "low", "ymax", "high", "group", "part"),
        "fill",
        Ink.curve(band.colour),
        "alpha",
        0.18,
        "size",
        0,
        "color",
        Ink.PAPER);
  }

  private static void draw(Drawing drawing, Wall wall, Span across, Span up) {
    if (Span.shows(wall.x, across.log())) {
      Map<String, Object> at = Drawing.map("x", List.of(wall.x));
      Map<String, Object> place = Drawing.map("xintercept", "x");
      drawing.layer("vline", at, place, "color", Ink.FAINT, "linetype", "dashed", "size", 0.6);
      words(drawing, wall.x, up.at(1 + MARGIN), wall.text, across, up);
    }
  }

  /** Words beside a point, where there is more room. */
  private static void words(
      Drawing drawing, double x, double y, String words, Span across, Span up) {
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
