package dev.schuss.train;

import dev.schuss.objective.Objective;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where the driver and its tasks meet when they share a JVM, as they do under a {@code local}
 * master: weights and results are handed over as they are rather than serialized, and the driver
 * goes on with the last task's, while Spark still counts that task as running. What belongs to a
 * round (of gradients, or an evaluation) is forgotten when the round ends, whatever late attempts
 * of its tasks still do.
 *
 * <p>The last task stays until the driver ends the round, which it does when Spark has the job that
 * follows, but for at most a moment: whoever cancels the training's jobs, as a notebook's stop
 * does, finds one all but always. Spark forgets a cancellation that finds none.
 */
final class Handover {
  private static final Map<Long, Handover> ROUNDS = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT = new AtomicLong();

  /**
   * The last task stays no longer: somebody's listener may run Spark jobs between two rounds, and
   * wait for its slot.
   */
  private static final long PATIENCE_MILLIS = 100;

  private final Objective objective;
  private final CompletableFuture<RoundInput> input = new CompletableFuture<>();
  private final int tasks;
  private final Map<Integer, Object> left = new ConcurrentSkipListMap<>();
  private final CompletableFuture<List<Object>> all = new CompletableFuture<>();
  private final CountDownLatch ended = new CountDownLatch(1);

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

  /** A task leaves its result; what later attempts of the same task leave does not count. */
  static void leave(long round, int task, Object result) {
    Handover handover = of(round);
    handover.left.putIfAbsent(task, result);
    if (handover.left.size() == handover.tasks
        && handover.all.complete(List.copyOf(handover.left.values()))) {
      handover.stay();
    }
  }

  private void stay() {
    try {
      ended.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the task is done in any case
    }
  }

  /**
   * What a round's tasks left, in their order, as soon as the last one has.
   *
   * @param <R> what its tasks leave
   */
  static <R> CompletableFuture<List<R>> results(long round) {
    @SuppressWarnings("unchecked") // the tasks of a round are of one kind
    CompletableFuture<List<R>> all = (CompletableFuture<List<R>>) (Object) of(round).all;
    return all;
  }

  /** Ends a round, unless it has ended; tasks that still wait for it have nothing to do. */
  static void end(long round) {
    Handover handover = ROUNDS.remove(round);
    if (handover != null) {
      handover.input.complete(null);
      handover.ended.countDown();
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
