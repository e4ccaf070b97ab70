package dev.schuss.optim;

import java.io.Serializable;
import java.util.List;

/**
 * An update rule: a record of hyper-parameters. Its state lives outside, as named arrays in {@link
 * OptimizerState}, so that saving, restoring and resuming are the same code for every rule.
 */
public interface Optimizer extends Serializable {

  /** The learning rate over the updates. */
  Schedule learningRate();

  /** The rule's own weight decay (for most rules L2: it is added to the gradient). */
  default double weightDecay() {
    return 0;
  }

  /** Layers that are updated in their own way. */
  default List<Group> groups() {
    return List.of();
  }

  /**
   * This rule with all its schedules' lengths in updates; for a rule that is no record, itself.
   *
   * @throws IllegalArgumentException if a schedule has no length and neither has the run
   */
  default Optimizer resolve(RunLength run) {
    return (Optimizer) Records.resolve(this, run);
  }

  /** The arrays that the rule keeps between updates; declared once, before training starts. */
  default Slots slots() {
    return Slots.NONE;
  }

  /** Sets the slots that do not start at 0; called once, before the first update. */
  default void start(Step s) {}

  /** Where the next gradient is to be taken: the weights, unless the rule looks ahead. */
  default float[] gradientPoint(Step s) {
    return s.w();
  }

  /**
   * The weights that are evaluated, saved and exported: those that are updated, unless averaged.
   */
  default float[] result(Step s) {
    return s.w();
  }

  /** Updates {@code s.w()} and the state in place from the gradient {@code s.g()}. */
  void step(Step s);

  /**
   * Asked instead of {@link #step} where the loss or the gradient is not finite. A rule that tried
   * a point away from its weights may choose another one, by its own numbers alone, and return
   * true; false refuses the update.
   */
  default boolean retreats(Step s) {
    return false;
  }

  /** The slot of the rule's momentum, for wrappers that reset it; null where it has none. */
  default String momentumSlot() {
    return null;
  }

  /**
   * Whether gradients are also taken at trial points that the weights may never reach, as in a line
   * search. What moves with each gradient, such as running statistics, would move there, too.
   */
  default boolean triesPoints() {
    return false;
  }

  /**
   * Whether the update that was just made, or {@linkplain #retreats refused}, left the weights as
   * they were, because a line search rejected its point. Asked after it, with the same loss.
   */
  default boolean searching(Step s) {
    return false;
  }

  /** Whether the rule compares whole gradients, so that a minibatch's would mislead it. */
  default boolean fullBatch() {
    return false;
  }
}
