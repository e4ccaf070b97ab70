package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.TestSpark;
import dev.schuss.data.Block;
import dev.schuss.data.LocalBlocks;
import dev.schuss.math.Mix;
import dev.schuss.nn.Network;
import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Objective;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Length;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import dev.schuss.train.CheckpointSettings.Resume;
import dev.schuss.train.TrainingResult.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a training whose numbers stop being finite. */
@Timeout(100)
class NonFiniteTest {
  private static final int ROWS = 120;

  @TempDir Path temp;

  private static final float BAD = 9;

  /** The partitions of Spark where bad rows were; the tasks of local[2] run in this process. */
  private static final Set<Integer> HELD = ConcurrentHashMap.newKeySet();

  /** A network that a row of this kind makes not finite. */
  private static final class Poisoned implements Objective {
    private static final long serialVersionUID = 1;
    private static final Network NETWORK = Circle.network();

    @Override
    public Layout layout() {
      return NETWORK.layout();
    }

    @Override
    public float[] initialWeights(long seed) {
      return NETWORK.initialWeights(seed);
    }

    @Override
    public void addGradient(float[] w, Batch rows, GradientSum sum) {
      NETWORK.addGradient(w, rows, sum);
      for (int i = 0; i < rows.rows(); i++) {
        if (rows.features()[2 * i] == BAD) {
          sum.gradient()[0] = Float.NaN;
          if (TaskContext.get() != null) {
            HELD.add(TaskContext.get().partitionId());
          }
        }
      }
    }
  }

  /** Points some of which are bad. */
  private record Points(float[] features, float[] targets) {
    static Points of(int bad) {
      Mix random = new Mix(5);
      float[] features = new float[2 * ROWS];
      float[] targets = new float[ROWS];
      for (int i = 0; i < ROWS; i++) {
        features[2 * i] = i < bad ? BAD : (float) random.nextGaussian();
        features[2 * i + 1] = (float) random.nextGaussian();
        targets[i] = features[2 * i] > 0 ? 1 : 0;
      }
      return new Points(features, targets);
    }
  }

  private static List<Block> rows(int bad) {
    Points points = Points.of(bad);
    return LocalBlocks.of(points.features, 2, points.targets, 1, null, null, 2);
  }

  private static Trainer trainer(int batch) {
    return configured(Trainer.local(), batch);
  }

  private static Trainer configured(Trainer trainer, int batch) {
    return trainer
        .objective(new Poisoned())
        .optimizer(new Adam(Schedule.constant(0.01), 0.9, 0.999, 1e-8, 0))
        .batchSize(batch)
        .epochs(4);
  }

  @Test
  void badMinibatchesAreLeftOutAndCounted() {
    TrainingResult result = trainer(10).nonFinite(NonFinite.Skip.DEFAULTS).fit(rows(1), rows(0));

    assertThat(result.status()).isEqualTo(Status.COMPLETED);
    assertThat(result.leftOut()).isEqualTo(4); // one of twelve in each epoch
    assertThat(result.steps()).isEqualTo(4 * 11);
    assertThat(result.rows()).isEqualTo(4 * ROWS);
    assertThat(result.train().get("loss")).isFinite();
    assertThat(result.weights()).doesNotContain(Float.NaN);
    assertThat(result.weights()).isNotEqualTo(Circle.network().initialWeights(1));
    assertThat(result.validation().get("loss")).isLessThan(0.7);
  }

  @Test
  void tooManyInARowEndIt() {
    TrainingResult result = trainer(ROWS).nonFinite(new NonFinite.Skip(2)).fit(rows(3), null);

    assertThat(result.status()).isEqualTo(Status.DIVERGED);
    assertThat(result.leftOut()).isEqualTo(2);
    assertThat(result.message())
        .startsWith("step 1: ")
        .contains(
            ", at learning rate 0.01, as were the 2 minibatches before it, and train.nonFinite.limit = 2 of them in a row may be left out; ");
    assertThat(result.weights()).isEqualTo(Circle.network().initialWeights(1));
  }

  /** Overflows within the first epochs; at a lower rate it does not. */
  private static Trainer wild() {
    return Trainer.local()
        .network(Circle.network())
        .optimizer(new Sgd(Schedule.constant(1e20), 0))
        .batchSize(10)
        .epochs(3);
  }

  @Test
  void aRollbackGoesOnAtALowerRate() {
    assertThat(wild().fit(rows(0), null).status()).isEqualTo(Status.DIVERGED);

    TrainingResult result = wild().nonFinite(new NonFinite.Rollback(1e-10, 3)).fit(rows(0), null);

    assertThat(result.status()).isEqualTo(Status.COMPLETED);
    assertThat(result.rollbacks()).isBetween(1, 3);
    assertThat(result.epochs()).isEqualTo(3);
    assertThat(result.steps()).isEqualTo(3 * 12);
    double rate = 1e20 * Math.pow(1e-10, result.rollbacks());
    assertThat(result.history().get(2).learningRate()).isEqualTo(rate);
    assertThat(result.history().get(2).trainLoss()).isFinite();
  }

  @Test
  void tooManyRollbacksEndIt() {
    TrainingResult result =
        trainer(ROWS).nonFinite(new NonFinite.Rollback(0.5, 2)).fit(rows(3), null);

    assertThat(result.status()).isEqualTo(Status.DIVERGED);
    assertThat(result.rollbacks()).isEqualTo(2);
    assertThat(result.message())
        .contains("at learning rate 0.0025, after the training went back 2 times, which is");
  }

  @Test
  void aTrainingThatGoesOnFromTheMiddleOfAnEpochGoesBackToTheSameState() {
    NonFinite back = new NonFinite.Rollback(1e-10, 3);
    TrainingResult whole = wild().nonFinite(back).fit(rows(0), null);
    CheckpointSettings every =
        new CheckpointSettings(temp.toString(), Length.steps(1), 2, Resume.AUTO);
    wild().nonFinite(back).checkpoint(every).maxSteps(1).fit(rows(0), null);
    TrainingResult resumed = wild().nonFinite(back).checkpoint(every).fit(rows(0), null);

    assertThat(resumed.checkpoints().resumedAt()).isEqualTo(1);
    assertThat(resumed.rollbacks()).isEqualTo(whole.rollbacks());
    assertThat(resumed.weights()).isEqualTo(whole.weights());
  }

  /** The rows of {@link #rows} on Spark, in two partitions. */
  private static TrainingResult onSpark(int bad, NonFinite policy) {
    HELD.clear();
    Points points = Points.of(bad);
    List<Row> frame = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double[] features = {points.features[2 * i], points.features[2 * i + 1]};
      frame.add(RowFactory.create(features, (double) points.targets[i]));
    }
    StructType columns =
        new StructType()
            .add("features", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("label", DataTypes.DoubleType);
    return configured(Trainer.on(TestSpark.session()), 10)
        .partitions(2)
        .reduction(Reduction.ORDERED)
        .nonFinite(policy)
        .fit(TestSpark.session().createDataFrame(frame, columns));
  }

  @Test
  void aBadRowOnSparkIsNamedByStepLayerAndPartition() {
    TrainingResult result = onSpark(1, NonFinite.Fail.DEFAULTS);

    assertThat(HELD).hasSize(1);
    assertThat(result.status()).isEqualTo(Status.DIVERGED);
    assertThat(result.message())
        .startsWith(
            "step %d: the gradient of dense0.weight is NaN or infinite in partition %d, at learning rate 0.01; the last good weights are kept: "
                .formatted(result.steps() + 1, HELD.iterator().next()));
    TrainingResult here = trainer(10).fit(rows(1), null);
    assertThat(result.message()).isEqualTo(here.message());
    assertThat(result.weights()).isEqualTo(here.weights()).doesNotContain(Float.NaN);
  }

  @Test
  void aBadRowOnSparkIsSkippedOrRolledBackAsHere() {
    for (NonFinite policy : List.of(NonFinite.Skip.DEFAULTS, new NonFinite.Rollback(0.5, 2))) {
      TrainingResult there = onSpark(1, policy);
      TrainingResult here = trainer(10).nonFinite(policy).fit(rows(1), null);

      assertThat(there.status()).isEqualTo(here.status());
      assertThat(there.message()).isEqualTo(here.message());
      assertThat(there.leftOut()).isEqualTo(here.leftOut());
      assertThat(there.rollbacks()).isEqualTo(here.rollbacks());
      assertThat(there.leftOut() + there.rollbacks()).isPositive();
      assertThat(there.weights()).isEqualTo(here.weights()).doesNotContain(Float.NaN);
    }
  }

  @Test
  void policiesAreChecked() {
    assertThatThrownBy(() -> new NonFinite.Skip(0)).hasMessage("limit = 0: must be at least 1");
    assertThatThrownBy(() -> new NonFinite.Rollback(1, 1))
        .hasMessage("factor = 1.0: must be in (0, 1)");
  }
}
