package dev.schuss.optim;

import dev.schuss.objective.Layout;

/** One whole update, for whoever holds the weights and the state. */
public final class Updates {

  private Updates() {}

  /**
   * Applies the rule to {@code w} and its state in place, and counts the update.
   *
   * @param state of this rule's {@link Optimizer#slots} and this layout
   * @param w layout.size() weights
   * @param g layout.size() mean gradients at {@link Optimizer#gradientPoint}; may be used as
   *     scratch
   * @param loss the mean loss there
   * @throws IllegalArgumentException if w or g has another length
   */
  public static void apply(
      Optimizer rule, Layout layout, OptimizerState state, float[] w, float[] g, double loss) {
    if (w.length != layout.size() || g.length != layout.size()) {
      throw new IllegalArgumentException(
          "a layout of "
              + layout.size()
              + " parameters, but "
              + w.length
              + " weights and "
              + g.length
              + " gradients");
    }
    rule.step(Step.of(rule, layout, state, w, g, loss));
    state.advance();
  }
}
