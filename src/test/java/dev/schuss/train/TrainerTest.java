package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.data.Block;
import dev.schuss.data.LocalBlocks;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Lookahead;
import dev.schuss.optim.Plateau;
import dev.schuss.optim.Rprop;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Schedules;
import dev.schuss.optim.Sgd;
import dev.schuss.train.TrainingResult.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How trainings begin, go on and end; in this process, without Spark. */
class TrainerTest {

  @Test
  void learnsToTellTheInsideOfACircle() {
    TrainingResult result = trainer().epochs(30).fit(Circle.blocks(600, 1), Circle.blocks(200, 2));

    assertThat(result.status()).isEqualTo(Status.COMPLETED);
    assertThat(result.epochs()).isEqualTo(30);
    assertThat(result.steps()).isEqualTo(30 * 10);
    assertThat(result.rows()).isEqualTo(30 * 600);
    assertThat(result.validation().get("accuracy")).isGreaterThan(0.95);
    assertThat(result.history()).hasSize(30);
    assertThat(result.history().get(29).trainLoss())
        .isLessThan(result.history().get(0).trainLoss());
    assertThat(result.history().get(0).gradientNorms())
        .containsOnlyKeys("dense0.weight", "dense0.bias", "output.weight", "output.bias");
    double parts =
        result.time().compute()
            + result.time().broadcast()
            + result.time().waiting()
            + result.time().reduce()
            + result.time().update()
            + result.time().other();
    assertThat(parts).isBetween(0.9 * result.seconds(), 1.1 * result.seconds());
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    TrainingResult first = trainer().epochs(3).fit(Circle.blocks(600, 1), null);
    TrainingResult second = trainer().epochs(3).fit(Circle.blocks(600, 1), null);
    TrainingResult other = trainer().seed(2).epochs(3).fit(Circle.blocks(600, 1), null);

    assertThat(second.weights()).isEqualTo(first.weights());
    assertThat(other.weights()).isNotEqualTo(first.weights());
  }

  @Test
  void earlyStoppingKeepsTheBestWeights() {
    // A rate this large bounces: some epoch before the last is the best one.
    Trainer trainer =
        trainer()
            .optimizer(new Sgd(Schedule.constant(8), 0))
            .epochs(200)
            .earlyStopping(new EarlyStopping("accuracy", 3, 0, true));
    TrainingResult result = trainer.fit(Circle.blocks(600, 1), Circle.blocks(200, 2));

    assertThat(result.status()).isEqualTo(Status.EARLY_STOPPED);
    assertThat(result.epochs()).isEqualTo(result.best().epoch() + 1 + 3);
    double best =
        result.history().stream().mapToDouble(e -> e.validation().get("accuracy")).max().orElse(0);
    assertThat(result.best().value()).isEqualTo(best);
    assertThat(result.validation().get("accuracy")).isEqualTo(best);
    TrainingResult again =
        trainer()
            .initialWeights(result.weights())
            .optimizer(new Sgd(Schedule.constant(0), 0))
            .epochs(1)
            .fit(Circle.blocks(600, 1), Circle.blocks(200, 2));
    assertThat(again.validation())
        .as("of the weights that came back")
        .isEqualTo(result.validation());
  }

  @Test
  void lookaheadIsEvaluatedOnItsSlowWeights() {
    Lookahead rule = Lookahead.of(new Sgd(Schedule.constant(0.5), 0), 7, 0.5);
    TrainingResult result = trainer().optimizer(rule).maxSteps(3).fit(Circle.blocks(600, 1), null);

    assertThat(result.steps()).isEqualTo(3);
    assertThat(result.weights())
        .as("no synchronisation yet")
        .isEqualTo(network().initialWeights(1));
  }

  @Test
  void aScheduleWithoutLengthHasThatOfTheRun() {
    List<Double> rates = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            rates.add(report.learningRate());
          }
        };
    Sgd rule = new Sgd(Schedules.linear(0.8), 0);
    trainer().optimizer(rule).maxSteps(4).listener(listener).fit(Circle.blocks(600, 1), null);
    assertThat(rates).containsExactly(0.8, 0.8 * 0.75, 0.8 * 0.5, 0.8 * 0.25);
  }

  @Test
  void aPlateauOfTheValidationMetricLowersTheRate() {
    Plateau plateau = new Plateau(0.5, "accuracy", 0.5, 0, 1, Plateau.ThresholdMode.ABS, 0, 0, 0);
    Trainer trainer = trainer().optimizer(new Sgd(plateau, 0)).epochs(4);
    TrainingResult result = trainer.fit(Circle.blocks(600, 1), Circle.blocks(200, 2));
    assertThat(result.history())
        .extracting(EpochReport::learningRate)
        .containsExactly(0.5, 0.5, 0.25, 0.125);
    assertThatThrownBy(() -> trainer.fit(Circle.blocks(600, 1), null))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("optimizer.schedule needs validation rows");
  }

  @Test
  void aFullBatchRuleRefusesASmallerBatch() {
    assertThatThrownBy(() -> trainer().optimizer(Rprop.DEFAULTS).fit(Circle.blocks(600, 1), null))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(
            "compares gradients of all 600 training rows; set train.batchSize to 600");
    TrainingResult result =
        trainer()
            .optimizer(Rprop.DEFAULTS)
            .batchSize(600)
            .epochs(5)
            .fit(Circle.blocks(600, 1), null);
    assertThat(result.steps()).isEqualTo(5);
  }

  @Test
  void maxStepsEndsWithinAnEpoch() {
    TrainingResult result =
        trainer().maxSteps(13).fit(Circle.blocks(600, 1), Circle.blocks(200, 2));

    assertThat(result.status()).isEqualTo(Status.COMPLETED);
    assertThat(result.steps()).isEqualTo(13);
    assertThat(result.history()).hasSize(2);
    assertThat(result.validation()).containsKeys("loss", "accuracy");
  }

  @Test
  void maxTimeEndsAtTheNextRound() {
    long start = System.nanoTime();
    TrainingResult result =
        trainer()
            .epochs(1_000_000)
            .maxTime(Duration.ofMillis(300))
            .fit(Circle.blocks(600, 1), null);

    assertThat(result.status()).isEqualTo(Status.COMPLETED);
    assertThat(result.steps()).isPositive();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void cancelEndsBeforeTheNextRound() {
    List<Long> steps = new ArrayList<>();
    TrainingResult result =
        trainer()
            .listener(
                new TrainingListener() {
                  @Override
                  public void round(RoundReport report) {
                    steps.add(report.step());
                  }
                })
            .cancelWhen(() -> steps.size() == 4)
            .fit(Circle.blocks(600, 1), null);

    assertThat(result.status()).isEqualTo(Status.CANCELLED);
    assertThat(steps).containsExactly(1L, 2L, 3L, 4L);
    assertThat(result.weights()).isNotEqualTo(network().initialWeights(1));
  }

  @Test
  void divergenceStopsAtThatStepWithTheLastGoodWeights() {
    TrainingResult result =
        trainer().optimizer(new Sgd(Schedule.constant(1e38), 0)).fit(Circle.blocks(600, 1), null);

    assertThat(result.status()).isEqualTo(Status.DIVERGED);
    assertThat(result.message()).startsWith("step ").contains("NaN or infinite", "1.0E38");
    for (float weight : result.weights()) {
      assertThat(weight).isFinite();
    }
  }

  @Test
  void aNonFiniteRowIsNamedByItsPartition() {
    float[] features = new float[40];
    float[] targets = new float[20];
    for (int i = 0; i < 40; i++) {
      features[i] = i;
      targets[i / 2] = i / 2 % 2;
    }
    features[7] = Float.MAX_VALUE;
    features[6] = Float.MAX_VALUE;
    List<Block> blocks = LocalBlocks.of(features, 2, targets, 1, null, null, 3);
    Network relu = Network.input(2).dense(4, Activation.RELU).output(2);
    float[] start = relu.initialWeights(1);
    Arrays.fill(start, 10f);
    TrainingResult result =
        trainer().network(relu).initialWeights(start).batchSize(20).fit(blocks, null);

    assertThat(result.status()).isEqualTo(Status.DIVERGED);
    assertThat(result.message()).startsWith("step 1: ").contains("in partition ");
    assertThat(result.weights()).isEqualTo(start);
    assertThat(result.steps()).isZero();
  }

  @Test
  void aBatchWithoutWeightMakesNoUpdate() {
    List<Block> blocks =
        LocalBlocks.of(
            new float[] {1, 2, 3, 4}, 2, new float[] {0, 1}, 1, new float[] {0, 0}, null, 1);
    TrainingResult result = trainer().batchSize(2).epochs(2).fit(blocks, null);

    assertThat(result.status()).isEqualTo(Status.COMPLETED);
    assertThat(result.steps()).isZero();
    assertThat(result.weights()).isEqualTo(network().initialWeights(1));
  }

  @Test
  void settingsThatDoNotFitAreRefusedByKeyAndValue() {
    assertThatThrownBy(() -> trainer().batchSize(601).fit(Circle.blocks(600, 1), null))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "batchSize = 601: more than the 600 training rows; set train.batchSize to at most 600");
    assertThatThrownBy(() -> trainer().batchSize(0).fit(Circle.blocks(600, 1), null))
        .hasMessage("batchSize = 0: must be at least 1");
    assertThatThrownBy(() -> trainer().epochs(-1).fit(Circle.blocks(600, 1), null))
        .hasMessage("epochs = -1: must be at least 1");
    assertThatThrownBy(() -> trainer().earlyStopping(3).fit(Circle.blocks(600, 1), null))
        .hasMessageContaining("earlyStopping needs validation rows");
    assertThatThrownBy(
            () ->
                trainer()
                    .earlyStopping(new EarlyStopping("r2", 3, 0, true))
                    .fit(Circle.blocks(600, 1), Circle.blocks(200, 2)))
        .hasMessage(
            "train.earlyStopping.metric = r2: must be one of loss, accuracy, auc, logLoss, f1,"
                + " f1Weighted, precision, precisionWeighted, recall");
    assertThatThrownBy(() -> new EarlyStopping("loss", 0, 0, true))
        .hasMessage("patience = 0: must be at least 1");
    assertThatThrownBy(
            () -> trainer().initialWeights(new float[3]).fit(Circle.blocks(600, 1), null))
        .hasMessage("3 initial weights for 112 parameters");
    assertThatThrownBy(() -> trainer().maxTime(Duration.ZERO).fit(Circle.blocks(600, 1), null))
        .hasMessageStartingWith("maxTime = PT0S");
    assertThatThrownBy(() -> Trainer.local().fit(Circle.blocks(600, 1), null))
        .hasMessageContaining("needs a network");
  }

  private static Network network() {
    return Network.input(2).dense(22, Activation.TANH).output(2);
  }

  private static Trainer trainer() {
    return Trainer.local()
        .network(network())
        .optimizer(new Adam(Schedule.constant(0.02), 0.9, 0.999, 1e-8, 0))
        .batchSize(60);
  }
}
