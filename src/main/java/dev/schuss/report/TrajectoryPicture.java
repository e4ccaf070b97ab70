package dev.schuss.report;

import dev.schuss.experiment.Surface;
import dev.schuss.experiment.Trajectory;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The ways of update rules over the contour lines of a surface, as an SVG that moves: each dot
 * makes the same number of updates in the same time. Where nothing moves, the whole ways are seen.
 */
public final class TrajectoryPicture {
  private static final double WIDTH = 720;
  private static final double LEFT = 46;
  private static final double RIGHT = 14;
  private static final double TOP = 36;
  private static final double PLOT = 420;
  private static final double BOTTOM = 30;
  private static final double LINE = 18;
  private static final int LEVELS = 16;
  private static final int GRID = 120;
  private static final double SECONDS = 8;
  private static final double STILL = 0.8; // share of the time in which the dots move

  private final Surface surface;
  private final List<Trajectory> ways;

  private TrajectoryPicture(Surface surface, List<Trajectory> ways) {
    this.surface = surface;
    this.ways = ways;
  }

  /** An SVG file. */
  public static String svg(Surface surface, List<Trajectory> ways) {
    return new TrajectoryPicture(surface, ways).draw();
  }

  private String draw() {
    int steps = ways.stream().mapToInt(Trajectory::steps).max().orElse(0);
    double height = TOP + PLOT + BOTTOM + LINE * (ways.size() + 1);
    StringBuilder svg = new StringBuilder();
    String title = "f(x, y) = %s, %,d updates".formatted(surface.formula(), steps);
    svg.append(
        text(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">
            <style>%s.plot .level{fill:none;stroke:var(--faint);stroke-width:.7;opacity:.6}</style>
            <rect class="paper" width="100%%" height="100%%"/>
            <text class="title" x="%.0f" y="22">%s</text>
            <clipPath id="window"><rect x="%.1f" y="%.1f" width="%.1f" height="%.1f"/></clipPath>
            """,
            WIDTH,
            height,
            Html.escaped(title),
            Look.STYLE,
            LEFT,
            Html.escaped(title),
            LEFT,
            TOP,
            width(),
            PLOT));
    axes(svg);
    svg.append("<g clip-path=\"url(#window)\">\n");
    contours(svg);
    for (int i = 0; i < ways.size(); i++) {
      way(svg, ways.get(i), i, steps);
    }
    svg.append("</g>\n");
    for (int i = 0; i < ways.size(); i++) {
      legend(svg, ways.get(i), i);
    }
    return svg.append("</svg>\n").toString();
  }

  private void axes(StringBuilder svg) {
    svg.append(
        text(
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"none\" class=\"axis\"/>%n",
            LEFT, TOP, width(), PLOT));
    for (int i = 0; i <= 4; i++) {
      double x = surface.left() + i / 4.0 * (surface.right() - surface.left());
      double y = surface.bottom() + i / 4.0 * (surface.top() - surface.bottom());
      svg.append(
          text(
              """
              <text class="tick" x="%.1f" y="%.1f" text-anchor="middle">%s</text>
              <text class="tick" x="%.1f" y="%.1f" text-anchor="end">%s</text>
              """,
              x(x), TOP + PLOT + 16, Numbers.compact(x), LEFT - 6, y(y) + 4, Numbers.compact(y)));
    }
  }

  private void contours(StringBuilder svg) {
    double[] slope = new double[2];
    Contours contours =
        new Contours(
            GRID,
            GRID,
            (right, down) ->
                surface.at(
                    surface.left() + right * (surface.right() - surface.left()),
                    surface.top() - down * (surface.top() - surface.bottom()),
                    slope));
    for (double level : contours.levels(LEVELS)) {
      svg.append(
          text(
              "<path class=\"level\" d=\"%s\"/>%n",
              contours.path(level, LEFT, TOP, width(), PLOT)));
    }
  }

  /** A line that grows behind a dot that runs. */
  private void way(StringBuilder svg, Trajectory way, int number, int steps) {
    double[] gone = new double[way.x().length];
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < gone.length; i++) {
      path.append(text(i == 0 ? "M%.1f %.1f" : "L%.1f %.1f", x(way.x()[i]), y(way.y()[i])));
      if (i > 0) {
        gone[i] =
            gone[i - 1]
                + Math.hypot(x(way.x()[i]) - x(way.x()[i - 1]), y(way.y()[i]) - y(way.y()[i - 1]));
      }
    }
    double length = Math.max(gone[gone.length - 1], 0.1);
    svg.append(
        text(
            "<path class=\"curve %s\" d=\"%s\" stroke-dasharray=\"%.1f\">",
            Look.hue(number), path, length));
    animate(svg, "stroke-dashoffset", steps, i -> length - gone[Math.min(i, gone.length - 1)]);
    svg.append("</path>\n");
    int end = gone.length - 1;
    svg.append(
        text(
            "<circle class=\"dot %s\" r=\"5\" cx=\"%.1f\" cy=\"%.1f\">",
            Look.hue(number), x(way.x()[end]), y(way.y()[end])));
    animate(svg, "cx", steps, i -> x(way.x()[Math.min(i, end)]));
    animate(svg, "cy", steps, i -> y(way.y()[Math.min(i, end)]));
    svg.append("</circle>\n");
  }

  /** One value for each step, all in the same time, and then a rest. */
  private static void animate(
      StringBuilder svg, String attribute, int steps, IntFunction<Double> value) {
    String values =
        IntStream.rangeClosed(0, steps)
            .mapToObj(i -> text("%.1f", value.apply(i)))
            .collect(Collectors.joining(";"));
    String times =
        IntStream.rangeClosed(0, steps)
            .mapToObj(i -> text("%.4f", STILL * i / Math.max(1, steps)))
            .collect(Collectors.joining(";"));
    svg.append(
        text(
            "<animate attributeName=\"%s\" dur=\"%.0fs\" repeatCount=\"indefinite\" keyTimes=\"%s;1\" values=\"%s;%.1f\"/>",
            attribute, SECONDS, times, values, value.apply(steps)));
  }

  private void legend(StringBuilder svg, Trajectory way, int number) {
    double at = TOP + PLOT + BOTTOM + LINE * (number + 1);
    String end =
        way.diverged()
            ? "diverged after %,d updates".formatted(way.steps())
            : "f = %s".formatted(Numbers.compact(way.last()));
    svg.append(
        text(
            """
            <circle class="dot %s" r="5" cx="%.1f" cy="%.1f"/>
            <text x="%.1f" y="%.1f">%s</text>
            <text x="%.1f" y="%.1f" text-anchor="end">%s</text>
            """,
            Look.hue(number),
            LEFT + 6,
            at - 4,
            LEFT + 20,
            at,
            Html.escaped(way.name()),
            WIDTH - RIGHT,
            at,
            end));
  }

  private static double width() {
    return WIDTH - LEFT - RIGHT;
  }

  private double x(double x) {
    return LEFT + clipped(x, surface.left(), surface.right()) * width();
  }

  private double y(double y) {
    return TOP + (1 - clipped(y, surface.bottom(), surface.top())) * PLOT;
  }

  /** The place from 0 to 1 in the window, or a little outside for what is far away. */
  private static double clipped(double value, double low, double high) {
    return Math.max(-2, Math.min(3, (value - low) / (high - low)));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
