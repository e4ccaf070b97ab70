package dev.schuss.train;

/**
 * What single rounds took, in seconds: figures of each part by itself, so that the parts do not add
 * up to the total.
 *
 * @param median half of the rounds took at most this
 * @param most nine of ten rounds took at most this
 * @param longest the most that one took
 */
public record RoundSpread(Parts median, Parts most, Parts longest) {
  /** Of no round. */
  public static final RoundSpread NONE = new RoundSpread(Parts.NONE, Parts.NONE, Parts.NONE);

  /**
   * The parts of a round, as {@link RoundTime} tells them.
   *
   * @param update the optimizer
   * @param total the whole round
   */
  public record Parts(
      double compute,
      double broadcast,
      double waiting,
      double reduce,
      double update,
      double total) {
    static final Parts NONE = new Parts(0, 0, 0, 0, 0, 0);
  }
}
