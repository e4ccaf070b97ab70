package dev.schuss.checkpoint;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves checkpoints on a thread of its own, one at a time. One that fails is told and counted, and
 * the caller goes on: those before it are still there. Used by one thread.
 */
public final class Saver implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Saver.class);

  private final CheckpointFolder folder;
  private final Map<String, String> versions;
  private final int keep;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread one = new Thread(work, "schuss-checkpoint");
            one.setDaemon(true);
            return one;
          });

  private Future<?> running;
  private volatile String newest;
  private volatile boolean lastFailed;
  private final AtomicInteger saved = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();

  /**
   * A saver.
   *
   * @param keep how many checkpoints are to remain, at least 1
   */
  public Saver(CheckpointFolder folder, Map<String, String> versions, int keep) {
    this.folder = folder;
    this.versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    this.keep = keep;
  }

  /** Whether nothing is being saved. */
  public boolean idle() {
    return running == null || running.isDone();
  }

  /**
   * Begins to save.
   *
   * @param snapshot called on the thread that saves; its arrays must stay as they are until {@link
   *     #idle}
   */
  public void start(Supplier<Snapshot> snapshot) {
    if (!idle()) {
      throw new IllegalStateException("a checkpoint is being saved");
    }
    running = thread.submit(() -> save(snapshot));
  }

  private void save(Supplier<Snapshot> snapshot) {
    long start = System.nanoTime();
    try {
      newest = folder.save(snapshot.get(), versions, keep);
      lastFailed = false;
      saved.incrementAndGet();
    } catch (IOException | RuntimeException | Error e) { // an OutOfMemoryError is likely here
      lastFailed = true;
      failed.incrementAndGet();
      log.warn(
          "a checkpoint cannot be written into {} ({}); the training itself goes on, and the ones before are still there",
          folder.name(),
          e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    } finally {
      nanos.addAndGet(System.nanoTime() - start);
    }
  }

  /** Waits until nothing is being saved. */
  public void await() {
    boolean interrupted = false;
    while (!idle()) {
      try {
        running.get();
      } catch (InterruptedException e) {
        interrupted = true; // what is half written is worth the wait
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where the newest lies that this saver wrote; null before the first. */
  public String newest() {
    return newest;
  }

  /** Whether the last one that was tried could not be written. */
  public boolean lastFailed() {
    return lastFailed;
  }

  /** How many were written. */
  public int saved() {
    return saved.get();
  }

  /** How many could not be written. */
  public int failed() {
    return failed.get();
  }

  /** Seconds that writing and reading back took, beside whatever else went on. */
  public double seconds() {
    return nanos.get() / 1e9;
  }

  /** Waits for what is being saved, and ends the thread. */
  @Override
  public void close() {
    try {
      await();
    } finally {
      thread.shutdown();
    }
  }
}
