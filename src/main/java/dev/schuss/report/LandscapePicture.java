package dev.schuss.report;

import dev.schuss.experiment.LossGrid;
import dev.schuss.experiment.LossGrid.Kind;
import dev.schuss.experiment.LossGrid.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The loss around a network as SVG: fields that are the darker the smaller the loss is, contour
 * lines at round losses, by the logarithm where losses are of several sizes, and the given vectors
 * of weights; of a line the curve. Where the loss is no number there is a hole.
 */
public final class LandscapePicture {
  /** How wide a plane is, and how tall at least and at most. */
  private static final double PLANE = 345;

  private static final double LEAST = 120;
  private static final double MOST = 550;

  /** Height of title, ticks and name of an axis. */
  private static final double AROUND = 82;

  /** From a mark to its words, in pixels, and their height. */
  private static final double ASIDE = 6;

  private static final double WORDS = 20;

  /** Around a mark, as a share of the plane. */
  private static final double ROOM = 0.02;

  /** What neighbours share of each other, so that nothing is seen between them. */
  private static final double SEAM = 0.6;

  private static final int LEVELS = 10;

  /** Losses of several sizes: the largest is so many times the smallest. */
  private static final double SIZES = 5;

  /** Of less than so many times there would be few of the wide levels; of more only powers. */
  private static final double FEW = 60;

  private static final double MANY = 1000;
  private static final double[] CLOSE = {1, 1.5, 2, 3, 5, 7};
  private static final double[] WIDE = {1, 2, 5};

  private static final Map<String, Object> FIELD =
      Drawing.map("xmin", "left", "xmax", "right", "ymin", "bottom", "ymax", "top");

  private final String title;
  private final LossGrid grid;
  private final Span losses;
  private final boolean several; // losses
  private final double[] levels; // round losses
  private final double[][] shades; // of the fields, as of shade
  private final double[] x; // both ends
  private final double[] y;
  private final double height; // of the plane, in pixels

  private LandscapePicture(String title, LossGrid grid) {
    this.title = title;
    this.grid = grid;
    DoubleSummaryStatistics all =
        Arrays.stream(grid.loss())
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .summaryStatistics();
    double low = all.getMin();
    double high = all.getMax();
    this.losses = new Span(low, high, low > 0 && high > SIZES * low);
    this.several = low < high;
    this.levels = several ? levels(losses) : new double[0];
    this.shades =
        Arrays.stream(grid.loss())
            .map(row -> DoubleStream.of(row).map(this::shade).toArray())
            .toArray(double[][]::new);
    this.x = ends(grid.x(), grid.places().stream().mapToDouble(Place::x));
    this.y = ends(grid.y(), grid.places().stream().mapToDouble(Place::y));
    this.height = Math.max(LEAST, Math.min(MOST, PLANE * (y[1] - y[0]) / (x[1] - x[0])));
  }

  /** Those of an axis, with some room where a mark would be cut in half. */
  private static double[] ends(double[] values, DoubleStream places) {
    double from = values[0];
    double to = values[values.length - 1];
    double room = ROOM * (to - from);
    boolean within = places.allMatch(at -> at - from > room && to - at > room);
    return within ? new double[] {from, to} : new double[] {from - room, to + room};
  }

  /**
   * An SVG file.
   *
   * @param title of the picture, such as the network's name
   */
  public static String svg(String title, LossGrid grid) {
    return grid.kind() == Kind.LINE
        ? line(title, grid).file()
        : new LandscapePicture(title, grid).drawing().file();
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

  private Drawing drawing() {
    List<Place> places = grid.places();
    boolean holes = grid.holes() > 0;
    double below = Drawing.KEY_LINE * (places.size() + (holes ? 1 : 0));
    Drawing drawing = new Drawing(title, Drawing.WIDTH, height + AROUND + below);
    double ratio = height / (y[1] - y[0]) * (x[1] - x[0]) / PLANE;
    if (grid.kind() == Kind.AROUND) {
      drawing.plane("first random direction", x, "second random direction", y, ratio);
    } else {
      String across =
          "distance, from %s towards %s"
              .formatted(brief(places.get(0), 18), brief(places.get(1), 18));
      drawing.plane(across, x, "distance aside", y, ratio);
    }
    fields(drawing);
    DoubleStream lines = DoubleStream.of(levels).map(this::shade);
    Contours.draw(
        drawing, grid.x(), grid.y(), shades, lines, "color", Ink.TEXT, "size", 0.35, "alpha", 0.55);
    for (Place place : places) {
      mark(drawing, place);
      drawing.key(
          '○',
          Ink.TEXT,
          "%s: loss %s".formatted(brief(place, 48), Numbers.metric("loss", place.loss())));
    }
    return holes ? drawing.key('■', Ink.HOLE, "the loss is no finite number there") : drawing;
  }

  /** Round losses, the closer the fewer sizes they are of. */
  private static double[] levels(Span losses) {
    double low = losses.low();
    double high = losses.high();
    DoubleStream levels;
    if (!losses.log()) {
      levels = LogTicks.plain(low, high, LEVELS);
    } else if (high > MANY * low) {
      levels = LogTicks.between(low, high, LEVELS);
    } else {
      double[] factors = high < FEW * low ? CLOSE : WIDE;
      levels =
          IntStream.rangeClosed((int) Math.floor(Math.log10(low)), (int) Math.log10(high))
              .mapToDouble(power -> Math.pow(10, power))
              .flatMap(power -> DoubleStream.of(factors).map(factor -> factor * power));
    }
    return levels.filter(level -> level > low && level < high).toArray();
  }

  /** From 0, the lowest loss, to 1; NaN where it is no number. */
  private double shade(double loss) {
    if (!Double.isFinite(loss)) {
      return Double.NaN;
    }
    return several ? losses.share(loss) : 0.5;
  }

  /** Fields around the points of the grid; neighbours of one shade in a row are one. */
  private void fields(Drawing drawing) {
    double[] columns = edges(grid.x());
    double[] rows = edges(grid.y());
    double beyond = SEAM * (x[1] - x[0]) / PLANE;
    double above = SEAM * (y[1] - y[0]) / height;
    Map<String, List<Double>> fields = new LinkedHashMap<>();
    Map<String, List<Double>> holes = new LinkedHashMap<>();
    for (int r = 0; r < grid.y().length; r++) {
      int from = 0;
      for (int c = 1; c <= grid.x().length; c++) {
        int step = step(r, from);
        if (c == grid.x().length || step(r, c) != step) {
          Map<String, List<Double>> into = step < 0 ? holes : fields;
          add(into, "left", columns[from]);
          add(into, "right", columns[c] + beyond);
          add(into, "bottom", rows[r]);
          add(into, "top", rows[r + 1] + above);
          add(into, "shade", step / (Look.SHADES - 1.0));
          from = c;
        }
      }
    }
    if (several) {
      bar(drawing);
      Map<String, Object> shaded = new LinkedHashMap<>(FIELD);
      shaded.put("fill", "shade");
      drawing.layer("rect", fields, shaded, "size", 0, "sampling", "none");
    } else if (!fields.isEmpty()) {
      String middle = Ink.shades().get(Look.SHADES / 2);
      drawing.layer("rect", fields, FIELD, "size", 0, "fill", middle, "sampling", "none");
    }
    if (!holes.isEmpty()) {
      drawing.layer("rect", holes, FIELD, "size", 0, "fill", Ink.HOLE, "sampling", "none");
    }
  }

  private static void add(Map<String, List<Double>> columns, String name, double value) {
    columns.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
  }

  /** Which shade is which loss; its ticks are the lines of the picture. */
  private void bar(Drawing drawing) {
    Map<String, Object> scale =
        Drawing.map(
            "name",
            "loss",
            "scale_mapper_kind",
            "color_gradientn",
            "colors",
            Ink.shades(),
            "limits",
            Drawing.list(0, 1));
    scale.put("breaks", DoubleStream.of(levels).map(this::shade).boxed().toList());
    scale.put("labels", Numbers.compact(levels));
    Map<String, Object> guide =
        Drawing.map(
            "name", "colorbar", "barheight", height - 20, "barwidth", 14, "nbin", Look.SHADES);
    drawing
        .scale("fill", scale)
        .legend("fill", "right", guide)
        .theme("legend_title", Drawing.map("name", "text", "size", 11, "color", Ink.FAINT));
  }

  /** The middles between neighbours, and both ends. */
  private static double[] edges(double[] values) {
    int n = values.length;
    return IntStream.rangeClosed(0, n)
        .mapToDouble(i -> (values[Math.max(0, i - 1)] + values[Math.min(n - 1, i)]) / 2)
        .toArray();
  }

  /** From 0, the lowest loss, to the palest shade; -1 where it is no number. */
  private int step(int row, int column) {
    double shade = shades[row][column];
    return Double.isNaN(shade)
        ? -1
        : (int) Math.min(Look.SHADES - 1, Math.floor(shade * Look.SHADES));
  }

  /** The words of the first and the second, at one height, are on two sides of it. */
  private void mark(Drawing drawing, Place place) {
    drawing.mark(place.x(), place.y());
    if (grid.places().size() == 1) {
      return;
    }
    Place first = grid.places().get(0);
    Place second = grid.places().get(1);
    boolean below =
        place.equals(first)
            || (!place.equals(second)
                && Math.abs(place.x() - second.x()) < Math.abs(place.x() - first.x()));
    double across = (x[1] - x[0]) / PLANE; // a pixel
    double up = (y[1] - y[0]) / height;
    below = below ? place.y() - y[0] > WORDS * up : y[1] - place.y() < WORDS * up;
    boolean left = place.x() - x[0] > (x[1] - x[0]) / 2;
    drawing.words(
        place.x() + (left ? -ASIDE : ASIDE) * across,
        place.y() + (below ? -ASIDE : ASIDE) * up,
        brief(place, 26),
        left,
        below);
  }

  /** The end of a long name, such as a path, which tells more than its beginning. */
  private static String brief(Place place, int most) {
    String name = place.name();
    return name.length() <= most ? name : "…" + name.substring(name.length() - most + 1);
  }
}
