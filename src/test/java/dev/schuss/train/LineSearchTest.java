package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.data.Block;
import dev.schuss.optim.Lbfgs;
import dev.schuss.optim.Schedule;
import dev.schuss.train.TrainingResult.Status;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Epochs that a line search spends on points which it rejects: nothing moves in them. */
class LineSearchTest {
  private static final int ROWS = 360;
  private static final List<Block> TRAIN = Circle.blocks(ROWS, 1);
  private static final List<Block> HELD = Circle.blocks(90, 2);

  /** Its first steps are so short that every search doubles them many times. */
  private static final Lbfgs SHORT = new Lbfgs(Schedule.constant(1e-4), 10, 1e-4, 0.9, 20);

  private static Trainer trainer() {
    return Trainer.local().network(Circle.network()).optimizer(SHORT).batchSize(ROWS).epochs(80);
  }

  @Test
  void earlyStoppingDoesNotCountThem() {
    TrainingResult result =
        trainer().earlyStopping(new EarlyStopping("loss", 3, 0, true)).fit(TRAIN, HELD);
    List<EpochReport> history = result.history();
    assertThat(history.subList(1, 5)).allMatch(EpochReport::searching);
    assertThat(history.get(0).searching()).as("the start").isFalse();
    for (int i = 1; i < history.size(); i++) {
      if (history.get(i).searching()) {
        assertThat(history.get(i).validation()).isEqualTo(history.get(i - 1).validation());
        assertThat(history.get(i).best()).isFalse();
      }
    }
    assertThat(history.size()).isGreaterThan(20);
    assertThat(result.best().value()).isLessThan(history.get(0).validation().get("loss"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTargetIsNotReachedWhereTheWeightsNeverWere(boolean loss) {
    EpochReport trial = trainer().fit(TRAIN, HELD).history().get(2);
    double norm = Math.sqrt(trial.gradientNorms().values().stream().mapToDouble(n -> n * n).sum());
    StopAt target =
        new StopAt(null, null, loss ? trial.trainLoss() : null, loss ? null : norm * 1.0001);
    TrainingResult result = trainer().stopAt(target).fit(TRAIN, HELD);
    EpochReport last = result.history().get(result.epochs() - 1);
    assertThat(result.status()).isEqualTo(Status.EARLY_STOPPED);
    assertThat(result.epochs()).isGreaterThan(3);
    assertThat(last.searching()).isFalse();
    assertThat(result.weights()).isNotEqualTo(Circle.network().initialWeights(1));
  }
}
