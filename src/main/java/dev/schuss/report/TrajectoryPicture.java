package dev.schuss.report;

import dev.schuss.experiment.Surface;
import dev.schuss.experiment.Trajectory;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The ways of update rules over the contour lines of a surface, as an SVG that moves: each dot
 * makes the same number of updates in the same time. Where nothing moves, the whole ways are seen.
 */
public final class TrajectoryPicture {
  private static final double WIDTH = 720;
  private static final double HEIGHT = 500;
  private static final int LEVELS = 16;
  private static final int GRID = 120;
  private static final int NAME = 85; // characters
  private static final double SECONDS = 8;
  private static final double STILL = 0.8; // share of the time in which the dots move

  private static final Map<String, Object> PLACE = Drawing.map("x", "x", "y", "y");
  private static final Pattern WINDOW =
      Pattern.compile(
          "<clipPath[^>]*><rect x=\"0\" y=\"0\" width=\"([\\d.]+)\" height=\"([\\d.]+)\"");
  private static final Pattern WAY = Pattern.compile("(<path [^>]*stroke=\"var\\(--c\\d\\)\")/>");
  private static final Pattern DOT =
      Pattern.compile("(<circle [^>]*fill=\"var\\(--c\\d\\)\"[^>]*)/>");

  private final Surface surface;
  private final List<Trajectory> ways;
  private final int steps;

  private TrajectoryPicture(Surface surface, List<Trajectory> ways) {
    this.surface = surface;
    this.ways = ways;
    this.steps = ways.stream().mapToInt(Trajectory::steps).max().orElse(0);
  }

  /** An SVG file. */
  public static String svg(Surface surface, List<Trajectory> ways) {
    TrajectoryPicture picture = new TrajectoryPicture(surface, ways);
    return picture.moving(picture.drawing().file());
  }

  private Drawing drawing() {
    double[] x = {surface.left(), surface.right()};
    double[] y = {surface.bottom(), surface.top()};
    String title = "f(x, y) = %s, %s".formatted(surface.formula(), Numbers.count(steps, "update"));
    Drawing drawing =
        new Drawing(title, WIDTH, HEIGHT + Drawing.KEY_LINE * ways.size()).plane("x", x, "y", y, 0);
    contours(drawing);
    for (int i = 0; i < ways.size(); i++) {
      Trajectory way = ways.get(i);
      List<Double> across = Arrays.stream(way.x()).mapToObj(value -> near(value, x)).toList();
      List<Double> up = Arrays.stream(way.y()).mapToObj(value -> near(value, y)).toList();
      int end = way.steps();
      drawing.layer(
          "path",
          Drawing.map("x", across, "y", up),
          PLACE,
          "color",
          Ink.curve(i),
          "size",
          0.8,
          "sampling",
          "none");
      drawing.layer(
          "point",
          Drawing.map("x", across.subList(end, end + 1), "y", up.subList(end, end + 1)),
          PLACE,
          "color",
          Ink.curve(i),
          "size",
          4.5);
      drawing.key('●', Ink.curve(i), name(way));
    }
    return drawing;
  }

  private static String name(Trajectory way) {
    String name = way.name();
    return "%s: %s"
        .formatted(
            name.length() <= NAME ? name : name.substring(0, NAME - 1) + "…",
            way.diverged()
                ? "diverged after " + Numbers.count(way.steps(), "update")
                : "f = " + Numbers.compact(way.last()));
  }

  private void contours(Drawing drawing) {
    double[] x = points(surface.left(), surface.right());
    double[] y = points(surface.bottom(), surface.top());
    double[] slope = new double[2];
    double[][] values =
        Arrays.stream(y)
            .mapToObj(up -> Arrays.stream(x).map(across -> surface.at(across, up, slope)).toArray())
            .toArray(double[][]::new);
    Contours.draw(
        drawing, x, y, values, levels(values), "color", Ink.FAINT, "size", 0.35, "alpha", 0.6);
  }

  private static double[] points(double from, double to) {
    return IntStream.rangeClosed(0, GRID).mapToDouble(i -> from + (to - from) * i / GRID).toArray();
  }

  /** Levels by the share of the grid that lies below, closer at the bottom, where ways end. */
  private static DoubleStream levels(double[][] values) {
    double[] sorted = Arrays.stream(values).flatMapToDouble(Arrays::stream).sorted().toArray();
    return IntStream.rangeClosed(1, LEVELS)
        .mapToDouble(i -> (double) i / (LEVELS + 1))
        .map(share -> sorted[(int) (share * share * (sorted.length - 1))]);
  }

  /** A place in the window, or a little outside for what is far away. */
  private static double near(double value, double[] ends) {
    double room = 2 * (ends[1] - ends[0]);
    return Math.max(ends[0] - room, Math.min(ends[1] + room, value));
  }

  /**
   * Lines that grow behind dots that run, in the place of those that were drawn. The library leaves
   * out a line without length, after which one could not be told from another: then all stand
   * still.
   */
  private String moving(String drawn) {
    if (WAY.matcher(drawn).results().count() != ways.size()
        || DOT.matcher(drawn).results().count() != ways.size()) {
      return drawn;
    }
    Matcher window = WINDOW.matcher(drawn);
    if (!window.find()) {
      throw new IllegalStateException("the drawing has no window");
    }
    double wide = Double.parseDouble(window.group(1));
    double tall = Double.parseDouble(window.group(2));
    List<double[]> across = pixels(wide, surface.left(), surface.right(), Trajectory::x);
    List<double[]> down = pixels(tall, surface.top(), surface.bottom(), Trajectory::y);
    Iterator<Integer> lines = IntStream.range(0, ways.size()).iterator();
    String grown =
        WAY.matcher(drawn)
            .replaceAll(
                found -> {
                  int i = lines.next();
                  return line(found.group(1), across.get(i), down.get(i));
                });
    Iterator<Integer> dots = IntStream.range(0, ways.size()).iterator();
    return DOT.matcher(grown)
        .replaceAll(
            found -> {
              int i = dots.next();
              return found.group(1)
                  + ">"
                  + animation("cx", across.get(i))
                  + animation("cy", down.get(i))
                  + "</circle>";
            });
  }

  /** Where each way is at its updates, in the window's pixels. */
  private List<double[]> pixels(
      double length, double from, double to, Function<Trajectory, double[]> places) {
    double[] ends = {Math.min(from, to), Math.max(from, to)};
    return ways.stream()
        .map(
            way ->
                DoubleStream.of(places.apply(way))
                    .map(place -> (near(place, ends) - from) / (to - from) * length)
                    .toArray())
        .toList();
  }

  /** The part of a line that is not yet gone is a gap at its end. */
  private String line(String path, double[] across, double[] down) {
    double[] left = new double[across.length];
    for (int i = across.length - 1; i > 0; i--) {
      left[i - 1] = left[i] + Math.hypot(across[i] - across[i - 1], down[i] - down[i - 1]);
    }
    String length = text("%.1f", Math.max(left[0], 0.1));
    return path
        + text(" pathLength=\"%s\" stroke-dasharray=\"%s\">", length, length)
        + animation("stroke-dashoffset", left)
        + "</path>";
  }

  /** One value for each step, all in the same time, and then a rest. */
  private String animation(String attribute, double[] values) {
    String all =
        IntStream.rangeClosed(0, steps)
            .mapToObj(i -> text("%.1f", values[Math.min(i, values.length - 1)]))
            .collect(Collectors.joining(";"));
    String times =
        IntStream.rangeClosed(0, steps)
            .mapToObj(i -> text("%.4f", STILL * i / Math.max(1, steps)))
            .collect(Collectors.joining(";"));
    return text(
        "<animate attributeName=\"%s\" dur=\"%.0fs\" repeatCount=\"indefinite\" keyTimes=\"%s;1\" values=\"%s;%.1f\"/>",
        attribute, SECONDS, times, all, values[values.length - 1]);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
