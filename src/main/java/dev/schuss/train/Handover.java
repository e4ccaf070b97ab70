package dev.schuss.train;

import dev.schuss.objective.Objective;
import dev.schuss.train.PairwiseSum.Branch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where the driver and its tasks meet when they share a JVM, as they do under a {@code local}
 * master: weights and sums are handed over as they are rather than serialized, and the driver goes
 * on with the last task's sums, while Spark still counts that task as done. What belongs to a round
 * is forgotten when the round ends, whatever late attempts of its tasks still do.
 */
final class Handover {
  private static final Map<Long, Handover> ROUNDS = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT = new AtomicLong();

  private final Objective objective;
  private final CompletableFuture<RoundInput> input = new CompletableFuture<>();
  private final int tasks;
  private final Map<Integer, List<Branch>> sums = new ConcurrentSkipListMap<>();
  private final CompletableFuture<List<Branch>> all = new CompletableFuture<>();

  private Handover(Objective objective, int tasks) {
    this.objective = objective;
    this.tasks = tasks;
  }

  /** Begins a round of so many tasks; returns its number in this JVM. */
  static long begin(Objective objective, int tasks) {
    long round = NEXT.incrementAndGet();
    ROUNDS.put(round, new Handover(objective, tasks));
    return round;
  }

  /** Gives a round's tasks what they wait for; null if there is nothing to do after all. */
  static void give(long round, RoundInput input) {
    of(round).input.complete(input);
  }

  /** Whether a round can be seen from here: not so from another process or class loader. */
  static boolean sees(long round) {
    return ROUNDS.containsKey(round);
  }

  /**
   * The input of a round that is under way, once it was given: a task may be here before the driver
   * has made the weights, and waits that long.
   *
   * @return null if there is nothing to do
   */
  static RoundInput input(long round) {
    try {
      return of(round).input.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // it is only ever completed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the task was interrupted before round " + round, e);
    }
  }

  /** The function of a round that is under way. */
  static Objective objective(long round) {
    return of(round).objective;
  }

  /** A task leaves its sums; what later attempts of the same task leave does not count. */
  static void leave(long round, int task, List<Branch> branches) {
    Handover handover = of(round);
    handover.sums.putIfAbsent(task, branches);
    if (handover.sums.size() == handover.tasks) {
      handover.all.complete(handover.sums.values().stream().flatMap(List::stream).toList());
    }
  }

  /** The sums of a round's tasks in their order, as soon as the last one has left its own. */
  static Future<List<Branch>> sums(long round) {
    return of(round).all;
  }

  /** The round's job failed: nobody will leave what is missing. */
  static void fail(long round, Throwable cause) {
    Handover handover = ROUNDS.get(round);
    if (handover != null) {
      handover.all.completeExceptionally(cause);
    }
  }

  /** Ends a round; tasks that still wait for it have nothing to do. */
  static void end(long round) {
    Handover handover = ROUNDS.remove(round);
    if (handover != null) {
      handover.input.complete(null);
    }
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
