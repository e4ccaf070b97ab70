package dev.schuss.report;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.jetbrains.letsPlot.commons.geometry.DoubleVector;
import org.jetbrains.letsPlot.core.util.PlotSvgExportCommon;

/**
 * A picture that the Lets-Plot library draws: its layers and scales, in the library's own words
 * (its Python API has the same), in the type and the colours of all pictures here.
 */
final class Drawing {
  /** Width of every picture that shares a line of a page with another. */
  static final double WIDTH = 480;

  /** The library's number of a circle with an edge. */
  private static final int CIRCLE = 21;

  /** Height of a line of {@link #key}, whose words are smaller. */
  static final int KEY_LINE = 16;

  /** An axis of a plane has at most so many ticks. */
  private static final int TICKS = 8;

  private static final Pattern SIGN = Pattern.compile("(<text class=\"plot-caption\"[^>]*>)\\* ");

  /** Letters of a title that fit beside each other in a picture of the usual width. */
  private static final int TITLE = 54;

  /** Height of another line of a title. */
  private static final double TITLE_LINE = 21;

  /** What a file has, as there is no page around it that could. */
  static final String OWN_STYLE = "<style>" + Look.STYLE + "</style>";

  static final Map<String, Object> NOTHING = map("name", "blank");

  private final String label;
  private final double width;
  private final double height;
  private final Map<String, Object> theme = new LinkedHashMap<>();
  private final Map<String, Object> guides = new LinkedHashMap<>();
  private final List<Object> layers = new ArrayList<>();
  private final List<Object> scales = new ArrayList<>();
  private final List<String> signs = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private final Map<String, Object> spec = new LinkedHashMap<>();

  /** An empty picture of so many pixels; a title of several lines makes it higher. */
  Drawing(String title, double width, double height) {
    String lines = lines(title, (int) (TITLE * width / WIDTH));
    this.label = title;
    this.width = width;
    this.height = height + TITLE_LINE * Math.max(0, lines.lines().count() - 1);
    spec.put("kind", "plot");
    spec.put("ggtitle", map("text", lines));
    theme.put("name", "minimal");
    theme.put("plot_title", type(14, Ink.TEXT));
    theme.put("axis_title", type(12, Ink.FAINT));
    theme.put("axis_text", type(11, Ink.FAINT));
    theme.put("axis_text_x", map("name", "text", "angle", 0));
    theme.put("legend_key", NOTHING);
    theme.put("legend_text", type(12, Ink.TEXT)); // shown in 11, which leaves room between names
    theme.put("legend_title", NOTHING);
    theme.put("legend_background", NOTHING);
    theme.put("plot_background", NOTHING);
    theme.put("panel_grid_major", map("name", "line", "color", Ink.GRID, "size", 0.7));
    theme.put("panel_grid_minor", NOTHING);
    theme.put("axis_line", map("name", "line", "color", Ink.FAINT, "size", 0.7));
    theme.put("axis_ticks", NOTHING);
    theme.put("plot_caption", map("name", "text", "size", KEY_LINE, "hjust", 0));
    theme.put("legend_position", "none");
  }

  /**
   * Draws something nobody sees, once: the library's classes take most of a second to load. Others
   * who come meanwhile wait.
   */
  static void ready() {
    Ready.once();
  }

  private static final class Ready {
    static {
      new Drawing("", WIDTH, WIDTH).mark(0, 0).svg();
    }

    static void once() {}
  }

  /** What the library calls a dictionary: names and values in turn. */
  static Map<String, Object> map(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  /** Numbers as the library takes them. */
  static List<Double> list(double... values) {
    return DoubleStream.of(values).boxed().toList();
  }

  /** Words in lines of at most so many letters, unless one word is longer. */
  static String lines(String words, int letters) {
    StringBuilder lines = new StringBuilder();
    int length = 0;
    for (String word : words.strip().split("\\s+", -1)) {
      boolean fits = length + word.length() < letters;
      if (!lines.isEmpty()) {
        lines.append(fits ? ' ' : '\n');
      }
      lines.append(word);
      length = fits ? length + 1 + word.length() : word.length();
    }
    return lines.toString();
  }

  private static Map<String, Object> type(int size, String colour) {
    return map("name", "text", "size", size, "color", colour);
  }

  /** As wide and as high as there is room; the library would make fields square. */
  Drawing stretched() {
    spec.put("coord", map("name", "cartesian"));
    return this;
  }

  /** Another value of the theme than that of all pictures. */
  Drawing theme(String name, Object value) {
    theme.put(name, value);
    return this;
  }

  /**
   * A layer above those that are there.
   *
   * @param geom what it draws, such as {@code line}
   * @param data columns by their names, equally long
   * @param mapping from what is seen, such as {@code x}, to columns
   * @param more constants and other options, names and values in turn
   */
  Drawing layer(String geom, Map<String, ?> data, Map<String, ?> mapping, Object... more) {
    return layer(geom, data, mapping, map(more));
  }

  /** See above; the options as a dictionary. */
  Drawing layer(
      String geom, Map<String, ?> data, Map<String, ?> mapping, Map<String, Object> options) {
    Map<String, Object> layer = map("geom", geom, "data", data, "mapping", mapping);
    layer.put("tooltips", "none");
    layer.putAll(options);
    layers.add(layer);
    return this;
  }

  /** A point that stands out. */
  Drawing mark(double x, double y) {
    return layer(
        "point",
        map("x", list(x), "y", list(y)),
        map("x", "x", "y", "y"),
        "shape",
        CIRCLE,
        "fill",
        Ink.PAPER,
        "color",
        Ink.TEXT,
        "size",
        2.8,
        "stroke",
        0.8);
  }

  /**
   * Words that begin at a point, or end there.
   *
   * @param left whether they are to the left of it
   * @param below whether they are below it
   */
  Drawing words(double x, double y, String words, boolean left, boolean below) {
    return layer(
        "text",
        map("x", list(x), "y", list(y), "words", List.of(words)),
        map("x", "x", "y", "y", "label", "words"),
        "color",
        Ink.TEXT,
        "size",
        5.5,
        "hjust",
        left ? "right" : "left",
        "vjust",
        below ? "top" : "bottom");
  }

  /** A scale: what it is of, and its options. */
  Drawing scale(String aesthetic, Map<String, ?> options) {
    Map<String, Object> scale = map("aesthetic", aesthetic);
    scale.putAll(options);
    scales.add(scale);
    return this;
  }

  /**
   * A plane in a frame, without lines at its ticks.
   *
   * @param x its least and its largest
   * @param ratio how long a unit of y is in units of x, where nothing lies beyond; 0 to fill the
   *     picture and cut what does
   */
  Drawing plane(String xName, double[] x, String yName, double[] y, double ratio) {
    Map<String, Object> coord = map("name", "cartesian", "xlim", list(x), "ylim", list(y));
    if (ratio > 0) {
      coord.putAll(map("name", "fixed", "ratio", ratio));
    }
    spec.put("coord", coord);
    theme.put("panel_grid", NOTHING);
    theme.put("axis_line", NOTHING);
    theme.put("panel_border", map("name", "rect", "color", Ink.FAINT, "size", 0.7, "blank", false));
    return scale("x", plain(xName, x)).scale("y", plain(yName, y));
  }

  private static Map<String, Object> plain(String name, double[] ends) {
    Map<String, Object> options = map("name", name, "expand", list(0, 0));
    double[] breaks = LogTicks.plain(ends[0], ends[1], TICKS).toArray();
    options.putAll(map("breaks", list(breaks), "labels", Numbers.compact(breaks)));
    return options;
  }

  /** Where a scale has its ticks, and what they are called. */
  static Map<String, Object> ticks(DoubleStream at, DoubleFunction<String> name) {
    double[] breaks = at.toArray();
    return map("breaks", list(breaks), "labels", DoubleStream.of(breaks).mapToObj(name).toList());
  }

  /**
   * A line below the picture: a sign, and what it stands for.
   *
   * @param colour of the sign, of {@link Ink}
   */
  Drawing key(char sign, String colour, String words) {
    signs.add(
        String.format(
            Locale.ROOT,
            "<tspan style=\"fill:%s\">&#%d;</tspan> ",
            Ink.variables(colour),
            (int) sign));
    keys.add("* " + words.replaceAll("\\s+", " "));
    return this;
  }

  /** How the legend of a scale looks; there is none without. */
  Drawing legend(String aesthetic, String position, Map<String, Object> guide) {
    theme.put("legend_position", position);
    guides.put(aesthetic, guide);
    return this;
  }

  /** An element {@code svg}; its style is {@link Look#STYLE}, which the page has once. */
  String svg() {
    return svg("");
  }

  /** A file of its own. */
  String file() {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        + svg(OWN_STYLE + "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>")
        + "\n";
  }

  private String svg(String before) {
    spec.put("theme", theme);
    spec.put("guides", guides);
    spec.put("layers", layers);
    spec.put("scales", scales);
    if (!keys.isEmpty()) {
      spec.put("caption", map("text", String.join("\n", keys)));
    }
    String drawn =
        PlotSvgExportCommon.INSTANCE.buildSvgImageFromRawSpecs(
            spec, new DoubleVector(width, height), Drawing::raster, false);
    String head =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 "
            + Math.round(width)
            + " "
            + Math.round(height)
            + "\" role=\"img\" aria-label=\""
            + Html.escaped(label)
            + "\">\n";
    return head + before + signed(Slim.inner(drawn)) + "</svg>";
  }

  private String signed(String drawn) {
    Iterator<String> next = signs.iterator();
    return SIGN.matcher(drawn).replaceAll(found -> found.group(1) + next.next());
  }

  private static String raster(int width, int height, int[] pixels) {
    throw new IllegalStateException("no layer here is a raster");
  }
}
