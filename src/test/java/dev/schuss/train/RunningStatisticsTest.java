package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.nn.Activation;
import dev.schuss.nn.BatchNorm;
import dev.schuss.nn.Network;
import dev.schuss.objective.Layout;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Clip;
import dev.schuss.optim.Lbfgs;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Rprop;
import org.junit.jupiter.api.Test;

/** Which rules may move running statistics. */
class RunningStatisticsTest {
  private static final Layout NORMALISED =
      Network.input(2).dense(3, Activation.TANH).layer(BatchNorm.DEFAULTS).output(2).layout();
  private static final Layout PLAIN = Network.input(2).dense(3, Activation.TANH).output(2).layout();

  @Test
  void notOnesThatTryPoints() {
    for (Optimizer rule : new Optimizer[] {Lbfgs.DEFAULTS, Clip.globalNorm(Lbfgs.DEFAULTS, 1)}) {
      assertThatThrownBy(() -> RunningStatistics.check(NORMALISED, rule))
          .isInstanceOf(SettingsException.class)
          .hasMessage(
              "batch-norm1.running_mean would move at every point that the optimizer's line search tries, those that it rejects included: take a rule without a line search, such as adam, or layer-norm in place of batch-norm");
      assertThatCode(() -> RunningStatistics.check(PLAIN, rule)).doesNotThrowAnyException();
    }
    for (Optimizer rule : new Optimizer[] {Adam.DEFAULTS, Rprop.DEFAULTS}) {
      assertThatCode(() -> RunningStatistics.check(NORMALISED, rule)).doesNotThrowAnyException();
    }
  }
}
