package dev.schuss.optim;

import java.util.Map;

/**
 * The state of an update rule as named arrays and numbers, for a checkpoint.
 *
 * @param version of this form: {@link #VERSION}
 * @param rule which rule it is of, such as {@code Lookahead(Adam(EPS_OUTSIDE), KEEP)}
 * @param perWeight one float per weight, by slot
 * @param perLayer one double per layout segment, by slot
 * @param numbers {@code updates}, {@code rateScale}, what a {@link Plateau} has seen, and the
 *     rule's own
 */
public record SavedState(
    int version,
    String rule,
    Map<String, float[]> perWeight,
    Map<String, double[]> perLayer,
    Map<String, Double> numbers) {
  /** The form that this library writes, and the only one that it reads. */
  public static final int VERSION = 1;
}
