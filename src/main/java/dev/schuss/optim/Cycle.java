package dev.schuss.optim;

/** Two or three phases between a first, a middle and a last value, as in PyTorch's OneCycleLR. */
public record Cycle(long length, double rise, Anneal anneal, boolean threePhase) {

  /** How a phase goes from one value to another. */
  public enum Anneal {
    /** Half a cosine. */
    COS,
    /** A straight line. */
    LINEAR
  }

  /** The value at update t; the last one after the end. */
  double at(long t, double first, double middle, double last) {
    double top = rise * length - 1;
    double bottom = 2 * rise * length - 2;
    double end = length - 1.0;
    if (t <= top) {
      return between(first, middle, t / top);
    }
    if (!threePhase) {
      return between(middle, last, (t - top) / (end - top));
    }
    return t <= bottom
        ? between(middle, first, (t - top) / (bottom - top))
        : between(first, last, (t - bottom) / (end - bottom));
  }

  private double between(double from, double to, double progress) {
    double p = progress < 1 ? progress : 1; // also where a phase of length 0 makes it NaN
    return switch (anneal) {
      case COS -> to + (from - to) / 2 * (1 + Math.cos(Math.PI * p));
      case LINEAR -> from + (to - from) * p;
    };
  }
}
