package dev.schuss.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The losses on a grid of a {@link Landscape}.
 *
 * @param kind what the axes are
 * @param x the columns of the grid: multiples of the first direction; of a line the place, 0 at the
 *     first vector and 1 at the second; of a plane the distance from the first vector towards the
 *     second
 * @param y its rows: multiples of the second direction; of a plane the distance at right angles to
 *     x, towards the third vector. Empty for a line
 * @param loss the mean loss, row by row (of a line one row); NaN or infinite where it is no number
 * @param places the given vectors of weights, in their order, with their losses
 * @param rows that were evaluated
 */
public record LossGrid(
    Kind kind, double[] x, double[] y, double[][] loss, List<Place> places, long rows) {

  /** What a landscape is of. */
  public enum Kind {
    /** Two random directions from one vector of weights. */
    AROUND,
    /** The line through two. */
    LINE,
    /** The plane through three. */
    PLANE
  }

  /** A given vector of weights. */
  public record Place(String name, double x, double y, double loss) {}

  /** Points of the grid whose loss is no number. */
  public long holes() {
    return Arrays.stream(loss)
        .flatMapToDouble(Arrays::stream)
        .filter(v -> !Double.isFinite(v))
        .count();
  }

  /** All of it as maps, lists and numbers; JSON has null for what is no number. */
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("kind", kind.name().toLowerCase(Locale.ROOT));
    tree.put("rows", rows);
    List<Object> all = new ArrayList<>();
    for (Place place : places) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", place.name);
      one.put("x", place.x);
      if (kind != Kind.LINE) {
        one.put("y", place.y);
      }
      one.put("loss", place.loss);
      all.add(one);
    }
    tree.put("places", all);
    tree.put("x", list(x));
    if (kind == Kind.LINE) {
      tree.put("loss", list(loss[0]));
    } else {
      tree.put("y", list(y));
      tree.put("loss", Arrays.stream(loss).map(LossGrid::list).toList());
    }
    return tree;
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
