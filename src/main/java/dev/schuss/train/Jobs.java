package dev.schuss.train;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.FutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.AsyncRDDActions;
import scala.collection.Iterator;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Spark jobs at the least cost: each partition's result comes back as it is, in the order of
 * partitions. The usual {@code rdd.mapPartitions(f).collect()} makes Spark read the byte code of
 * its own classes anew for every job, to clean closures, which takes longer than the job itself.
 *
 * <p>Jobs run on threads of their own, which inherit the job group and the other local properties
 * of the thread that starts the first jobs, so that those who cancel by group still can. Whatever
 * else waits for Spark's answer (to send weights, to free them) runs there, too: an interrupt of
 * the caller's thread does not hit it in the middle.
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

  /** Whether nobody waits for what is under way. */
  private boolean givenUp;

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

  /** A body whose tasks leave what they make, and return nothing. */
  private static final class Leaving<T> extends AbstractFunction1<Iterator<T>, BoxedUnit>
      implements Serializable {
    private static final long serialVersionUID = 1;

    private final Body<T, ?> body;

    Leaving(Body<T, ?> body) {
      this.body = body;
    }

    @Override
    public BoxedUnit apply(Iterator<T> elements) {
      body.apply(TaskContext.get(), elements);
      return BoxedUnit.UNIT;
    }
  }

  /** Runs a job on the calling thread: what the body makes of each partition, in their order. */
  <T, R> List<R> run(JavaRDD<T> rdd, Body<T, R> body) {
    Object results = spark.runJob(rdd.rdd(), body, ClassTag$.MODULE$.<R>apply(Object.class));
    @SuppressWarnings("unchecked") // the class tag makes it an array of objects
    R[] array = (R[]) results;
    return Arrays.asList(array);
  }

  /**
   * Runs a job on the calling thread whose tasks leave what they make.
   *
   * @param submitted done as soon as Spark's scheduler has the job in its queue: it takes it up
   *     before it hears that a task ended which ends later than this
   */
  <T> void run(JavaRDD<T> rdd, Body<T, ?> body, Runnable submitted) throws Exception {
    FutureAction<BoxedUnit> job =
        new AsyncRDDActions<>(rdd.rdd(), rdd.classTag()).foreachPartitionAsync(new Leaving<>(body));
    submitted.run();
    Await.result(job, Duration.Inf());
  }

  /** Starts what runs jobs; {@link #result} has its result. */
  <R> Future<R> start(Callable<R> jobs, String description) {
    CompletableFuture<R> result = new CompletableFuture<>();
    threads.execute(work(result, () -> result.complete(jobs.call()), description));
    return result;
  }

  /**
   * Starts what runs jobs and completes a result, maybe some time before it ends itself. If it ends
   * without, the result fails: nobody waits for it for ever.
   *
   * @return the end
   */
  Future<?> start(CompletableFuture<?> result, Callable<?> jobs, String description) {
    FutureTask<?> work = work(result, jobs, description);
    threads.execute(work);
    return work;
  }

  private FutureTask<?> work(CompletableFuture<?> result, Callable<?> jobs, String description) {
    return new FutureTask<>(
        () -> {
          try {
            spark.addJobTag(tag);
            spark.setJobDescription(description);
            spark.setLocalProperty(CALL_SITE, NAME);
            spark.setLocalProperty(CALL_SITE_AT_LENGTH, NAME);
            jobs.call();
            result.completeExceptionally(
                new IllegalStateException("a Spark job ended without its result: " + description));
          } catch (Throwable e) {
            result.completeExceptionally(e);
            throw e;
          }
          return null;
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
      givenUp = true;
      cancel();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in the middle of a round", e);
    }
  }

  /** Waits until a result is there, or will never be. An interrupt is kept for later. */
  static void await(Future<?> result) {
    boolean interrupted = false;
    while (!result.isDone()) {
      try {
        result.get();
      } catch (ExecutionException nobodyAsked) {
        // its round was given up
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void cancel() {
    if (!spark.isStopped()) {
      spark.cancelJobsWithTag(tag);
    }
  }

  /** Waits until what was started is over, however it ends; then the context stays open. */
  @Override
  public void close() {
    threads.shutdown();
    boolean interrupted = false;
    boolean over = false;
    while (!over) {
      try {
        over = threads.awaitTermination(100, TimeUnit.MILLISECONDS);
        if (!over && givenUp) {
          cancel(); // what was about to be submitted then
        }
      } catch (InterruptedException e) {
        interrupted = true; // what is freed meanwhile is worth the wait
        givenUp = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
