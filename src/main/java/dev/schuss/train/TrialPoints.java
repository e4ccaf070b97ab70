package dev.schuss.train;

import dev.schuss.objective.Objective;
import dev.schuss.objective.Segment;
import dev.schuss.optim.Length;
import dev.schuss.optim.Optimizer;

/** Whether a rule that tries points, and may reject them, can train a network. */
public final class TrialPoints {
  private TrialPoints() {}

  /**
   * Refuses such a rule where running statistics would move at every point and nothing would take
   * them back, or where losses cannot be compared because each round draws anew.
   *
   * @throws SettingsException naming the first of the statistics, or what may be done
   */
  public static void check(Objective objective, Optimizer optimizer) {
    if (!optimizer.triesPoints()) {
      return;
    }
    for (Segment segment : objective.layout().segments()) {
      if (!segment.trainable()) {
        throw new SettingsException(
            "%s would move at every point that the optimizer's line search tries, those that it rejects included: take a rule without a line search, such as adam, or layer-norm in place of batch-norm"
                .formatted(segment.name()));
      }
    }
    if (objective.random()) {
      throw new SettingsException(
          "the network draws anew in each round (dropout, random flips or crops), and the optimizer's line search compares the losses of several rounds: take a rule without a line search, such as adam, or leave these layers out");
    }
  }

  /**
   * Refuses to measure the curvature along updates that a line search may reject.
   *
   * @param curvature how often; null for never
   * @throws SettingsException if it is to be measured
   */
  public static void check(Length curvature, Optimizer optimizer) {
    if (curvature != null && optimizer.triesPoints()) {
      throw new SettingsException(
          "train.curvature = %s: the optimizer's line search looks at the losses itself, and may reject an update: leave it out, or take a rule without a line search, such as adam"
              .formatted(curvature));
    }
  }
}
