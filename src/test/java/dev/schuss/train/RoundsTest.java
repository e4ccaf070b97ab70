package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.Digits;
import dev.schuss.Golden;
import dev.schuss.TestSpark;
import dev.schuss.data.BalancedPlan;
import dev.schuss.data.Blocks;
import dev.schuss.data.Columns;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.LocalBlocks;
import dev.schuss.data.Prepared;
import dev.schuss.data.RoundRows;
import dev.schuss.model.Scaling;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Task;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A round's sum does not depend on how the rows lie, nor on whether Spark computes it. */
class RoundsTest {
  private static final Network NETWORK =
      Network.input(64).dense(32, Activation.TANH).dense(16, Activation.SIGMOID).output(10);
  private static final float[] WEIGHTS = NETWORK.initialWeights(7);
  private static final ReductionPlan ORDERED = new ReductionPlan(ReductionPlan.Kind.ORDERED, 0, 1);
  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 33})
  void anyNumberOfPartitionsGivesTheGradientOfOne(int partitions) {
    Dataset<Row> few = Digits.frame(TestSpark.session(), Digits.TRAIN).where("id < 20");
    try (Prepared one = prepare(few, 1);
        Prepared many = prepare(few, partitions)) {
      GradientSum expected = fullBatch(one.train());
      GradientSum actual = fullBatch(many.train());

      if (partitions == 33) {
        assertThat(many.train().rowsPerPartition()).as("some are empty").contains(0);
      }
      assertThat(actual.rows()).isEqualTo(20);
      assertThat(actual.weightSum()).isEqualTo(expected.weightSum());
      assertThat(Math.abs(actual.lossSum() - expected.lossSum())).isLessThan(1e-4);
      assertThat(Golden.worst(actual.gradient(), expected.gradient())).isLessThan(2e-6);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 33})
  void sparkAndThisProcessGiveTheSameBits(int partitions) {
    Dataset<Row> rows = Digits.frame(TestSpark.session(), Digits.TRAIN);
    List<float[]> raw = Digits.rows(Digits.TRAIN);
    float[] features = new float[raw.size() * 64];
    float[] targets = new float[raw.size()];
    for (int i = 0; i < raw.size(); i++) {
      System.arraycopy(raw.get(i), 0, features, i * 64, 64);
      targets[i] = raw.get(i)[64];
    }
    try (Prepared prepared =
        DataPreparation.training(
            rows, columns(), Task.CLASSIFICATION, Scaling.none(), 0, 1, partitions)) {
      Rounds local =
          new LocalRounds(
              NETWORK,
              LocalBlocks.of(features, 64, targets, 1, null, null, partitions),
              null,
              null);
      Rounds cluster = new SparkRounds(spark, NETWORK, prepared.train(), null, null, ORDERED);
      assertThat(cluster.rowsPerPartition()).isEqualTo(local.rowsPerPartition());
      RoundRows batch = new BalancedPlan(local.rowsPerPartition(), 100, 3).rows(2, 5);

      GradientSum a = cluster.gradient(WEIGHTS, batch);
      cluster.close();
      GradientSum b = local.gradient(WEIGHTS, batch);

      assertThat(a.rows()).isEqualTo(100);
      assertThat(a.gradient()).isEqualTo(b.gradient());
      assertThat(a.lossSum()).isEqualTo(b.lossSum());
    }
  }

  @ParameterizedTest
  @EnumSource(ReductionPlan.Kind.class)
  void everyWayOfAddingUpGivesTheSameSum(ReductionPlan.Kind kind) {
    Dataset<Row> rows = Digits.frame(TestSpark.session(), Digits.TRAIN);
    try (Prepared prepared = prepare(rows, 33)) {
      Blocks blocks = prepared.train();
      assertThat(blocks.rdd().getNumPartitions()).as("a task per slot").isEqualTo(2);
      RoundRows batch = new BalancedPlan(blocks.rowsPerPartition(), 300, 3).rows(0, 1);
      try (Rounds ordered = new SparkRounds(spark, NETWORK, blocks, null, null, ORDERED);
          Rounds other =
              new SparkRounds(spark, NETWORK, blocks, null, null, new ReductionPlan(kind, 2, 2))) {
        GradientSum expected = ordered.gradient(WEIGHTS, batch);
        GradientSum actual = other.gradient(WEIGHTS, batch);

        assertThat(actual.rows()).isEqualTo(300);
        assertThat(actual.work().tasks()).isEqualTo(2);
        assertThat(Golden.worst(actual.gradient(), expected.gradient())).isLessThan(2e-6);
        RoundTime time = other.time();
        assertThat(time.compute()).isPositive().isGreaterThanOrEqualTo(time.meanCompute());
        assertThat(time.reduce()).isPositive();
      }
    }
  }

  @Test
  void orderedSumsThatExecutorsAddUpHaveTheSameBits() {
    Dataset<Row> rows = Digits.frame(TestSpark.session(), Digits.TRAIN);
    try (Prepared prepared = prepare(rows, 33)) {
      Blocks blocks = prepared.train();
      RoundRows batch = new BalancedPlan(blocks.rowsPerPartition(), 300, 3).rows(0, 1);
      ReductionPlan groups = new ReductionPlan(ReductionPlan.Kind.ORDERED, 2, 2);
      try (Rounds atDriver = new SparkRounds(spark, NETWORK, blocks, null, null, ORDERED);
          Rounds inGroups = new SparkRounds(spark, NETWORK, blocks, null, null, groups)) {
        float[] expected = atDriver.gradient(WEIGHTS, batch).gradient().clone();
        assertThat(inGroups.gradient(WEIGHTS, batch).gradient()).isEqualTo(expected);
      }
    }
  }

  @Test
  void aRoundThatWasGivenUpLeavesNothingBehind() {
    Dataset<Row> few = Digits.frame(TestSpark.session(), Digits.TRAIN).where("id < 50");
    try (Prepared prepared = prepare(few, 7)) {
      RoundRows all = new BalancedPlan(prepared.train().rowsPerPartition(), 50, 1).rows(0, 0);
      Rounds rounds = new SparkRounds(spark, NETWORK, prepared.train(), null, null, ORDERED);
      rounds.start(WEIGHTS, all, "given up");
      rounds.close();

      assertThat(Handover.underWay()).isZero();
      // Spark's own books lag a little behind.
      Eventually.holds(
          () -> spark.statusTracker().getActiveJobIds().length == 0, "no job is active");
      assertThat(fullBatch(prepared.train()).rows()).as("the session goes on").isEqualTo(50);
    }
  }

  @Test
  void aRoundThatWasSaidToFollowGivesTheSameBits() {
    try (Prepared prepared = prepare(Digits.frame(TestSpark.session(), Digits.TRAIN), 7);
        Rounds rounds = new SparkRounds(spark, NETWORK, prepared.train(), null, null, ORDERED)) {
      BalancedPlan plan = new BalancedPlan(prepared.train().rowsPerPartition(), 300, 3);
      float[] others = NETWORK.initialWeights(8);
      float[] expected = rounds.gradient(others, plan.rows(0, 1)).gradient().clone();

      rounds.start(WEIGHTS, plan.rows(0, 0), "first");
      rounds.finish("second");
      rounds.start(others, plan.rows(0, 1), "second");
      GradientSum second = rounds.finish(null);

      assertThat(second.rows()).isEqualTo(300);
      assertThat(second.gradient()).isEqualTo(expected);
      assertThat(rounds.time().compute()).as("does not count the wait").isLessThan(1);
    }
  }

  /** Its tasks hold all slots: whatever comes instead must have them back. */
  @ParameterizedTest
  @ValueSource(strings = {"withdraw", "validate", "close"})
  @Timeout(60)
  void aRoundThatWasSaidToFollowCanStayAway(String instead) {
    Dataset<Row> few = Digits.frame(TestSpark.session(), Digits.TRAIN).where("id < 50");
    try (Prepared prepared = prepare(few, 7)) {
      RoundRows all = new BalancedPlan(prepared.train().rowsPerPartition(), 50, 1).rows(0, 0);
      Rounds rounds =
          new SparkRounds(spark, NETWORK, prepared.train(), prepared.train(), null, ORDERED);
      rounds.start(WEIGHTS, all, "first");
      assertThat(rounds.finish("stays away").rows()).isEqualTo(50);
      switch (instead) {
        case "withdraw" -> rounds.withdraw();
        case "validate" -> assertThat(rounds.validate(WEIGHTS).rows()).isEqualTo(50);
        default -> rounds.close();
      }
      assertThat(few.count()).as("the slots are free").isEqualTo(50);
      rounds.close();
      assertThat(Handover.underWay()).isZero();
    }
  }

  /** A press of a notebook's stop between two rounds, and between an evaluation and a round. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Timeout(60)
  void aStopBetweenTwoRoundsIsHeard(boolean evaluated) throws InterruptedException {
    Dataset<Row> few = Digits.frame(TestSpark.session(), Digits.TRAIN).where("id < 50");
    spark.setJobGroup("rounds", "a notebook's");
    try (Prepared prepared = prepare(few, 2)) {
      RoundRows all = new BalancedPlan(prepared.train().rowsPerPartition(), 50, 1).rows(0, 0);
      String why = null;
      // A machine that is busy may take longer between two rounds than a task waits.
      for (int i = 0; i < 20 && why == null; i++) {
        try (Rounds rounds =
            new SparkRounds(spark, NETWORK, prepared.train(), prepared.train(), null, ORDERED)) {
          rounds.gradient(WEIGHTS, all);
          if (evaluated) {
            rounds.validate(WEIGHTS);
          }
          Thread.sleep(20); // else Spark may still count the last tasks
          spark.cancelJobGroup("rounds");
          Thread.sleep(20);
          why = stopped(() -> rounds.gradient(WEIGHTS, all));
        }
      }
      assertThat(why).contains("its Spark jobs were cancelled");
      assertThat(Handover.underWay()).isZero();
    } finally {
      spark.clearJobGroup();
    }
    assertThat(few.count()).as("the slots are free").isEqualTo(50);
  }

  private static String stopped(Runnable action) {
    try {
      action.run();
      return null;
    } catch (RuntimeException e) {
      return Stopped.why(e);
    }
  }

  /** What is under way when a round fails is neither awaited for ever nor left behind. */
  @ParameterizedTest
  @EnumSource(ReductionPlan.Kind.class)
  @Timeout(60)
  void aRoundThatFailsIsOver(ReductionPlan.Kind kind) {
    Dataset<Row> few = Digits.frame(TestSpark.session(), Digits.TRAIN).where("id < 50");
    try (Prepared prepared = prepare(few, 2)) {
      Blocks blocks = prepared.train();
      RoundRows all = new BalancedPlan(blocks.rowsPerPartition(), 50, 1).rows(0, 0);
      float[] tooFew = new float[3];
      Rounds rounds =
          new SparkRounds(spark, NETWORK, blocks, blocks, null, new ReductionPlan(kind, 2, 2));
      assertThat(rounds.gradient(WEIGHTS, all).rows()).isEqualTo(50);
      rounds.start(tooFew, all, "fails");
      assertThatThrownBy(() -> rounds.finish("never follows"))
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("Task");
      assertThatThrownBy(() -> rounds.validate(tooFew)).isInstanceOf(CompletionException.class);
      assertThat(rounds.gradient(WEIGHTS, all).rows()).as("the next is another").isEqualTo(50);
      rounds.start(tooFew, all, "is given up, and fails");
      rounds.close();
      rounds.close();
      assertThat(Handover.underWay()).isZero();
    }
    assertThat(few.count()).as("the slots are free").isEqualTo(50);
  }

  @Test
  void evaluationCountsEveryRowOnce() {
    Dataset<Row> few = Digits.frame(TestSpark.session(), Digits.TRAIN).where("id < 50");
    try (Prepared prepared = prepare(few, 7)) {
      Rounds rounds =
          new SparkRounds(spark, NETWORK, prepared.train(), prepared.train(), null, ORDERED);
      Evaluation all = rounds.validate(WEIGHTS);
      rounds.close();

      assertThat(all.rows()).isEqualTo(50);
      assertThat(all.meanLoss())
          .isCloseTo(
              fullBatch(prepared.train()).meanLoss(), org.assertj.core.data.Offset.offset(1e-5));
      assertThat(rounds.test(WEIGHTS)).as("there are none").isNull();
    }
  }

  @Test
  void aDestroyedRoundInputIsGone() {
    Dataset<Row> few = Digits.frame(TestSpark.session(), Digits.TRAIN).where("id < 50");
    try (Prepared prepared = prepare(few, 7)) {
      for (int i = 0; i < 5; i++) {
        fullBatch(prepared.train());
      }
    }
    assertThat(spark.getPersistentRDDs()).isEmpty();
  }

  private static GradientSum fullBatch(Blocks blocks) {
    int[] sizes = blocks.rowsPerPartition();
    RoundRows all = new BalancedPlan(sizes, (int) blocks.rows(), 1).rows(0, 0);
    try (Rounds rounds = new SparkRounds(spark, NETWORK, blocks, null, null, ORDERED)) {
      return rounds.gradient(WEIGHTS, all);
    }
  }

  private static Prepared prepare(Dataset<Row> rows, int partitions) {
    return DataPreparation.training(
        rows, columns(), Task.CLASSIFICATION, Scaling.divisor(16), 0, 1, partitions);
  }

  static Columns columns() {
    return new Columns(List.of("pixels"), List.of("label"), null, null);
  }
}
