package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.data.LocalBlocks;
import dev.schuss.nn.Network;
import dev.schuss.optim.Length;
import dev.schuss.optim.Nesterov;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sutskever;
import org.junit.jupiter.api.Test;

/** When a training hears that it could be faster, and in what numbers. */
class AdviceTest {

  @Test
  void aRoundThatMostlySendsAsksForALargerBatch() {
    // 100 rounds of 10 ms: 2 compute, 7 Spark, 1 update
    TimeSplit time = new TimeSplit(0.2, 0.2, 0.1, 0.3, 0.3, 0.1, 0.5);
    assertThat(Advice.of(time, 100, 1000, 128, 2, 0))
        .containsExactly(
            "a round of 10.0 ms computes gradients for 2.0 ms and spends 7.0 ms on sending and adding up:"
                + " train.batchSize = 512 would do 32,000 rows/s rather than 12,800");
  }

  @Test
  void aClusterThatIsSlowerThanItsDriverIsToldSo() {
    // 4 tasks of 2 ms each are 4 ms on 2 cores
    TimeSplit time = new TimeSplit(0.2, 0.2, 0.1, 0.3, 0.3, 0.1, 0);
    assertThat(Advice.of(time, 100, 1000, 128, 4, 2))
        .contains(
            "the driver's 2 cores alone would make a round in about 5.0 ms rather than 10.0: try --master local[2]");
  }

  @Test
  void unevenTasksAreNamed() {
    TimeSplit time = new TimeSplit(1.0, 0.4, 0.01, 0.01, 0.05, 0.05, 0);
    assertThat(Advice.of(time, 100, 1000, 4096, 8, 0))
        .containsExactly(
            "the slowest of 8 tasks computes 10.0 ms, the mean 4.0 ms: partitions or machines are uneven");
  }

  @Test
  void aGoodTrainingAndAColdOneHearNothing() {
    TimeSplit good = new TimeSplit(1.0, 0.9, 0.01, 0.05, 0.05, 0.05, 0);
    TimeSplit slow = new TimeSplit(0.2, 0.2, 0.1, 0.3, 0.3, 0.1, 0);
    assertThat(Advice.of(good, 100, 1000, 4096, 2, 2)).isEmpty();
    assertThat(Advice.of(slow, 100, 100, 128, 2, 2)).as("cold").isEmpty();
    assertThat(Advice.of(slow, 0, 1000, 128, 2, 2)).as("no rounds").isEmpty();
  }

  @Test
  void whatAScheduleIsToldInVainIsInTheResult() {
    Sutskever all = new Sutskever(0.99, Length.steps(2), Length.epochs(3), null);
    Nesterov rule =
        new Nesterov(Schedule.constant(0.1), Nesterov.Variant.LOOKAHEAD_GRADIENT, all, 0);
    float[] rows = {0, 1, 1, 0};
    TrainingResult result =
        Trainer.local()
            .network(Network.input(1).output(2))
            .optimizer(rule)
            .batchSize(2)
            .epochs(3)
            .fit(LocalBlocks.of(rows, 1, rows, 1, null, null, 1), null);
    assertThat(result.advice()).singleElement().asString().contains("finish = 3 epochs is no");
  }
}
