package dev.schuss.train;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.spec.Registry;

/** What becomes of a training when a loss, a gradient or an update is NaN or infinite. */
public sealed interface NonFinite {
  /** The policies by name. */
  Registry<NonFinite> REGISTRY =
      Registry.of(NonFinite.class, "kind")
          .add("fail", Fail.class)
          .add("skip", Skip.class)
          .add("rollback", Rollback.class);

  /** It ends, and keeps the last good weights. */
  record Fail() implements NonFinite {
    /** The usual policy. */
    public static final Fail DEFAULTS = new Fail();
  }

  /**
   * The minibatch is left out.
   *
   * @param limit the training ends when more than so many are left out one after the other
   */
  record Skip(@Range(min = 1) int limit) implements NonFinite {
    /** Ten. */
    public static final Skip DEFAULTS = new Skip(10);

    public Skip {
      Ranges.check(Skip.class, limit);
    }
  }

  /**
   * The training goes back to the start of the epoch, and on from there with a lower learning rate.
   *
   * @param factor the learning rate is multiplied with it, from there on
   * @param limit the training ends when it would go back more often than this
   */
  record Rollback(@Range(above = 0, below = 1) double factor, @Range(min = 1) int limit)
      implements NonFinite {
    /** Half the rate, five times. */
    public static final Rollback DEFAULTS = new Rollback(0.5, 5);

    public Rollback {
      Ranges.check(Rollback.class, factor, limit);
    }
  }
}
