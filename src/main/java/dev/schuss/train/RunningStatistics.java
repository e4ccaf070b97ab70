package dev.schuss.train;

import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import dev.schuss.optim.Optimizer;

/** Whether a rule can train a network that keeps running statistics. */
public final class RunningStatistics {
  private RunningStatistics() {}

  /**
   * Refuses a rule that takes gradients at points it may reject: the statistics would move there,
   * and nothing would take them back.
   *
   * @param layout of the parameters; its buffers are the statistics
   * @throws SettingsException naming the first of the statistics
   */
  public static void check(Layout layout, Optimizer optimizer) {
    if (!optimizer.triesPoints()) {
      return;
    }
    for (Segment segment : layout.segments()) {
      if (!segment.trainable()) {
        throw new SettingsException(
            "%s would move at every point that the optimizer's line search tries, those that it rejects included: take a rule without a line search, such as adam, or layer-norm in place of batch-norm"
                .formatted(segment.name()));
      }
    }
  }
}
