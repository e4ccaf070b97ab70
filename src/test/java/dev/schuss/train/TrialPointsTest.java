package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.nn.Activation;
import dev.schuss.nn.BatchNorm;
import dev.schuss.nn.Dense;
import dev.schuss.nn.Dropout;
import dev.schuss.nn.Layer;
import dev.schuss.nn.Network;
import dev.schuss.nn.RandomFlip;
import dev.schuss.nn.Residual;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Clip;
import dev.schuss.optim.Lbfgs;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Rprop;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a rule that tries points cannot train. */
class TrialPointsTest {
  private static final Network NORMALISED =
      Network.input(2).dense(3, Activation.TANH).layer(BatchNorm.DEFAULTS).output(2);
  private static final Network PLAIN = Network.input(2).dense(3, Activation.TANH).output(2);

  @Test
  void runningStatistics() {
    for (Optimizer rule : new Optimizer[] {Lbfgs.DEFAULTS, Clip.globalNorm(Lbfgs.DEFAULTS, 1)}) {
      assertThatThrownBy(() -> TrialPoints.check(NORMALISED, rule))
          .isInstanceOf(SettingsException.class)
          .hasMessage(
              "batch-norm1.running_mean would move at every point that the optimizer's line search tries, those that it rejects included: take a rule without a line search, such as adam, or layer-norm in place of batch-norm");
      assertThatCode(() -> TrialPoints.check(PLAIN, rule)).doesNotThrowAnyException();
    }
    for (Optimizer rule : new Optimizer[] {Adam.DEFAULTS, Rprop.DEFAULTS}) {
      assertThatCode(() -> TrialPoints.check(NORMALISED, rule)).doesNotThrowAnyException();
    }
  }

  @Test
  void layersThatDrawAnew() {
    Layer dropout = new Dropout(0.5);
    Layer within = Residual.defaults(List.of(new Dense(3, Activation.TANH), dropout));
    for (Layer layer : List.of(dropout, within)) {
      Network random = Network.input(3).layer(layer).output(2);
      assertThatThrownBy(() -> TrialPoints.check(random, Lbfgs.DEFAULTS))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("dropout")
          .hasMessageContaining("line search");
      assertThatThrownBy(
              () -> Trainer.local().network(random).optimizer(Lbfgs.DEFAULTS).fit(List.of(), null))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("dropout");
      assertThatCode(() -> TrialPoints.check(random, Rprop.DEFAULTS)).doesNotThrowAnyException();
    }
    Network images = Network.input(1, 4, 4).layer(RandomFlip.DEFAULTS).output(2);
    assertThat(images.random()).isTrue();
    assertThat(Network.input(2).layer(new Dropout(0)).output(2).random()).isFalse();
  }
}
