package dev.schuss.job;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Ctrl-C and SIGTERM end a training normally: the loop is asked to stop, and the JVM goes on
 * shutting down only when the results are written. Hadoop's hooks run one after the other by
 * priority, Spark's own (which stops the context) among them, so this one goes first; the JVM
 * itself then returns 130 or 143.
 */
final class Cancellation implements AutoCloseable {
  /** Spark's is 40. */
  private static final int PRIORITY = 100;

  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Runnable hook = this::cancel;
  private volatile boolean requested;
  private volatile Runnable armed;

  private Cancellation() {}

  /** From now on a signal is noticed. */
  static Cancellation install() {
    Cancellation cancellation = new Cancellation();
    ShutdownHookManager.get()
        .addShutdownHook(cancellation.hook, PRIORITY, PATIENCE_SECONDS + 5, TimeUnit.SECONDS);
    return cancellation;
  }

  /** From now on there is something to keep: the JVM waits until this is closed. */
  void arm() {
    arm(() -> {});
  }

  /**
   * From now on the JVM waits until this is closed.
   *
   * @param action run at a signal, to end what {@link #requested} does not
   */
  void arm(Runnable action) {
    armed = action;
  }

  /** Whether somebody wants this process to end. */
  boolean requested() {
    return requested;
  }

  private void cancel() {
    requested = true;
    Runnable action = armed;
    if (action != null) {
      action.run();
      try {
        if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          return; // the training hangs; the JVM ends it
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    finished.countDown();
    if (!requested) {
      ShutdownHookManager.get().removeShutdownHook(hook);
    }
  }
}
