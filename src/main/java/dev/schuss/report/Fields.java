package dev.schuss.report;

import java.util.ArrayList;
import java.util.List;

/** Fields of a table in one colour, the darker the more; columns and rows count from 0. */
final class Fields {
  private final List<Double> x = new ArrayList<>();
  private final List<Double> y = new ArrayList<>();
  private final List<Double> opacity = new ArrayList<>();

  /** A field; rows count from the bottom. */
  void add(int column, int row, double dark) {
    x.add((double) column);
    y.add((double) row);
    opacity.add(dark);
  }

  /**
   * Draws them.
   *
   * @param width of each, as a share of a column
   * @param height of each, as a share of a row
   */
  void draw(Drawing drawing, double width, double height) {
    drawing
        .stretched()
        .layer(
            "tile",
            Drawing.map("x", x, "y", y, "opacity", opacity),
            Drawing.map("x", "x", "y", "y", "alpha", "opacity"),
            "fill",
            Ink.curve(0),
            "width",
            width,
            "height",
            height,
            "size",
            0)
        .scale("alpha", Drawing.map("scale_mapper_kind", "identity"))
        .theme("panel_grid_major", Drawing.NOTHING)
        .theme("axis_line", Drawing.NOTHING);
  }

  /** An axis that ends where the fields do, with names at these places. */
  static void axis(
      Drawing drawing, String which, String name, int fields, double[] at, List<String> names) {
    drawing.scale(
        which,
        Drawing.map(
            "name",
            name,
            "limits",
            Drawing.list(-0.5, fields - 0.5),
            "expand",
            Drawing.list(0, 0),
            "breaks",
            Drawing.list(at),
            "labels",
            names));
  }
}
