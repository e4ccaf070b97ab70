package dev.schuss.experiment;

import dev.schuss.math.Mix;
import dev.schuss.model.ModelException;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import java.util.List;

/**
 * Where the points of a landscape lie: each is a combination of a few vectors.
 *
 * @param vectors that points are made of
 * @param at the coordinates of the given vectors of weights: x and y
 * @param held places that stay between those of the vectors, as {@link
 *     dev.schuss.train.WeightPoints} has them
 */
record Frame(LossGrid.Kind kind, List<float[]> vectors, List<double[]> at, List<int[]> held) {
  /** A third vector that is nearer to the line of two others, as a share of their distance. */
  private static final double FLAT = 1e-4;

  /** Two random directions from these weights. */
  static Frame around(Layout layout, float[] w, long seed) {
    float[] first = Directions.random(layout, w, new Mix(seed, 1));
    float[] second = Directions.random(layout, w, new Mix(seed, 2));
    if (dot(layout, first, first) == 0) {
      throw new ModelException(
          "the weights are all 0: a direction, which is as long as they are, leads nowhere");
    }
    return new Frame(
        LossGrid.Kind.AROUND,
        List.of(w, first, second),
        List.of(new double[] {0, 0}),
        List.of()); // directions leave buffers where they are
  }

  /** The line through two vectors. */
  static Frame line(Layout layout, float[] a, float[] b, List<String> names) {
    distance(layout, a, b, names.get(0), names.get(1));
    return new Frame(
        LossGrid.Kind.LINE,
        List.of(a, b),
        List.of(new double[] {0, 0}, new double[] {1, 0}),
        buffers(layout));
  }

  /**
   * The plane through three vectors, as Garipov et al. 2018 draw it (section A.1): x along u = b -
   * a, y along the part of c - a that is at right angles to u.
   */
  static Frame plane(Layout layout, float[] a, float[] b, float[] c, List<String> names) {
    double ab = distance(layout, a, b, names.get(0), names.get(1));
    double ac = distance(layout, a, c, names.get(0), names.get(2));
    distance(layout, b, c, names.get(1), names.get(2));
    float[] u = minus(b, a);
    float[] v = minus(c, a);
    double along = dot(layout, u, v) / ab;
    double aside = Math.sqrt(Math.max(0, ac * ac - along * along));
    if (aside < FLAT * ac) {
      throw new ModelException(
          "%s lies on the line through %s and %s: draw the line between two of them"
              .formatted(names.get(2), names.get(0), names.get(1)));
    }
    return new Frame(
        LossGrid.Kind.PLANE,
        List.of(a, b, c),
        List.of(new double[] {0, 0}, new double[] {ab, 0}, new double[] {along, aside}),
        buffers(layout));
  }

  /** The coefficients of the vectors at a point. */
  double[] coefficients(double x, double y) {
    return switch (kind) {
      case AROUND -> new double[] {1, x, y};
      case LINE -> new double[] {1 - x, x};
      case PLANE -> {
        double third = y / at.get(2)[1];
        double second = (x - third * at.get(2)[0]) / at.get(1)[0];
        yield new double[] {1 - second - third, second, third};
      }
    };
  }

  /** The coefficients of a given vector, without rounding. */
  double[] ofPlace(int number) {
    double[] coefficients = new double[vectors.size()];
    coefficients[number] = 1;
    return coefficients;
  }

  /** The distance of two vectors by what is trained. */
  private static double distance(Layout layout, float[] a, float[] b, String one, String other) {
    float[] difference = minus(b, a);
    double distance = Math.sqrt(dot(layout, difference, difference));
    if (distance == 0) {
      throw new ModelException(
          "%s and %s have the same weights: there is nothing between them".formatted(one, other));
    }
    return distance;
  }

  private static float[] minus(float[] a, float[] b) {
    float[] difference = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }

  private static double dot(Layout layout, float[] a, float[] b) {
    double sum = 0;
    for (Segment s : layout.segments()) {
      for (int i = s.offset(); i < s.end() && s.trainable(); i++) {
        sum += (double) a[i] * b[i];
      }
    }
    return sum;
  }

  private static List<int[]> buffers(Layout layout) {
    return layout.segments().stream()
        .filter(s -> !s.trainable())
        .map(s -> new int[] {s.offset(), s.end()})
        .toList();
  }
}
