package dev.schuss.train;

import java.util.Map;

/**
 * How large the elements of one update's gradient were.
 *
 * @param step the update, counted from 1
 * @param sizes the share of the gradient's elements by size: under a power of 2, such as {@code
 *     -12}, those from there to 8 times as much; under {@code zero} those that are 0
 */
public record GradientLook(long step, Map<String, Double> sizes) {
  /** Looks while the updates double in number. */
  private static final int PER_DOUBLING = 6;

  /**
   * Whether an update's gradient is looked at. Each of the first is, later ones the rarer the more
   * updates were made: it is the first ones that tell of a warm-up (Liu et al. 2020), and a million
   * updates are 120 looks. A function of the update alone, so that a training that was resumed
   * looks where another does.
   */
  static boolean due(long step) {
    return step == 1 || doublings(step) > doublings(step - 1);
  }

  /** StrictMath, since the last bit of the logarithm may not depend on the machine. */
  private static int doublings(long step) {
    return (int) (PER_DOUBLING * StrictMath.log((double) step) / StrictMath.log(2));
  }
}
