package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class StoppedTest {
  private static String why(String message) {
    SparkException spark = new SparkException(message);
    return Stopped.why(new CompletionException(message, spark));
  }

  @Test
  void jobsThatSomebodyCancelledAreTold() {
    assertThat(
            why(
                "[SPARK_JOB_CANCELLED] Job 12 cancelled part of cancelled job group p SQLSTATE: XXKDA"))
        .isEqualTo(
            "its Spark jobs were cancelled (Job 12 cancelled part of cancelled job group p)");
    assertThat(why("Job 3 cancelled as part of cancellation of all jobs")).isNotNull();
    assertThat(why("Job 3 cancelled "))
        .isEqualTo("its Spark jobs were cancelled (Job 3 cancelled)");
    assertThat(Stopped.why(new IllegalStateException("x", new InterruptedException())))
        .isEqualTo("its thread was interrupted");
  }

  @Test
  void failuresAreNot() {
    assertThat(why("Job 3 cancelled because SparkContext was shut down")).isNull();
    assertThat(why("Job aborted due to stage failure: Task 0 in stage 1.0 failed 1 times"))
        .isNull();
    assertThat(Stopped.why(new IllegalStateException((String) null))).isNull();
    Exception one = new Exception("a");
    Exception other = new Exception("b", one);
    one.initCause(other);
    assertThat(Stopped.why(one)).isNull(); // ends
  }
}
