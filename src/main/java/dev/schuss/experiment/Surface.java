package dev.schuss.experiment;

import java.util.Locale;

/** A function of two numbers on which the ways of update rules are drawn. */
public enum Surface {
  /**
   * (x - 1)^2 + 100 (y - 1)^2: the exercise on AdaGrad of the CS519 notes; condition number 100.
   */
  RAVINE("(x - 1)^2 + 100 (y - 1)^2", -1.6, 1.18, -2, 2, 0.7, 1.3) {
    @Override
    public double at(double x, double y, double[] g) {
      g[0] = 2 * (x - 1);
      g[1] = 200 * (y - 1);
      return (x - 1) * (x - 1) + 100 * (y - 1) * (y - 1);
    }
  },

  /** x^2 - y^2: downhill without end on both sides of a saddle point. */
  SADDLE("x^2 - y^2", -1.3, 0.001, -1.5, 1.5, -1.5, 1.5) {
    @Override
    public double at(double x, double y, double[] g) {
      g[0] = 2 * x;
      g[1] = -2 * y;
      return x * x - y * y;
    }
  },

  /** (1 - x)^2 + 100 (y - x^2)^2: a bent valley, Rosenbrock 1960. */
  ROSENBROCK("(1 - x)^2 + 100 (y - x^2)^2", -1.2, 1, -1.8, 1.8, -0.6, 2.2) {
    @Override
    public double at(double x, double y, double[] g) {
      double off = y - x * x;
      g[0] = -2 * (1 - x) - 400 * x * off;
      g[1] = 200 * off;
      return (1 - x) * (1 - x) + 100 * off * off;
    }
  },

  /** -exp(-(3x/4)^2 - (5y/4)^2): a hole in a plain, of the CS568 notes. */
  HOLE("-exp(-(3x/4)^2 - (5y/4)^2)", -2.2, 0.9, -3, 3, -2, 2) {
    @Override
    public double at(double x, double y, double[] g) {
      double value = -Math.exp(-9.0 / 16 * x * x - 25.0 / 16 * y * y);
      g[0] = -9.0 / 8 * x * value;
      g[1] = -25.0 / 8 * y * value;
      return value;
    }
  };

  private final String formula;
  private final double startX;
  private final double startY;
  private final double left;
  private final double right;
  private final double bottom;
  private final double top;

  Surface(
      String formula,
      double startX,
      double startY,
      double left,
      double right,
      double bottom,
      double top) {
    this.formula = formula;
    this.startX = startX;
    this.startY = startY;
    this.left = left;
    this.right = right;
    this.bottom = bottom;
    this.top = top;
  }

  /**
   * The value at a point.
   *
   * @param g the two derivatives there, overwritten
   */
  public abstract double at(double x, double y, double[] g);

  /** As it is named on a command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The function in plain text. */
  public String formula() {
    return formula;
  }

  /** Where trajectories begin unless said otherwise: x and y. */
  public double[] start() {
    return new double[] {startX, startY};
  }

  /** The smallest x of a picture. */
  public double left() {
    return left;
  }

  /** The largest x of a picture. */
  public double right() {
    return right;
  }

  /** The smallest y of a picture. */
  public double bottom() {
    return bottom;
  }

  /** The largest y of a picture. */
  public double top() {
    return top;
  }
}
