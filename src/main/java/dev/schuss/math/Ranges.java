package dev.schuss.math;

import java.lang.reflect.RecordComponent;

/** Checks record components against their {@link Range}. */
public final class Ranges {

  private Ranges() {}

  /** A value that its component does not allow; names the component, the value and the range. */
  public static final class OutOfRange extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private final String component;
    private final String requirement;

    /** An error about one component of a record. */
    public OutOfRange(String component, Object value, String allowed) {
      this("", component, value, "must be " + allowed);
    }

    private OutOfRange(String owner, String component, Object value, String requirement) {
      this(owner + component + " = " + value + ": " + requirement, component, requirement);
    }

    private OutOfRange(String message, String component, String requirement) {
      super(message);
      this.component = component;
      this.requirement = requirement;
    }

    /** The same error, with whose component it is before it: {@code Adam: beta1 = ...}. */
    public OutOfRange of(String owner) {
      return new OutOfRange(owner + ": " + getMessage(), component, requirement);
    }

    /** What is asked of the value: {@code must be in [0, 1)}. */
    public String requirement() {
      return requirement;
    }

    /** The component's name, for callers who know where its value was written. */
    public String component() {
      return component;
    }
  }

  /**
   * Checks the values of all components, in their order; for the first line of a compact
   * constructor. A null or non-numeric value is passed over; NaN is in no range.
   *
   * @throws OutOfRange on the first that is outside
   */
  public static void check(Class<? extends Record> type, Object... values) {
    RecordComponent[] components = type.getRecordComponents();
    if (values.length != components.length) {
      throw new IllegalArgumentException(
          type.getSimpleName() + " has " + components.length + " components, not " + values.length);
    }
    for (int i = 0; i < values.length; i++) {
      Range range = components[i].getAnnotation(Range.class);
      if (range != null && values[i] instanceof Number number) {
        double v = number.doubleValue();
        // Written so that NaN fails; the default open bounds refuse the infinities.
        if (!(v >= range.min() && v > range.above() && v <= range.max() && v < range.below())) {
          String allowed = Double.isInfinite(v) ? "finite" : describe(range);
          throw new OutOfRange(components[i].getName(), number, allowed);
        }
      }
    }
  }

  /** The allowed values in words: {@code in [0, 1)}, {@code at least 1}, {@code positive}. */
  public static String describe(Range range) {
    boolean low = range.min() > Double.NEGATIVE_INFINITY;
    boolean lowOpen = range.above() > Double.NEGATIVE_INFINITY;
    boolean high = range.max() < Double.POSITIVE_INFINITY;
    boolean highOpen = range.below() < Double.POSITIVE_INFINITY;
    if ((low || lowOpen) && (high || highOpen)) {
      return "in "
          + (low ? "[" + plain(range.min()) : "(" + plain(range.above()))
          + ", "
          + (high ? plain(range.max()) + "]" : plain(range.below()) + ")");
    }
    if (low) {
      return "at least " + plain(range.min());
    }
    if (lowOpen) {
      return range.above() == 0 ? "positive" : "more than " + plain(range.above());
    }
    if (high) {
      return "at most " + plain(range.max());
    }
    return highOpen ? "less than " + plain(range.below()) : "a number";
  }

  private static String plain(double v) {
    return v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : Double.toString(v);
  }
}
