package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.TestSpark;
import dev.schuss.data.Block;
import dev.schuss.data.Columns;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.LocalBlocks;
import dev.schuss.data.Prepared;
import dev.schuss.math.Mix;
import dev.schuss.model.Scaling;
import dev.schuss.nn.Activation;
import dev.schuss.nn.BatchNorm;
import dev.schuss.nn.Network;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import dev.schuss.objective.Task;
import dev.schuss.optim.Lookahead;
import dev.schuss.optim.Nesterov;
import dev.schuss.optim.NonFiniteException;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import dev.schuss.optim.Updater;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Running statistics in a training: what moves them, and who sees them. */
class BuffersTest {
  private static final int ROWS = 200;
  private static final Network NETWORK =
      Network.input(3).dense(6, Activation.TANH).layer(new BatchNorm(1e-5, 0.1, 8)).output(2);

  private static float[] features() {
    Mix random = new Mix(3);
    float[] x = new float[ROWS * 3];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (1 + random.nextGaussian());
    }
    return x;
  }

  private static float[] targets() {
    float[] x = features();
    float[] y = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      y[i] = x[3 * i] > 1 ? 1 : 0;
    }
    return y;
  }

  private static List<Block> blocks(int partitions) {
    return LocalBlocks.of(features(), 3, targets(), 1, null, null, partitions);
  }

  private static Trainer trainer(Trainer trainer, Optimizer rule, int batchSize) {
    return trainer.network(NETWORK).optimizer(rule).batchSize(batchSize).epochs(4).seed(5);
  }

  private static TrainingResult fit(Optimizer rule, int batchSize, int partitions) {
    return trainer(Trainer.local(), rule, batchSize).fit(blocks(partitions), null);
  }

  private static Sgd sgd(double rate) {
    return new Sgd(Schedule.constant(rate), 0);
  }

  private static float[] part(float[] w, String name) {
    Segment s = NETWORK.layout().segment(name);
    return Arrays.copyOfRange(w, s.offset(), s.end());
  }

  /** The mean activation of the layer before, which the running mean tends to. */
  private static double meanActivation(float[] w, int unit) {
    float[] x = features();
    float[] weight = part(w, "dense0.weight");
    float[] bias = part(w, "dense0.bias");
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      double z = bias[unit];
      for (int j = 0; j < 3; j++) {
        z += weight[unit * 3 + j] * x[i * 3 + j];
      }
      sum += Math.tanh(z) / ROWS;
    }
    return sum;
  }

  @Test
  void theRunningMeanTendsToTheMeanUnderAnyRule() {
    Optimizer still = sgd(1e-12);
    for (Optimizer rule : List.of(still, Lookahead.of(still, 3, 0.5))) {
      TrainingResult result = trainer(Trainer.local(), rule, 50).epochs(30).fit(blocks(3), null);
      float[] mean = part(result.weights(), "batch-norm1.running_mean");
      for (int unit = 0; unit < 6; unit++) {
        assertThat((double) mean[unit])
            .isCloseTo(
                meanActivation(result.weights(), unit), org.assertj.core.data.Offset.offset(0.05));
      }
    }
  }

  @Test
  void theShiftedGradientOfNesterovKnowsThem() {
    TrainingResult result = fit(Nesterov.DEFAULTS, 1, 1);
    // Rows alone: never normalised by themselves, always by the buffers, which nothing moves.
    assertThat(part(result.weights(), "batch-norm1.running_mean")).containsOnly(0);
    assertThat(part(result.weights(), "batch-norm1.running_var")).containsOnly(1);
    assertThat(result.advice())
        .contains(
            "800 of 800 rows were alone in their partition's share of a round, and normalised by the running statistics: set a larger train.batchSize, or fewer train.partitions");
    assertThat(fit(sgd(0.1), 100, 2).advice()).isEmpty();
  }

  @Test
  void sparkAndThisProcessGiveTheSameBits() {
    List<Row> rows = new ArrayList<>();
    float[] x = features();
    float[] y = targets();
    for (int i = 0; i < ROWS; i++) {
      rows.add(RowFactory.create(x[3 * i], x[3 * i + 1], x[3 * i + 2], (double) y[i]));
    }
    StructType schema =
        new StructType()
            .add("a", DataTypes.FloatType)
            .add("b", DataTypes.FloatType)
            .add("c", DataTypes.FloatType)
            .add("label", DataTypes.DoubleType);
    for (int partitions : new int[] {1, 2, 7}) {
      try (Prepared prepared =
          DataPreparation.training(
              TestSpark.session().createDataFrame(rows, schema),
              new Columns(List.of("a", "b", "c"), List.of("label"), null, null),
              Task.CLASSIFICATION,
              Scaling.none(),
              0,
              1,
              partitions)) {
        TrainingResult onSpark =
            trainer(Trainer.on(TestSpark.session()), sgd(0.1), 40)
                .reduction(Reduction.ORDERED)
                .fit(prepared.train(), null, null);
        assertThat(onSpark.weights()).isEqualTo(fit(sgd(0.1), 40, partitions).weights());
      }
    }
  }

  @Test
  void movesAreTakenOutOfTheGradientAndMustBeFinite() {
    Layout layout = new Layout.Builder().add("a.weight", true, 2).add("a.mean", false, 2).build();
    Buffers buffers = new Buffers(layout);
    GradientSum sum = new GradientSum(4);
    System.arraycopy(new float[] {1, 2, 3, 5}, 0, sum.gradient(), 0, 4);
    sum.addRows(1, 6, 6);
    sum.addRows(0, 0, 3); // which count for nothing
    sum.addStatistics(4);
    assertThat(buffers.take(sum, 1)).as("rows that moved nothing").isEqualTo(2);
    assertThat(sum.gradient()).containsExactly(1, 2, 0, 0);
    Updater updater = new Updater(sgd(0.1), layout, List.of(), new float[] {0, 0, 1, 1});
    buffers.move(updater);
    assertThat(updater.weights()).containsExactly(0, 0, 1.75f, 2.25f);
    sum.gradient()[3] = Float.POSITIVE_INFINITY;
    assertThatThrownBy(() -> buffers.take(sum, 7))
        .isInstanceOf(NonFiniteException.class)
        .hasMessage("step 7: the move of a.mean is NaN or infinite");
  }
}
