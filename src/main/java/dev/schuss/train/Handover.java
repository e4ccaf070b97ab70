package dev.schuss.train;

import dev.schuss.objective.Objective;
import dev.schuss.train.PairwiseSum.Branch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where the driver and its tasks meet when they share a JVM, as they do under a {@code local}
 * master: weights and sums are handed over as they are rather than serialized. What belongs to a
 * round is forgotten when the round ends, whatever late attempts of its tasks still do.
 */
final class Handover {
  private static final Map<Long, Handover> ROUNDS = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT = new AtomicLong();

  private final Objective objective;
  private final RoundInput input;
  private final Map<Long, List<Branch>> sums = new ConcurrentHashMap<>();

  private Handover(Objective objective, RoundInput input) {
    this.objective = objective;
    this.input = input;
  }

  /** Begins a round; returns its number in this JVM. */
  static long begin(Objective objective, RoundInput input) {
    long round = NEXT.incrementAndGet();
    ROUNDS.put(round, new Handover(objective, input));
    return round;
  }

  /** Whether a round can be seen from here: not so from another process or class loader. */
  static boolean sees(long round) {
    return ROUNDS.containsKey(round);
  }

  /** The input of a round that is under way. */
  static RoundInput input(long round) {
    return of(round).input;
  }

  /** The function of a round that is under way. */
  static Objective objective(long round) {
    return of(round).objective;
  }

  /** A task attempt leaves its sums, for the driver if it counts. */
  static void leave(long round, long attempt, List<Branch> branches) {
    of(round).sums.put(attempt, branches);
  }

  /** What that attempt left. */
  static List<Branch> take(long round, long attempt) {
    return of(round).sums.remove(attempt);
  }

  /** Ends a round. */
  static void end(long round) {
    ROUNDS.remove(round);
  }

  /** Rounds of this JVM that have begun and not ended. */
  static int underWay() {
    return ROUNDS.size();
  }

  private static Handover of(long round) {
    Handover handover = ROUNDS.get(round);
    if (handover == null) {
      throw new IllegalStateException("round " + round + " is over");
    }
    return handover;
  }
}
