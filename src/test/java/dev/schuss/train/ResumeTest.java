package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.data.Block;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Dense;
import dev.schuss.nn.Dropout;
import dev.schuss.nn.Network;
import dev.schuss.optim.Length;
import dev.schuss.optim.Optimizer;
import dev.schuss.spec.Overrides;
import dev.schuss.spec.Section;
import dev.schuss.spec.Vocabulary;
import dev.schuss.train.CheckpointSettings.Resume;
import dev.schuss.train.TrainingResult.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that was ended anywhere and goes on equals one that never stopped, bit for bit. */
class ResumeTest {
  private static final int ROUNDS = 6; // per epoch
  private static final int EPOCHS = 5;
  private static final List<Block> TRAIN = Circle.blocks(360, 1);
  private static final List<Block> HELD = Circle.blocks(90, 2);

  @TempDir Path temp;

  /** What a kill is to the loop: nothing gets a chance to save. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  private static Optimizer rule(String hocon) {
    Section section = Section.ofText("{ " + hocon + " }", "rule", Overrides.of(List.of()));
    return Vocabulary.binder().read(section.asValue(), Optimizer.class);
  }

  private static Network network() {
    return Circle.network();
  }

  private static Trainer trainer(Optimizer rule) {
    return Trainer.local()
        .network(network())
        .optimizer(rule)
        .batchSize(rule.fullBatch() ? 360 : 360 / ROUNDS)
        .epochs(EPOCHS)
        .earlyStopping(new EarlyStopping("loss", 4, 0, true));
  }

  private CheckpointSettings every(Length length) {
    return new CheckpointSettings(temp.resolve("checkpoints").toString(), length, 2, Resume.AUTO);
  }

  private static void assertSame(TrainingResult resumed, TrainingResult whole) {
    assertThat(resumed.weights()).isEqualTo(whole.weights());
    assertThat(resumed.status()).isEqualTo(whole.status());
    assertThat(resumed.steps()).isEqualTo(whole.steps());
    assertThat(resumed.rows()).isEqualTo(whole.rows());
    assertThat(resumed.best()).isEqualTo(whole.best());
    assertThat(resumed.validation()).isEqualTo(whole.validation());
    assertThat(resumed.message()).isEqualTo(whole.message());
    assertThat(told(resumed.history())).isEqualTo(told(whole.history()));
  }

  /** The epochs without their clocks; maps in their order. */
  private static List<String> told(List<EpochReport> history) {
    return history.stream()
        .map(
            r ->
                List.of(
                        r.step(),
                        r.epoch(),
                        r.learningRate(),
                        r.trainLoss(),
                        r.regularization(),
                        r.validation(),
                        r.gradientNorms(),
                        r.updateRatios(),
                        r.trustRatios(),
                        r.gradientLooks(),
                        r.best(),
                        r.searching())
                    .toString())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rule = adam",
        "rule = novograd, learningRate = 0.01",
        "rule = radam, lookahead { every = 4, alpha = 0.5 }",
        "rule = nesterov, learningRate = 0.05, schedule { kind = cosine, warmup = 1 epoch }",
        "rule = sgd, learningRate = 0.2, schedule { kind = plateau, patience = 0, factor = 0.5 }",
        "rule = rmsprop, average { kind = ema, decay = 0.9 }, clip { globalNorm = 0.1 }",
        "rule = lamb, learningRate = 0.01, groups = [ { match = \"*.bias\", weightDecay = 0 } ]",
        "rule = lbfgs",
        "rule = rprop",
      })
  void equalsTheUninterruptedRunWhereverItWasKilled(String hocon) throws IOException {
    Optimizer rule = rule(hocon);
    TrainingResult whole = trainer(rule).fit(TRAIN, HELD);
    int rounds = rule.fullBatch() ? EPOCHS : EPOCHS * ROUNDS;
    for (int kill = 1; kill <= rounds; kill += rule.fullBatch() ? 1 : 4) {
      clear();
      killAt(kill, trainer(rule).checkpoint(every(Length.steps(3))));
      TrainingResult resumed = trainer(rule).checkpoint(every(Length.steps(3))).fit(TRAIN, HELD);
      assertSame(resumed, whole);
    }
  }

  @Test
  void equalsItAfterManyKills() throws IOException {
    Optimizer rule = rule("rule = adam, lookahead { every = 5, alpha = 0.5 }");
    TrainingResult whole = trainer(rule).fit(TRAIN, HELD);
    for (int kill = 2; kill < 5; kill++) {
      killAt(kill, trainer(rule).checkpoint(every(Length.steps(1))));
    }
    TrainingResult resumed = trainer(rule).checkpoint(every(Length.steps(1))).fit(TRAIN, HELD);

    assertThat(resumed.checkpoints().resumedAt()).isBetween(3L, 9L);
    assertSame(resumed, whole);
  }

  private static void killAt(int round, Trainer trainer) {
    AtomicInteger made = new AtomicInteger();
    TrainingListener killer =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            if (made.incrementAndGet() == round) {
              throw new Killed();
            }
          }
        };
    assertThatThrownBy(() -> trainer.listener(killer).fit(TRAIN, HELD)).isInstanceOf(Killed.class);
  }

  private void clear() throws IOException {
    if (Files.exists(temp.resolve("checkpoints"))) {
      try (Stream<Path> all = Files.walk(temp.resolve("checkpoints"))) {
        for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  @Test
  void aCancelledTrainingKeepsItsLastStateInTheMiddleOfAnEpoch() {
    Optimizer rule = rule("rule = adam");
    TrainingResult whole = trainer(rule).fit(TRAIN, HELD);
    AtomicInteger asked = new AtomicInteger();
    TrainingResult cancelled =
        trainer(rule)
            .checkpoint(every(Length.epochs(1)))
            .cancelWhen(() -> asked.incrementAndGet() > 30)
            .fit(TRAIN, HELD);
    assertThat(cancelled.status()).isEqualTo(Status.CANCELLED);
    assertThat(cancelled.steps() % ROUNDS).isNotZero();

    TrainingResult resumed = trainer(rule).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);

    assertThat(resumed.checkpoints().resumedAt()).isEqualTo(cancelled.steps());
    assertSame(resumed, whole);
  }

  /** The figures of an epoch that is cut short are those of its first round. */
  @Test
  void anEpochThatIsCutShortIsToldAsIfItHadNeverStopped() {
    Optimizer rule = rule("rule = lamb, learningRate = 0.01");
    TrainingResult whole = trainer(rule).maxSteps(ROUNDS + 4).fit(TRAIN, HELD);
    assertThat(whole.history().get(1).updateRatios()).isNotEmpty();
    AtomicInteger asked = new AtomicInteger();
    trainer(rule)
        .checkpoint(every(Length.epochs(1)))
        .cancelWhen(() -> asked.incrementAndGet() > 2 * ROUNDS + 3)
        .fit(TRAIN, HELD);
    TrainingResult resumed =
        trainer(rule).maxSteps(ROUNDS + 4).checkpoint(every(Length.steps(1))).fit(TRAIN, HELD);
    assertThat(resumed.checkpoints().resumedAt()).isBetween(ROUNDS + 1L, ROUNDS + 3L);
    assertSame(resumed, whole);
  }

  @Test
  void aFailedTrainingKeepsItsLastState() {
    Optimizer rule = rule("rule = adam");
    TrainingResult whole = trainer(rule).fit(TRAIN, HELD);
    TrainingListener failing =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            if (report.step() == 8) {
              throw new IllegalStateException("the disk is full");
            }
          }
        };
    assertThatThrownBy(
            () ->
                trainer(rule)
                    .checkpoint(every(Length.epochs(2)))
                    .listener(failing)
                    .fit(TRAIN, HELD))
        .hasMessage("the disk is full");

    TrainingResult resumed = trainer(rule).checkpoint(every(Length.epochs(2))).fit(TRAIN, HELD);

    assertThat(resumed.checkpoints().resumedAt()).isEqualTo(8);
    assertSame(resumed, whole);
  }

  /** The last epoch's report reaches a listener that fails: the state before it was saved. */
  @Test
  void whatFailsWhileACutEpochIsClosedLosesNoRound() {
    Optimizer rule = rule("rule = adam");
    TrainingResult whole = trainer(rule).fit(TRAIN, HELD);
    TrainingListener failing =
        new TrainingListener() {
          @Override
          public void epoch(EpochReport report) {
            if (report.epoch() == 1) {
              throw new IllegalStateException("the disk is full");
            }
          }
        };
    assertThatThrownBy(
            () ->
                trainer(rule)
                    .maxSteps(9)
                    .checkpoint(every(Length.epochs(1)))
                    .listener(failing)
                    .fit(TRAIN, HELD))
        .hasMessage("the disk is full");

    TrainingResult resumed = trainer(rule).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);

    assertThat(resumed.checkpoints().resumedAt()).isEqualTo(9);
    assertSame(resumed, whole);
  }

  @Test
  void whatNothingWasTrainedOfIsNotSaved() {
    Optimizer rule = rule("rule = adam");
    TrainingResult none =
        trainer(rule).cancelWhen(() -> true).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);
    assertThat(none.checkpoints().saved()).isZero();
    // Other settings are welcome then.
    trainer(rule).batchSize(90).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);
  }

  @Test
  void aTrainerForgetsWhatItWouldHaveGoneOnFrom() {
    trainer(rule("rule = adam")).epochs(2).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);
    Trainer trainer = trainer(rule("rule = adam")).checkpoint(every(Length.epochs(1)));
    assertThat(trainer.plannedPartitions()).isEqualTo(TRAIN.size());
    CheckpointSettings elsewhere =
        new CheckpointSettings(
            temp.resolve("elsewhere").toString(), Length.epochs(1), 2, Resume.NEVER);

    assertThat(trainer.checkpoint(elsewhere).fit(TRAIN, HELD).checkpoints().resumedAt()).isNull();
  }

  @Test
  void aWarmStartIsPartOfTheTraining() {
    float[] start = network().initialWeights(7);
    trainer(rule("rule = adam"))
        .epochs(1)
        .initialWeights(start)
        .checkpoint(every(Length.epochs(1)))
        .fit(TRAIN, HELD);
    start[3] += 1;
    refused(
        trainer(rule("rule = adam")).initialWeights(start),
        TRAIN,
        "initial weights is those with the hash ");
  }

  @Test
  void moreEpochsAndMoreStepsMayBeAskedFor() {
    Optimizer rule = rule("rule = adam");
    TrainingResult whole = trainer(rule).fit(TRAIN, HELD);
    trainer(rule).maxSteps(9).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);
    trainer(rule).epochs(3).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);

    TrainingResult resumed = trainer(rule).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);

    assertThat(resumed.checkpoints().resumedAt()).isEqualTo(3 * ROUNDS);
    assertSame(resumed, whole);
  }

  @Test
  void whatHasEndedStaysSo() {
    Optimizer rule = rule("rule = adam");
    double loss = trainer(rule).fit(TRAIN, HELD).history().get(2).trainLoss();
    StopAt target = new StopAt(null, null, loss, null);
    TrainingResult first =
        trainer(rule).stopAt(target).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);
    assertThat(first.status()).isEqualTo(Status.EARLY_STOPPED);

    TrainingResult again =
        trainer(rule).stopAt(target).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);

    assertThat(again.checkpoints().saved()).isZero();
    assertSame(again, first);
  }

  @Test
  void aScheduleKeepsTheLengthThatItBeganWith() {
    Optimizer rule = rule("rule = sgd, learningRate = 0.1, schedule { kind = cosine }");
    trainer(rule).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);

    TrainingResult longer =
        trainer(rule).epochs(7).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);

    assertThat(longer.epochs()).isEqualTo(7);
    assertThat(longer.history().get(6).learningRate()).isZero();
  }

  @Test
  void theClockGoesOn() {
    Optimizer rule = rule("rule = adam");
    TrainingListener slow =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
          }
        };
    TrainingResult first =
        trainer(rule).epochs(2).listener(slow).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);
    TrainingResult second = trainer(rule).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);

    assertThat(second.time().compute()).isGreaterThan(first.time().compute());
    assertThat(second.seconds()).isGreaterThan(0.02 * first.steps());
  }

  @Test
  void listenersHearOfThePast() {
    Optimizer rule = rule("rule = adam");
    TrainingResult first =
        trainer(rule).epochs(2).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);
    List<TrainingStart> starts = new ArrayList<>();
    TrainingListener ear =
        new TrainingListener() {
          @Override
          public void started(TrainingStart start) {
            starts.add(start);
          }
        };
    trainer(rule).listener(ear).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);

    TrainingStart.Resumed resumed = starts.get(0).resumed();
    assertThat(resumed.step()).isEqualTo(2 * ROUNDS);
    assertThat(resumed.epoch()).isEqualTo(2);
    assertThat(resumed.round()).isZero();
    assertThat(resumed.checkpoint()).isEqualTo(first.checkpoints().newest());
    assertThat(resumed.history()).isEqualTo(first.history());
  }

  @Test
  void partitionsAreThoseOfTheCheckpointUnlessChosen() {
    trainer(rule("rule = adam")).epochs(1).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);

    Trainer next = trainer(rule("rule = adam")).checkpoint(every(Length.epochs(1)));
    assertThat(next.plannedPartitions()).isEqualTo(TRAIN.size());
    assertThat(next.partitions(7).plannedPartitions()).isEqualTo(7);
    assertThat(trainer(rule("rule = adam")).plannedPartitions()).isZero();
  }

  @Test
  void anotherTrainingIsRefusedByWhatDiffers() {
    Optimizer adam = rule("rule = adam");
    trainer(adam).epochs(1).checkpoint(every(Length.epochs(1))).fit(TRAIN, HELD);

    refused(
        trainer(rule("rule = adam, learningRate = 0.01")),
        TRAIN,
        "optimizer.learningRate is 0.001 there and 0.01 here");
    refused(trainer(adam).batchSize(90), TRAIN, "train.batchSize is 60 there and 90 here");
    refused(trainer(adam).seed(2), TRAIN, "train.seed is 1 there and 2 here");
    refused(trainer(adam), Circle.blocks(360, 3), "training rows is 360 rows with the hash ");
    refused(
        trainer(adam).network(Network.input(2).dense(5, Activation.RELU).output(2)),
        TRAIN,
        "network.layers[0].units is 6 there and 5 here");
  }

  private void refused(Trainer trainer, List<Block> rows, String why) {
    assertThatThrownBy(() -> trainer.checkpoint(every(Length.epochs(1))).fit(rows, HELD))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("checkpoints/000001-step-6-")
        .hasMessageContaining(" is of another training: " + why)
        .hasMessageEndingWith(
            "; set it back, name another checkpoint.dir, or start anew with --set checkpoint.resume=never");
  }

  @Test
  void resumeSaysWhetherToGoOn() {
    Optimizer adam = rule("rule = adam");
    String dir = temp.resolve("checkpoints").toString();
    CheckpointSettings require = new CheckpointSettings(dir, Length.epochs(1), 2, Resume.REQUIRE);
    assertThatThrownBy(() -> trainer(adam).checkpoint(require).fit(TRAIN, HELD))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "checkpoint.resume = require: there is no checkpoint in %s; start anew with --set checkpoint.resume=auto"
                .formatted(dir));
    trainer(adam).epochs(2).checkpoint(dir).fit(TRAIN, HELD);
    assertThat(trainer(adam).checkpoint(require).fit(TRAIN, HELD).checkpoints().resumedAt())
        .isEqualTo(2 * ROUNDS);

    CheckpointSettings never = new CheckpointSettings(dir, Length.epochs(1), 2, Resume.NEVER);
    TrainingResult anew = trainer(adam).epochs(1).checkpoint(never).fit(TRAIN, HELD);
    assertThat(anew.checkpoints().resumedAt()).isNull();
    assertThat(anew.steps()).isEqualTo(ROUNDS);
    // What was saved last is what the next one goes on from.
    assertThat(trainer(adam).checkpoint(dir).fit(TRAIN, HELD).checkpoints().resumedAt())
        .isEqualTo(ROUNDS);
  }

  @Test
  void trainingGoesOnWhereACheckpointCannotBeWritten() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "not a folder");
    TrainingResult result =
        trainer(rule("rule = adam"))
            .checkpoint(
                new CheckpointSettings(
                    file.resolve("checkpoints").toString(), Length.epochs(1), 2, Resume.NEVER))
            .fit(TRAIN, HELD);

    assertThat(result.status()).isEqualTo(Status.COMPLETED);
    assertThat(result.checkpoints().saved()).isZero();
    assertThat(result.checkpoints().failed()).isPositive();
    assertThat(result.checkpoints().newest()).isNull();
  }

  @Test
  void aDropoutNetworkGoesOnToo() throws IOException {
    Network network =
        Network.input(2).layer(new Dense(16, Activation.TANH)).layer(new Dropout(0.3)).output(2);
    Optimizer rule = rule("rule = adam, learningRate = 0.01");
    TrainingResult whole = trainer(rule).network(network).fit(TRAIN, HELD);
    killAt(14, trainer(rule).network(network).checkpoint(every(Length.steps(4))));

    assertSame(
        trainer(rule).network(network).checkpoint(every(Length.steps(4))).fit(TRAIN, HELD), whole);
  }
}
