package dev.schuss.train;

/**
 * What the loss of a minibatch does along an update s: what its slope and its curvature predict,
 * and what it did. Goodfellow, Bengio and Courville 2016, section 8.2.1: where s = -rate g, the
 * slope promises -rate g.g and the curvature adds rate^2 g.Hg / 2; the problem is ill-conditioned
 * where the second outgrows the first.
 *
 * <p>With g the gradient where it was taken and g' that of the same rows where the update led, both
 * with the l1 and l2 terms, s.Hs is s.(g' - g): exact where the loss is quadratic, else the mean of
 * the curvature on the way.
 *
 * @param step the number of the update, from 1
 * @param learningRate of the update
 * @param gradientSquared g.g over the weights that are trained
 * @param curvature s.Hs / s.s; along the gradient itself, which plain gradient descent follows, it
 *     is g.Hg / g.g
 * @param firstOrder g.s, the change that the slope alone predicts
 * @param secondOrder g.s + s.Hs / 2, the change that slope and curvature predict
 * @param taken the change of the minibatch's loss that was measured; NaN or infinite, as the two
 *     before, where the update led to no number
 */
public record Curvature(
    long step,
    double learningRate,
    double gradientSquared,
    double curvature,
    double firstOrder,
    double secondOrder,
    double taken) {

  /** {@code curvature} times g.g: g.Hg where the update follows the gradient. */
  public double alongGradient() {
    return curvature * gradientSquared;
  }

  /** Whether the curvature undoes all that the slope promises. */
  public boolean illConditioned() {
    return firstOrder < 0 && secondOrder > 0;
  }
}
