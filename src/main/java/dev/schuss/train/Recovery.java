package dev.schuss.train;

import dev.schuss.optim.SavedState;
import dev.schuss.optim.Updater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what {@link NonFinite} says about a round whose numbers are not finite. */
final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  private static final String MEND =
      "lower the learning rate, or look for extreme values in the data";

  private final NonFinite policy;
  private final Updater updater;
  private final LoopState state;
  private Good good; // where a rollback goes; null without

  /**
   * The state at the start of the epoch under way.
   *
   * @param weights not changed by the training
   * @param optimizer not changed by it either
   */
  record Good(float[] weights, SavedState optimizer) {}

  Recovery(NonFinite policy, Updater updater, LoopState state) {
    this.policy = policy;
    this.updater = updater;
    this.state = state;
  }

  /** Whether there is a state to go back to. */
  boolean goesBack() {
    return policy instanceof NonFinite.Rollback;
  }

  /** What a rollback goes back to; null where none is kept. */
  Good good() {
    return good;
  }

  /** Goes on with what a checkpoint held. */
  void load(Good saved) {
    good = saved;
  }

  /** An epoch starts: what there is now, a rollback can bring back. */
  void epochStarts() {
    if (goesBack()) {
      good = new Good(updater.weights().clone(), updater.copy());
    }
  }

  /**
   * A round was refused, and nothing was changed.
   *
   * @param what was not finite, and where: {@code step 7: the loss is NaN or infinite}
   * @param rows of the round
   * @return one line on why the training ends; null where it goes on
   */
  String refused(String what, long rows) {
    if (policy instanceof NonFinite.Skip skip) {
      if (state.totals().leftOutInARow() >= skip.limit()) {
        return "%s, as %s before it, and train.nonFinite.limit = %d of them in a row may be left out; the last good weights are kept: %s"
            .formatted(what, minibatches(skip.limit()), skip.limit(), MEND);
      }
      state.roundLeftOut(rows);
      log.warn("{}; the minibatch is left out", what);
      return null;
    }
    if (policy instanceof NonFinite.Rollback rollback) {
      if (state.totals().rollbacks() >= rollback.limit()) {
        return "%s, after the training went back %s, which is train.nonFinite.limit; the last good weights are kept: %s"
            .formatted(what, times(rollback.limit()), MEND);
      }
      double scale = updater.state().rateScale() * rollback.factor();
      System.arraycopy(good.weights(), 0, updater.weights(), 0, good.weights().length);
      updater.load(good.optimizer());
      updater.state().rateScale(scale);
      state.wentBack();
      log.warn(
          "{}; going back to the start of epoch {}, with {} of the learning rate",
          what,
          state.cursor().epoch() + 1,
          scale);
      return null;
    }
    return what + "; the last good weights are kept: " + MEND;
  }

  private static String minibatches(int n) {
    return n == 1 ? "was the minibatch" : "were the " + n + " minibatches";
  }

  private static String times(int n) {
    return n == 1 ? "once" : n + " times";
  }
}
