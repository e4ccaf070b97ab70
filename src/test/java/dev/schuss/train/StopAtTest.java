package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.data.Block;
import dev.schuss.data.LocalBlocks;
import dev.schuss.math.Mix;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Group;
import dev.schuss.optim.Plateau;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import dev.schuss.optim.Updater;
import dev.schuss.train.TrainingResult.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trainings that end because they are good enough; in this process, without Spark. */
class StopAtTest {
  private static final Network NETWORK = Network.input(2).dense(22, Activation.TANH).output(2);

  @ParameterizedTest
  @CsvSource({"accuracy, 0.9", "loss, 0.35", "auc, 0.95", "f1, 0.9", "logLoss, 0.35"})
  void theFirstEpochThatReachesTheTargetIsTheLast(String metric, double value) {
    TrainingResult result =
        trainer().stopAt(StopAt.metric(metric, value)).fit(blocks(600, 1), blocks(200, 2));
    int sign = metric.matches("loss|logLoss") ? -1 : 1;

    assertThat(result.status()).isEqualTo(Status.EARLY_STOPPED);
    assertThat(result.epochs()).isBetween(2, 59);
    for (EpochReport epoch : result.history()) {
      boolean reached = sign * epoch.validation().get(metric) >= sign * value;
      assertThat(reached).isEqualTo(epoch.epoch() == result.epochs() - 1);
    }
    assertThat(result.message())
        .startsWith("the validation " + metric + " of ")
        .endsWith(" reached train.stopAt.value = " + value);
    assertThat(result.best())
        .isEqualTo(
            new TrainingResult.Best(result.epochs() - 1, metric, result.validation().get(metric)));
    assertThat(List.copyOf(result.validation().keySet()).subList(0, 2))
        .as("what is shown")
        .contains("loss")
        .containsAnyOf(metric, "accuracy");
  }

  @Test
  void theWeightsThatReachedItAreKeptWhateverEarlyStoppingFoundBest() {
    TrainingResult result =
        trainer()
            .earlyStopping(new EarlyStopping("loss", 500, 1000, true)) // the first epoch for ever
            .stopAt(StopAt.metric("accuracy", 0.9))
            .fit(blocks(600, 1), blocks(200, 2));

    assertThat(result.validation().get("accuracy")).isGreaterThanOrEqualTo(0.9);
    TrainingResult again =
        trainer()
            .initialWeights(result.weights())
            .optimizer(new Sgd(Schedule.constant(0), 0))
            .epochs(1)
            .fit(blocks(600, 1), blocks(200, 2));
    assertThat(again.validation().get("accuracy")).isEqualTo(result.validation().get("accuracy"));
  }

  @Test
  void theTrainingLossMayBeTheTarget() {
    TrainingResult result =
        trainer().stopAt(new StopAt(null, null, 0.3, null)).fit(blocks(600, 1), null);

    assertThat(result.status()).isEqualTo(Status.EARLY_STOPPED);
    assertThat(result.train().get("loss")).isLessThanOrEqualTo(0.3);
    assertThat(result.history().get(result.epochs() - 2).trainLoss()).isGreaterThan(0.3);
    assertThat(result.message()).endsWith("reached train.stopAt.trainLoss = 0.3");
  }

  @Test
  void theGradientNormMayBeTheTarget() {
    double norm =
        Math.sqrt(
            trainer()
                .maxSteps(1)
                .fit(blocks(600, 1), null)
                .history()
                .get(0)
                .gradientNorms()
                .values()
                .stream()
                .mapToDouble(n -> n * n)
                .sum());
    TrainingResult above =
        trainer().stopAt(new StopAt(null, null, null, norm * 1.000001)).fit(blocks(600, 1), null);
    TrainingResult below =
        trainer().stopAt(new StopAt(null, null, null, norm / 100)).fit(blocks(600, 1), null);

    assertThat(above.status()).isEqualTo(Status.EARLY_STOPPED);
    assertThat(above.steps()).isEqualTo(1);
    assertThat(above.rows()).isEqualTo(60);
    assertThat(above.message()).contains("reached train.stopAt.gradientNorm = ");
    assertThat(below.steps()).isGreaterThan(1);
  }

  @Test
  void weightsThatAreFrozenHaveNoPartInTheNorm() {
    Group frozen = new Group("dense0.*", null, null, null, null, true);
    Updater updater =
        new Updater(Adam.DEFAULTS, NETWORK.layout(), List.of(frozen), NETWORK.initialWeights(1));
    assertThat(NETWORK.layout().segments().stream().filter(updater::trains).map(s -> s.name()))
        .containsExactly("output.weight", "output.bias");
  }

  @Test
  void aTargetThatIsNotReachedChangesNothing() {
    TrainingResult plain = trainer().epochs(3).fit(blocks(600, 1), blocks(200, 2));
    TrainingResult result =
        trainer()
            .epochs(3)
            .stopAt(new StopAt("accuracy", 2.0, -1.0, 0.0))
            .fit(blocks(600, 1), blocks(200, 2));

    assertThat(result.status()).isEqualTo(Status.COMPLETED);
    assertThat(result.message()).isNull();
    assertThat(result.weights()).isEqualTo(plain.weights());
  }

  @Test
  void theWatchedMetricIsShownBesideTheLoss() {
    TrainingResult result =
        trainer()
            .epochs(1)
            .earlyStopping(new EarlyStopping("auc", 3, 0, true))
            .fit(blocks(600, 1), blocks(200, 2));
    assertThat(List.copyOf(result.validation().keySet()).subList(0, 3))
        .containsExactly("loss", "auc", "accuracy");
    assertThat(result.best().metric()).isEqualTo("auc");
  }

  @Test
  void aMetricThatTheValidationRowsDoNotDefineIsToldBeforeTheFirstRound() {
    List<String> told = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void started(TrainingStart start) {
            told.add("started");
          }
        };
    List<Block> one =
        LocalBlocks.of(new float[] {1, 2, 3, 4}, 2, new float[] {1, 1}, 1, null, null, 1);
    Trainer[] watching = {
      trainer().earlyStopping(new EarlyStopping("auc", 3, 0, true)),
      trainer().stopAt(StopAt.metric("auc", 0.9)),
      trainer().optimizer(new Sgd(plateau("auc"), 0))
    };
    String[] settings = {"train.earlyStopping", "train.stopAt", "optimizer.schedule"};
    for (int i = 0; i < settings.length; i++) {
      Trainer trainer = watching[i].listener(listener);
      assertThatThrownBy(() -> trainer.fit(blocks(600, 1), one))
          .isInstanceOf(SettingsException.class)
          .hasMessage(
              settings[i]
                  + ".metric = auc: the validation rows do not define it (they are all of one class);"
                  + " watch another metric, such as loss, or validate on other rows");
    }
    assertThat(told).isEmpty();
    assertThat(trainer().epochs(1).fit(blocks(600, 1), one).validation())
        .containsKey("accuracy")
        .doesNotContainKey("auc");
  }

  @Test
  void targetsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> trainer().stopAt(StopAt.DEFAULTS).fit(blocks(600, 1), null))
        .hasMessage(
            "stopAt names no target: give it a metric and a value, a trainLoss or a gradientNorm");
    assertThatThrownBy(() -> new StopAt("loss", null, null, null))
        .hasMessage(
            "metric = loss and value = null belong together, such as { metric = accuracy, value = 0.98 }");
    assertThatThrownBy(() -> new StopAt(null, null, null, -1.0))
        .hasMessage("gradientNorm = -1.0: must be at least 0");
    assertThatThrownBy(() -> StopAt.metric("loss", Double.NaN))
        .hasMessage("a target that is NaN is never reached");
    assertThatThrownBy(() -> trainer().stopAt(StopAt.metric("loss", 1)).fit(blocks(600, 1), null))
        .hasMessage(
            "train.stopAt needs validation rows: set data.validation, such as { fraction = 0.1 }");
    assertThatThrownBy(
            () -> trainer().stopAt(StopAt.metric("rmse", 1)).fit(blocks(600, 1), blocks(200, 2)))
        .hasMessageStartingWith("train.stopAt.metric = rmse: must be one of loss, accuracy, auc");
  }

  private static Plateau plateau(String metric) {
    return new Plateau(0.1, metric, 0.1, 10, 1e-4, Plateau.ThresholdMode.REL, 0, 0, 1e-8);
  }

  private static Trainer trainer() {
    return Trainer.local()
        .network(NETWORK)
        .optimizer(new Adam(Schedule.constant(0.02), 0.9, 0.999, 1e-8, 0))
        .epochs(60)
        .batchSize(60);
  }

  /** Two classes that a curve separates: inside and outside of a circle. */
  private static List<Block> blocks(int rows, long seed) {
    Mix random = new Mix(seed);
    float[] features = new float[2 * rows];
    float[] targets = new float[rows];
    for (int i = 0; i < rows; i++) {
      float x = (float) (2 * random.nextDouble() - 1);
      float y = (float) (2 * random.nextDouble() - 1);
      features[2 * i] = x;
      features[2 * i + 1] = y;
      targets[i] = x * x + y * y < 0.6 ? 1 : 0;
    }
    return LocalBlocks.of(features, 2, targets, 1, null, null, 3);
  }
}
