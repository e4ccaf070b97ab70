package dev.schuss.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.data.MinibatchPlan;
import dev.schuss.nn.Layer;
import dev.schuss.optim.Lbfgs;
import dev.schuss.optim.Length;
import dev.schuss.train.CheckpointSettings;
import dev.schuss.train.CheckpointSettings.Resume;
import dev.schuss.train.EarlyStopping;
import dev.schuss.train.EpochReport;
import dev.schuss.train.RoundSpread;
import dev.schuss.train.Settings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an iteration is, and which method the params come to. */
class SolverTest {

  /** Features so small that the first step of a line search is doubled many times. */
  private static Dataset<Row> small() {
    return Rows.table(
        Rows.row(0.0, -0.01), Rows.row(1.0, 0.01), Rows.row(0.0, -0.012), Rows.row(1.0, 0.012));
  }

  private static NeuralNetworkClassifier classifier(int... layers) {
    return new NeuralNetworkClassifier().setLayers(layers).setReduction("ordered");
  }

  private static Method method(NeuralNetworkClassifier estimator, long rows) {
    Fragments.Job job = Fragments.job(estimator);
    boolean random = Fragments.model(estimator, job).layers().stream().anyMatch(Layer::random);
    return Method.of(estimator, job, random, rows);
  }

  private static double last(double[] values) {
    return values[values.length - 1];
  }

  @Test
  void anIterationOfLbfgsMovesTheWeights() {
    Dataset<Row> rows = small();
    NeuralNetworkClassificationModel model = classifier(1, 2).setMaxIter(3).setTol(0).fit(rows);
    double[] objective = model.summary().objectiveHistory();
    assertThat(model.summary().totalIterations()).isEqualTo(3);
    assertThat(objective).hasSize(4);
    assertThat(last(objective)).isLessThan(0.95 * objective[0]);
    assertThat(model.evaluate(rows).get("loss")).isCloseTo(last(objective), within(1e-6));
    assertThat(model.summary().result().history())
        .as("trials beside them")
        .hasSizeGreaterThan(4)
        .anyMatch(EpochReport::searching);
    assertThat(model.summary().learningRates()).hasSize(4);
  }

  @Test
  void lbfgsGoesOnFromACheckpointToTheSameIterations(@TempDir Path temp) {
    Dataset<Row> rows = Rows.multinomial(60, 4);
    NeuralNetworkClassifier estimator = classifier(4, 5, 3).setTol(0);
    NeuralNetworkClassificationModel straight = estimator.setMaxIter(12).fit(rows);
    estimator.setCheckpointDir(temp.toString()).setMaxIter(5).fit(rows);
    NeuralNetworkClassificationModel resumed = estimator.setMaxIter(12).fit(rows);
    assertThat(resumed.summary().result().checkpoints().resumedAt()).isGreaterThan(5L);
    assertThat(resumed.summary().objectiveHistory())
        .isEqualTo(straight.summary().objectiveHistory());
    assertThat(resumed.weights()).isEqualTo(straight.weights());
  }

  @Test
  void earlyStoppingCountsNoTrials() {
    Dataset<Row> rows =
        small()
            .withColumn("held", functions.lit(false))
            .union(small().withColumn("held", functions.lit(true)));
    NeuralNetworkTrainingSummary summary =
        classifier(1, 2)
            .setMaxIter(3)
            .setTol(0)
            .setValidationIndicatorCol("held")
            .setEarlyStoppingPatience(1)
            .fit(rows)
            .summary();
    assertThat(summary.totalIterations()).isEqualTo(3);
    double[] losses = summary.validationHistory().get("loss");
    assertThat(losses).hasSize(4);
    assertThat(losses[summary.bestIteration()])
        .isEqualTo(Arrays.stream(losses).min().orElseThrow())
        .isLessThan(losses[0]);
  }

  @Test
  void saysByWhichParamItEnded() {
    Dataset<Row> turned =
        small().withColumn("label", functions.lit(1.0).minus(functions.col("label")));
    Dataset<Row> rows =
        small()
            .withColumn("held", functions.lit(false))
            .union(turned.withColumn("held", functions.lit(true)));
    NeuralNetworkTrainingSummary summary =
        classifier(1, 2)
            .setOptimizer("sgd")
            .setStepSize(10)
            .setTol(0)
            .setValidationIndicatorCol("held")
            .setEarlyStoppingPatience(2)
            .fit(rows)
            .summary();
    assertThat(summary.reason())
        .isEqualTo("the validation loss did not get better for 2 epochs (earlyStoppingPatience)");
    assertThat(summary.bestIteration()).isZero();
    assertThat(summary.totalIterations()).isEqualTo(3);
  }

  @Test
  void gdMakesAsManyUpdatesAsIterations() {
    NeuralNetworkTrainingSummary summary =
        classifier(2, 2).setSolver("gd").setMaxIter(4).setTol(0).fit(Rows.xor()).summary();
    assertThat(summary.result().steps()).isEqualTo(4);
    assertThat(summary.totalIterations()).isEqualTo(4);
    assertThat(summary.objectiveHistory()).hasSize(4);
    assertThat(summary.reason()).isEqualTo("maxIter = 4 iterations are made");
  }

  @Test
  void theObjectiveHasItsRegularization() {
    NeuralNetworkClassificationModel model =
        classifier(4, 3)
            .setJob("regularization { l2 = 0.5 }")
            .setMaxIter(30)
            .fit(Rows.multinomial(80, 2));
    EpochReport start = model.summary().result().history().get(0);
    double[] objective = model.summary().objectiveHistory();
    assertThat(start.regularization()).isPositive();
    assertThat(objective[0]).isEqualTo(start.trainLoss() + start.regularization());
    assertThat(objective).isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @Test
  void networksThatDrawAnewTakeMinibatches() {
    Method method = method(classifier(2, 5, 2).setDropout(0.3), 100);
    assertThat(method.fullBatch()).isFalse();
    assertThat(method.settings().epochs()).isEqualTo(Method.AUTO_EPOCHS);
    assertThat(method(classifier(2, 5, 2).setDropout(0), 100).fullBatch()).isTrue();
    assertThat(method(classifier(2, 5, 2).setDropout(0.3).setSolver("gd"), 100).fullBatch())
        .isTrue();
    assertThatThrownBy(
            () -> classifier(2, 5, 2).setDropout(0.3).setSolver("l-bfgs").fit(Rows.xor()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dropout")
        .hasMessageContaining("solver = l-bfgs");
    assertThatThrownBy(
            () ->
                new NeuralNetworkClassifier()
                    .setNetwork("layers = [ { type = dropout, rate = 0.1 } ]")
                    .setOptimizer("lbfgs")
                    .fit(Rows.xor()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line search of the optimizer");
  }

  @Test
  void aBlockOfAJobChangesTheSolverOnlyByWhatMinibatchesAloneHave() {
    NeuralNetworkClassifier estimator = classifier(2, 2);
    Method time = method(estimator.setJob("train { maxTime = 1 h, seed = 5 }"), 100);
    assertThat(time.optimizer()).isInstanceOf(Lbfgs.class);
    assertThat(time.settings().maxTime()).hasHours(1);
    assertThat(time.settings().seed()).isEqualTo(5);
    Settings batches = method(estimator.setJob("train { batchSize = 16 }"), 100).settings();
    assertThat(batches.batchSize()).isEqualTo(16);
    assertThat(batches.epochs()).isEqualTo(Method.AUTO_EPOCHS);
    Settings epochs = method(estimator.setJob("train.epochs = 7"), 100).settings();
    assertThat(epochs.batchSize()).isEqualTo(100);
    assertThat(epochs.epochs()).isEqualTo(7);
    assertThat(method(estimator.setBatchSize(9).setEpochs(2), 100).settings())
        .satisfies(s -> assertThat(s.batchSize()).isEqualTo(9))
        .satisfies(s -> assertThat(s.epochs()).isEqualTo(2));
    Settings named =
        method(classifier(2, 2).setOptimizer("adam").setJob("train { seed = 5 }"), 500).settings();
    assertThat(named.epochs()).isEqualTo(Settings.DEFAULTS.epochs());
    assertThat(named.batchSize()).isEqualTo(Settings.DEFAULTS.batchSize());
  }

  @ParameterizedTest
  @CsvSource({
    "'', 100",
    "train.epochs = 5, 5",
    "'train { epochs = 5, maxTime = 1 h }', 5",
    "train.epochs = 500, 500"
  })
  void aFullBatchRuleMakesSoManyUpdates(String job, int updates) {
    NeuralNetworkClassifier estimator = classifier(2, 2).setOptimizer("rprop").setJob(job);
    assertThat(method(estimator, 60).settings().epochs()).isEqualTo(updates);
    assertThat(method(estimator, 60).settings().batchSize()).isEqualTo(60);
    assertThat(method(estimator.setEpochs(3), 60).settings().epochs()).isEqualTo(3);
  }

  @Test
  void epochsAreNotCutByWhatMaxIterIsByDefault() {
    NeuralNetworkClassifier estimator = classifier(2, 2).setOptimizer("lbfgs").setTol(0);
    Fragments.Job job = Fragments.job(estimator.setEpochs(500));
    assertThat(Method.iterations(estimator, job)).isEqualTo(500);
    assertThat(Method.iterations(estimator.setMaxIter(100), job)).isEqualTo(100);
    assertThat(Method.limit(estimator, job)).isEqualTo("maxIter = 100");
    assertThat(
            classifier(4, 3)
                .setOptimizer("lbfgs")
                .setTol(0)
                .setEpochs(2)
                .fit(Rows.multinomial(60, 4))
                .summary()
                .reason())
        .isEqualTo("epochs = 2 iterations are made");
  }

  @Test
  void patienceLeavesTheRestOfEarlyStoppingToTheJob() {
    NeuralNetworkClassifier estimator = classifier(2, 2).setEarlyStoppingPatience(5);
    assertThat(method(estimator, 60).settings().earlyStopping())
        .isEqualTo(new EarlyStopping("loss", 5, 0, true));
    estimator.setJob(
        "train { earlyStopping { metric = accuracy, patience = 9, minDelta = 0.001, restoreBest = false } }");
    assertThat(method(estimator, 60).settings().earlyStopping())
        .isEqualTo(new EarlyStopping("accuracy", 5, 0.001, false));
  }

  /** As MLlib's l-bfgs does: more than an int can say. */
  @Test
  void fullBatchMethodsTakeAllRows() {
    int most = Integer.MAX_VALUE;
    Method method = method(classifier(2, 2).setSolver("l-bfgs"), 3L * most);
    MinibatchPlan plan = method.allRows(new int[] {most, most, most});
    assertThat(plan.rounds(0)).isEqualTo(1);
    assertThat(plan.batchSize()).isEqualTo(3L * most);
    assertThat(plan.rows(0, 0).total()).isEqualTo(3L * most);
  }

  private static EpochReport pass(int epoch, double loss) {
    return new EpochReport(
        epoch,
        epoch,
        0.1,
        loss,
        0,
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        false,
        1,
        1,
        null,
        RoundSpread.NONE,
        false,
        List.of());
  }

  /** All rounds of a pass may be left out: nonFinite = skip. */
  @Test
  void aPassWithoutALossIsNoIteration() {
    Convergence convergence = new Convergence(100, "maxIter = 100", 0.1, false, 0);
    double[] losses = {Double.NaN, 1, 0.5, Double.NaN, 0.45};
    for (int i = 0; i < losses.length; i++) {
      assertThat(convergence.getAsBoolean()).isFalse();
      convergence.epoch(pass(i, losses[i]));
    }
    assertThat(convergence.objective()).containsExactly(1, 0.5, 0.45);
    assertThat(convergence.epochs()).containsExactly(1, 2, 4);
    convergence.epoch(pass(5, 0.95));
    assertThat(convergence.reason()).isEqualTo("the objective has converged to within tol = 0.1");
  }

  @Test
  void fullBatchMethodsTakeNoBatchSize() {
    assertRefused(classifier(2, 2).setOptimizer("rprop").setBatchSize(7), "batchSize = 7");
    assertRefused(
        classifier(2, 2).setOptimizer("lbfgs").setJob("train { batchSize = 7 }"),
        "train.batchSize of the param job");
    assertRefused(
        classifier(2, 2).setSolver("gd").setJob("train { epochs = 7 }"),
        "train.epochs of the param job");
    assertRefused(classifier(2, 2).setSolver("l-bfgs").setSchedule("cosine"), "schedule = cosine");
  }

  private static void assertRefused(NeuralNetworkClassifier estimator, String said) {
    assertThatThrownBy(() -> estimator.fit(Rows.xor()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said)
        .hasMessageContaining("takes all rows at once");
  }

  private static CheckpointSettings checkpoints(NeuralNetworkClassifier estimator) {
    return Method.checkpoints(estimator, Fragments.job(estimator));
  }

  @Test
  void checkpointsOfTheParamsAndOfTheJobGoTogether() {
    assertThat(checkpoints(classifier(2, 2))).isEqualTo(CheckpointSettings.DEFAULTS);
    String job = "checkpoint { every = 3 steps, keep = 7, resume = never";
    assertThat(checkpoints(classifier(2, 2).setJob(job + " }").setCheckpointDir("a")))
        .isEqualTo(new CheckpointSettings("a", Length.steps(3), 7, Resume.NEVER));
    assertThat(
            checkpoints(
                classifier(2, 2)
                    .setJob(job + ", dir = b }")
                    .setResume("require")
                    .setCheckpointInterval(2)))
        .isEqualTo(new CheckpointSettings("b", Length.epochs(2), 7, Resume.REQUIRE));
    assertNeedsFolder(classifier(2, 2).setResume("require"), "resume = require");
    assertNeedsFolder(classifier(2, 2).setCheckpointInterval(2), "checkpointInterval = 2");
    assertNeedsFolder(
        classifier(2, 2).setJob("checkpoint.keep = 3"), "checkpoint.keep of the param job");
  }

  private static void assertNeedsFolder(NeuralNetworkClassifier estimator, String said) {
    assertThatThrownBy(() -> estimator.fit(Rows.xor()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said)
        .hasMessageContaining("set checkpointDir");
  }
}
