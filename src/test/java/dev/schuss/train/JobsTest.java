package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.TestSpark;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JobsTest {
  private final Jobs jobs = new Jobs(TestSpark.session().sparkContext());

  @Test
  void aResultThatNobodyMakesIsNotAwaitedForEver() {
    CompletableFuture<String> result = new CompletableFuture<>();
    Future<?> end = jobs.start(result, () -> "nothing", "forgets its result");
    assertThatThrownBy(() -> jobs.result(result))
        .isInstanceOf(CompletionException.class)
        .hasMessage("a Spark job ended without its result: forgets its result");
    Jobs.await(end);
    jobs.close();
  }

  /** What is freed after the result is freed in full. */
  @Test
  void whatIsUnderWayEndsUndisturbedByInterrupts() {
    CompletableFuture<String> result = new CompletableFuture<>();
    CountDownLatch closing = new CountDownLatch(1);
    AtomicBoolean freed = new AtomicBoolean();
    Future<?> end =
        jobs.start(
            result,
            () -> {
              result.complete("made");
              closing.await();
              Thread.sleep(50);
              freed.set(true);
              return null;
            },
            "frees what it was sent");
    assertThat(jobs.result(result)).isEqualTo("made");
    Thread.currentThread().interrupt();
    closing.countDown();
    jobs.close();
    assertThat(Thread.interrupted()).as("told to the caller").isTrue();
    assertThat(freed).isTrue();
    assertThat(end.isDone()).isTrue();
    jobs.close(); // twice is once
  }
}
