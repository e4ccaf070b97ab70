package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.Digits;
import dev.schuss.Quadratic;
import dev.schuss.TestSpark;
import dev.schuss.data.Block;
import dev.schuss.data.Columns;
import dev.schuss.data.LocalBlocks;
import dev.schuss.model.Scaling;
import dev.schuss.nn.Activation;
import dev.schuss.nn.BatchNorm;
import dev.schuss.nn.Dropout;
import dev.schuss.nn.Network;
import dev.schuss.optim.Length;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Regularization;
import dev.schuss.spec.Overrides;
import dev.schuss.spec.Section;
import dev.schuss.spec.Vocabulary;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurvatureTest {
  private static final Offset<Double> ROUNDING = within(2e-5);
  private static final List<Block> TRAIN = Circle.blocks(360, 1);

  @TempDir Path temp;

  private static Optimizer rule(String hocon) {
    return Vocabulary.binder()
        .read(Section.ofText(hocon, "rule", Overrides.NONE).asValue(), Optimizer.class);
  }

  /** Two rows whose mean is (1, 2): F = (w_0 - 1)^2 + 5 (w_1 - 2)^2 and what the rows scatter. */
  private static TrainingResult quadratic(String rule, Regularization term, int epochs) {
    List<Block> rows =
        LocalBlocks.of(new float[] {0, 2, 2, 2}, 2, new float[] {0, 0}, 1, null, null, 1);
    return Trainer.local()
        .objective(new Quadratic(2, 10))
        .optimizer(rule(rule))
        .regularization(term)
        .initialWeights(new float[] {3, 1})
        .batchSize(2)
        .epochs(epochs)
        .curvature(Length.steps(1))
        .fit(rows, null);
  }

  /** Along the first update of gradient descent at this rate. */
  private static Curvature ofDescent(double rate) {
    String rule = "rule = sgd, learningRate = " + rate;
    EpochReport first = quadratic(rule, Regularization.DEFAULTS, 1).history().get(0);
    return first.curvature().get(0);
  }

  @Test
  void ofAQuadraticAllIsKnown() {
    Curvature look = ofDescent(0.05);
    // g = (2 (3 - 1), 10 (1 - 2)) = (4, -10), s = -0.05 g, g.Hg = 2 * 16 + 10 * 100
    assertThat(look.step()).isEqualTo(1);
    assertThat(look.learningRate()).isEqualTo(0.05);
    assertThat(look.gradientSquared()).isCloseTo(116, ROUNDING);
    assertThat(look.curvature()).isCloseTo(1032.0 / 116, ROUNDING);
    assertThat(look.alongGradient()).isCloseTo(1032, within(1e-3));
    assertThat(look.firstOrder()).isCloseTo(-5.8, ROUNDING);
    assertThat(look.secondOrder()).isCloseTo(-5.8 + 0.0025 * 1032 / 2, ROUNDING);
    assertThat(look.taken()).isCloseTo(look.secondOrder(), ROUNDING);
    assertThat(look.illConditioned()).isFalse();
  }

  @Test
  void aStepThatCurvatureUndoesIsIllConditioned() {
    Curvature look = ofDescent(0.25);
    assertThat(look.firstOrder()).isCloseTo(-29, ROUNDING);
    assertThat(look.secondOrder()).isCloseTo(-29 + 0.0625 * 1032 / 2, ROUNDING);
    assertThat(look.taken()).isCloseTo(3.25, ROUNDING);
    assertThat(look.illConditioned()).isTrue();
  }

  /** H is that of the loss with its terms, and the update need not follow the gradient. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rule = sgd, learningRate = 0.02",
        "rule = momentum, learningRate = 0.01, momentum = 0.9",
        "rule = nesterov, learningRate = 0.01, momentum = 0.9",
        "rule = adam, learningRate = 0.1",
        "rule = adam, learningRate = 0.1, lookahead { every = 2, alpha = 0.5 }",
      })
  void ofAQuadraticTheSecondOrderIsWhatIsTakenByAnyRule(String rule) {
    TrainingResult result = quadratic(rule, new Regularization(0.5), 8);
    assertThat(result.history()).hasSize(8);
    for (EpochReport epoch : result.history()) {
      Curvature look = epoch.curvature().get(0);
      assertThat(look.step()).isEqualTo(epoch.step());
      assertThat(look.secondOrder()).isCloseTo(look.taken(), ROUNDING);
      assertThat(look.curvature()).isBetween(2.5 - 1e-3, 10.5 + 1e-3);
    }
  }

  private static Trainer trainer(String rule) {
    Network network =
        Network.input(2)
            .dense(6, Activation.RELU)
            .layer(BatchNorm.DEFAULTS)
            .layer(new Dropout(0.2))
            .output(2);
    return Trainer.local().network(network).optimizer(rule(rule)).batchSize(60).epochs(3).seed(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rule = adam",
        "rule = nesterov, learningRate = 0.05, lookahead { every = 4, alpha = 0.5 }",
        "rule = lamb, learningRate = 0.01, clip { globalNorm = 0.5 }",
      })
  void theTrainingDoesNotHearOfIt(String rule) {
    TrainingResult without = trainer(rule).fit(TRAIN, null);
    TrainingResult with = trainer(rule).curvature(Length.steps(1)).fit(TRAIN, null);
    assertThat(with.weights()).isEqualTo(without.weights());
    assertThat(with.train()).isEqualTo(without.train());
    assertThat(with.history().get(2).gradientNorms())
        .isEqualTo(without.history().get(2).gradientNorms());
    assertThat(without.history().get(0).curvature()).isEmpty();
    assertThat(with.history().get(0).curvature()).hasSize(6);
  }

  /** There the next round's tasks are sent ahead, but for a round that is looked at. */
  @Test
  void neitherDoesItOnSpark() {
    TrainingResult without = onSpark().fit(Digits.frame(TestSpark.session(), Digits.TEST));
    TrainingResult with =
        onSpark().curvature(Length.steps(3)).fit(Digits.frame(TestSpark.session(), Digits.TEST));
    assertThat(with.weights()).isEqualTo(without.weights());
    assertThat(with.history().get(0).curvature()).hasSize(2);
    Curvature look = with.history().get(0).curvature().get(1);
    assertThat(look.step()).isEqualTo(4);
    assertThat(look.taken()).isNegative().isCloseTo(look.secondOrder(), within(0.2));
  }

  private static Trainer onSpark() {
    return Trainer.on(TestSpark.session())
        .network(Network.input(64).dense(8, Activation.TANH).output(10))
        .columns(new Columns(List.of("pixels"), List.of("label"), null, null))
        .scale(Scaling.divisor(16))
        .optimizer(rule("rule = sgd, learningRate = 0.1"))
        .reduction(Reduction.ORDERED)
        .batchSize(72)
        .epochs(1);
  }

  @Test
  void itIsMeasuredAtTheFirstUpdateAndThenOneInSoMany() {
    assertThat(steps(Length.steps(4))).containsExactly(1L, 5L, 9L, 13L, 17L);
    assertThat(steps(Length.epochs(1))).containsExactly(1L, 7L, 13L);
    assertThat(steps(Length.epochs(0.01))).hasSize(18);
  }

  private static List<Long> steps(Length every) {
    return trainer("rule = adam").curvature(every).fit(TRAIN, null).history().stream()
        .flatMap(epoch -> epoch.curvature().stream())
        .map(Curvature::step)
        .toList();
  }

  /** Cancelled in the middle of an epoch, after some looks; gone on with another one left out. */
  @Test
  void whoGoesOnLooksAtTheSameUpdates() {
    TrainingResult whole = trainer("rule = adam").curvature(Length.steps(2)).fit(TRAIN, null);
    AtomicInteger asked = new AtomicInteger();
    String dir = temp.resolve("checkpoints").toString();
    TrainingResult cut =
        trainer("rule = adam")
            .curvature(Length.steps(2))
            .checkpoint(dir)
            .cancelWhen(() -> asked.incrementAndGet() > 19)
            .fit(TRAIN, null);
    assertThat(cut.steps()).isBetween(7L, 11L);
    TrainingResult resumed =
        trainer("rule = adam").curvature(Length.steps(2)).checkpoint(dir).fit(TRAIN, null);
    assertThat(resumed.checkpoints().resumedAt()).isEqualTo(cut.steps());
    assertThat(resumed.weights()).isEqualTo(whole.weights());
    for (int e = 0; e < 3; e++) {
      assertThat(resumed.history().get(e).curvature())
          .isEqualTo(whole.history().get(e).curvature())
          .hasSize(3);
    }
  }

  @Test
  void aCheckpointMayGoOnWithout() {
    String dir = temp.resolve("checkpoints").toString();
    trainer("rule = adam").epochs(1).curvature(Length.steps(1)).checkpoint(dir).fit(TRAIN, null);
    TrainingResult resumed = trainer("rule = adam").checkpoint(dir).fit(TRAIN, null);
    assertThat(resumed.weights()).isEqualTo(trainer("rule = adam").fit(TRAIN, null).weights());
    assertThat(resumed.history().get(2).curvature()).isEmpty();
  }

  @Test
  void aLineSearchHasNone() {
    assertThatThrownBy(
            () ->
                Trainer.local()
                    .network(Circle.network())
                    .optimizer(rule("rule = lbfgs"))
                    .batchSize(360)
                    .curvature(Length.steps(1))
                    .fit(TRAIN, null))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("train.curvature = 1 steps")
        .hasMessageContaining("adam");
  }
}
