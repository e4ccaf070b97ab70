package dev.schuss.model;

/** How features are scaled before the network sees them: x' = (x - shift[j]) / divisor[j]. */
public sealed interface Scaling {

  /** Features are taken as they are. */
  record None() implements Scaling {
    @Override
    public String toString() {
      return "none";
    }
  }

  /** To mean 0 and (population) standard deviation 1 over the training rows. */
  record Standard() implements Scaling {
    @Override
    public String toString() {
      return "standard";
    }
  }

  /** To [0, 1] over the training rows. */
  record MinMax() implements Scaling {
    @Override
    public String toString() {
      return "minmax";
    }
  }

  /** Divided by the largest absolute value over the training rows; zeros stay zeros. */
  record MaxAbs() implements Scaling {
    @Override
    public String toString() {
      return "maxabs";
    }
  }

  /**
   * All features divided by one number, such as 255 for pixels.
   *
   * @param by positive and finite, also as a 32-bit float
   */
  record Divisor(double by) implements Scaling {
    /** Checks the divisor. */
    public Divisor {
      if (!((float) by > 0 && Float.isFinite((float) by))) {
        throw new IllegalArgumentException(
            "scale = " + by + ": a divisor must be a positive number");
      }
    }

    @Override
    public String toString() {
      return by == Math.rint(by) && by < 1e15 ? Long.toString((long) by) : Double.toString(by);
    }
  }

  /** Features are taken as they are. */
  static Scaling none() {
    return new None();
  }

  /** To mean 0 and standard deviation 1. */
  static Scaling standard() {
    return new Standard();
  }

  /** To [0, 1]. */
  static Scaling minmax() {
    return new MinMax();
  }

  /** Divided by the largest absolute value. */
  static Scaling maxabs() {
    return new MaxAbs();
  }

  /** All features divided by one positive number. */
  static Scaling divisor(double by) {
    return new Divisor(by);
  }

  /**
   * Reads {@code none}, {@code standard}, {@code minmax}, {@code maxabs} or a divisor such as
   * {@code 255}; the inverse of toString.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static Scaling parse(String text) {
    return switch (text.trim()) {
      case "none" -> none();
      case "standard" -> standard();
      case "minmax" -> minmax();
      case "maxabs" -> maxabs();
      default -> {
        double by;
        try {
          by = Double.parseDouble(text);
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException(
              "scale = "
                  + text
                  + ": must be none, standard, minmax, maxabs or a divisor such as 255",
              e);
        }
        yield divisor(by);
      }
    };
  }
}
