package dev.schuss.train;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/**
 * Spark jobs at the least cost: each partition's result comes back as it is, in the order of
 * partitions. The usual {@code rdd.mapPartitions(f).collect()} makes Spark read the byte code of
 * its own classes anew for every job, to clean closures, which takes longer than the job itself.
 *
 * <p>Jobs run on threads of their own, which inherit the job group and the other local properties
 * of the thread that starts the first jobs, so that those who cancel by group still can.
 */
final class Jobs implements AutoCloseable {
  /** What Spark calls a job's stages; unless it is set, Spark reads the stack for every job. */
  private static final String CALL_SITE = "callSite.short";

  private static final String CALL_SITE_AT_LENGTH = "callSite.long";
  private static final String NAME = "Schuss";
  private static final AtomicLong NEXT = new AtomicLong();

  private final SparkContext spark;

  /** Of all jobs that are started here, beside the caller's own tags. */
  private final String tag = "schuss-" + NEXT.incrementAndGet();

  /** Two, as a round may start while Spark still ends the job of the one before. */
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          2,
          work -> {
            Thread t = new Thread(work, "schuss-jobs");
            t.setDaemon(true);
            return t;
          });

  Jobs(SparkContext spark) {
    this.spark = spark;
  }

  /**
   * What a task does with its partition.
   *
   * @param <T> elements of the partition
   * @param <R> the result, serializable
   */
  abstract static class Body<T, R> extends AbstractFunction2<TaskContext, Iterator<T>, R>
      implements Serializable {
    private static final long serialVersionUID = 1;

    /** Works on a partition; called on the executor. */
    abstract R work(TaskContext task, java.util.Iterator<T> elements);

    @Override
    public final R apply(TaskContext task, Iterator<T> elements) {
      return work(
          task,
          new java.util.Iterator<>() {
            @Override
            public boolean hasNext() {
              return elements.hasNext();
            }

            @Override
            public T next() {
              return elements.next();
            }
          });
    }
  }

  /** Runs a job on the calling thread: what the body makes of each partition, in their order. */
  <T, R> List<R> run(JavaRDD<T> rdd, Body<T, R> body) {
    Object results = spark.runJob(rdd.rdd(), body, ClassTag$.MODULE$.<R>apply(Object.class));
    @SuppressWarnings("unchecked") // the class tag makes it an array of objects
    R[] array = (R[]) results;
    return Arrays.asList(array);
  }

  /** Starts what runs jobs; {@link #result} has its result. */
  <R> Future<R> start(Callable<R> jobs, String description) {
    return threads.submit(
        () -> {
          spark.addJobTag(tag);
          spark.setJobDescription(description);
          spark.setLocalProperty(CALL_SITE, NAME);
          spark.setLocalProperty(CALL_SITE_AT_LENGTH, NAME);
          return jobs.call();
        });
  }

  /**
   * Waits for a result. If the thread is interrupted meanwhile, the jobs that were started are
   * cancelled: else Spark would go on with them.
   *
   * @throws CompletionException with Spark's exception as its cause
   * @throws IllegalStateException with an InterruptedException as its cause
   */
  <R> R result(Future<R> job) {
    try {
      return job.get();
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      if (!spark.isStopped()) {
        spark.cancelJobsWithTag(tag);
      }
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in the middle of a round", e);
    }
  }

  /** Waits until a job is over, however it ends. */
  static void await(Future<?> job) {
    try {
      job.get();
    } catch (ExecutionException nobodyAsked) {
      // its round was given up
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the threads; the context stays open. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
