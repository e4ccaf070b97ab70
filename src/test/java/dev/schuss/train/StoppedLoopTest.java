package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.data.Block;
import dev.schuss.data.RoundRows;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Length;
import dev.schuss.train.CheckpointSettings.Resume;
import dev.schuss.train.TrainingResult.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop from outside in places of the loop that are hard to hit with a real one. */
class StoppedLoopTest {
  private static final int ROUNDS = 6; // per epoch
  private static final List<Block> TRAIN = Circle.blocks(360, 1);
  private static final List<Block> HELD = Circle.blocks(90, 2);

  private static RuntimeException cancelled() {
    return new CompletionException(new Exception("Job 7 cancelled part of cancelled job group g"));
  }

  @TempDir Path temp;

  /**
   * Rounds of this process that are stopped.
   *
   * @param gradient the number of the one that never comes, from 1 on; 0 for none
   * @param test what the evaluation of the test rows throws; null to evaluate
   */
  private record StoppedRounds(
      Rounds rounds, int gradient, RuntimeException test, AtomicInteger made) implements Rounds {

    static StoppedRounds at(int gradient, RuntimeException test) {
      Rounds rounds = new LocalRounds(Circle.network(), TRAIN, HELD, HELD);
      return new StoppedRounds(rounds, gradient, test, new AtomicInteger());
    }

    @Override
    public GradientSum finish(String next) {
      if (made.incrementAndGet() == gradient) {
        throw cancelled();
      }
      return rounds.finish(next);
    }

    @Override
    public Evaluation test(float[] w) {
      if (test != null) {
        if (test.getCause() instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        throw test;
      }
      return rounds.test(w);
    }

    @Override
    public int[] rowsPerPartition() {
      return rounds.rowsPerPartition();
    }

    @Override
    public void start(float[] w, RoundRows rows, String description) {
      rounds.start(w, rows, description);
    }

    @Override
    public void withdraw() {
      rounds.withdraw();
    }

    @Override
    public RoundTime time() {
      return rounds.time();
    }

    @Override
    public int idleCores() {
      return rounds.idleCores();
    }

    @Override
    public ReductionPlan reduction() {
      return rounds.reduction();
    }

    @Override
    public Evaluation validate(float[] w) {
      return rounds.validate(w);
    }

    @Override
    public void close() {
      rounds.close();
    }
  }

  private static Trainer trainer() {
    return Trainer.local()
        .network(Circle.network())
        .optimizer(new Adam(0.01))
        .batchSize(TRAIN.stream().mapToInt(Block::rows).sum() / ROUNDS)
        .epochs(3);
  }

  private static TrainingResult run(Trainer trainer, StoppedRounds rounds) {
    return trainer.run(rounds, trainer.checked(true), Identity.rows(TRAIN, HELD));
  }

  private CheckpointSettings saved() {
    return new CheckpointSettings(temp.toString(), Length.epochs(100), 2, Resume.AUTO);
  }

  @Test
  void afterTheLastUpdateOfAnEpochItIsLeftToWhoeverGoesOn() {
    int looks = 2; // gradients of a round: its own, and one for the curvature
    Trainer looking = trainer().curvature(Length.steps(1));
    TrainingResult stopped =
        run(looking.checkpoint(saved()), StoppedRounds.at(2 * ROUNDS * looks, null));
    assertThat(stopped.status()).isEqualTo(Status.CANCELLED);
    assertThat(stopped.steps()).isEqualTo(2 * ROUNDS);
    assertThat(stopped.history()).hasSize(2);
    assertThat(stopped.history().get(1).validation()).isEmpty();

    TrainingResult resumed = run(looking, StoppedRounds.at(0, null));
    TrainingResult whole = run(trainer().curvature(Length.steps(1)), StoppedRounds.at(0, null));
    assertThat(resumed.checkpoints().resumedAt()).isEqualTo(2 * ROUNDS);
    assertThat(resumed.weights()).isEqualTo(whole.weights());
    assertThat(resumed.history().stream().map(EpochReport::validation).toList())
        .isEqualTo(whole.history().stream().map(EpochReport::validation).toList());
  }

  @Test
  void inTheMiddleOfAnEpochItsFiguresAreThoseOfOneThatIsCutShort() {
    int made = ROUNDS + 3;
    EpochReport stopped = run(trainer(), StoppedRounds.at(made + 1, null)).history().get(1);
    EpochReport limited =
        run(trainer().maxSteps((long) made), StoppedRounds.at(0, null)).history().get(1);
    assertThat(stopped.step()).isEqualTo(limited.step());
    assertThat(stopped.trainLoss()).isEqualTo(limited.trainLoss());
    assertThat(stopped.gradientNorms()).isNotEmpty().isEqualTo(limited.gradientNorms());
    assertThat(stopped.gradientSizes()).isNotEmpty().isEqualTo(limited.gradientSizes());
    assertThat(stopped.updateRatios()).isNotEmpty().isEqualTo(limited.updateRatios());
  }

  @Test
  void whileTestRowsAreEvaluatedTheTrainingHasEnded() {
    TrainingResult completed = run(trainer(), StoppedRounds.at(0, cancelled()));
    assertThat(completed.status()).isEqualTo(Status.COMPLETED);
    assertThat(completed.message()).isNull();
    assertThat(completed.steps()).isEqualTo(3 * ROUNDS);
    assertThat(completed.tested()).isNull();
    assertThat(completed.test()).isEmpty();
    assertThat(completed.validation()).containsKey("loss");
    assertThat(completed.advice())
        .first()
        .asString()
        .startsWith("the test rows were not evaluated, since its Spark jobs were cancelled (Job 7")
        .contains("schuss evaluate");
    assertThat(run(trainer(), StoppedRounds.at(0, null)).advice()).isEmpty();

    RuntimeException interrupted = new IllegalStateException(new InterruptedException());
    TrainingResult early =
        run(
            trainer().stopAt(new StopAt(null, null, 100.0, null)),
            StoppedRounds.at(0, interrupted));
    assertThat(Thread.interrupted()).as("told to the caller").isTrue();
    assertThat(early.status()).isEqualTo(Status.EARLY_STOPPED);
    assertThat(early.message()).contains("train.stopAt.trainLoss");
    assertThat(early.advice()).first().asString().contains("since its thread was interrupted");
  }
}
