package dev.schuss.train;

import static dev.schuss.train.ReductionPlan.Kind.ORDERED;
import static dev.schuss.train.ReductionPlan.Kind.TREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.train.ReductionPlan.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which way of adding up suits which cluster. */
class ReductionPlanTest {
  private static final long GB = 1L << 30;

  @ParameterizedTest
  @CsvSource({
    // one JVM: nothing is sent
    "536000, 2, 2, true, ORDERED",
    "536000, 32, 2, true, FLAT",
    "100000000, 64, 64, true, ORDERED",
    // few executors, or small sums: the driver is faster than a shuffle
    "536000, 2, 2, false, ORDERED",
    "536000, 8, 4, false, FLAT",
    "1000, 400, 400, false, ORDERED",
    // many sums of some size
    "536000, 64, 64, false, TREE",
    "5000000, 16, 16, false, TREE",
  })
  void autoTakesWhatIsFaster(
      int parameters, int partitions, int tasks, boolean oneJvm, Kind expected) {
    ReductionPlan plan =
        ReductionPlan.of(Reduction.AUTO, null, parameters, partitions, tasks, oneJvm, GB);
    assertThat(plan.kind()).isEqualTo(expected);
    assertThat(plan.tasks()).isEqualTo(tasks);
  }

  @Test
  void aWishIsFollowed() {
    assertThat(plan(Reduction.ORDERED, null, 536_000, 32, 2, GB).kind()).isEqualTo(ORDERED);
    assertThat(plan(Reduction.TREE, null, 1000, 2, 2, GB).kind()).isEqualTo(TREE);
    assertThat(plan(Reduction.TREE, 3, 1000, 100, 100, GB).depth()).isEqualTo(3);
  }

  @Test
  void theTreeIsAsDeepAsTheDriverNeedsIt() {
    // 1,000 tasks of 40 MB: 31 sums at depth 2 are 1.2 GB, 10 at depth 3 are 0.4 GB
    assertThat(plan(Reduction.AUTO, null, 10_000_000, 1000, 1000, GB).depth()).isEqualTo(3);
    assertThat(plan(Reduction.AUTO, null, 10_000_000, 1000, 1000, 2 * GB).depth()).isEqualTo(2);
    assertThat(plan(Reduction.AUTO, null, 10_000_000, 1000, 1000, 0).depth()).isEqualTo(2);
  }

  @Test
  void orderedSumsAreMadeInGroupsWhereTheDriverHasNoRoomForAll() {
    ReductionPlan plan = plan(Reduction.ORDERED, null, 10_000_000, 100, 100, GB);
    assertThat(plan).isEqualTo(new ReductionPlan(ORDERED, 100, 2));
    assertThat(plan.groupSize()).isEqualTo(16);
    assertThat(plan.arriving()).isEqualTo(7);
    assertThat(plan(Reduction.ORDERED, null, 10_000_000, 20, 20, GB).depth()).isEqualTo(1);
  }

  @Test
  void whatTheDriverMayNotTakeInIsRefusedBeforeTheFirstRound() {
    assertThatThrownBy(() -> plan(Reduction.ORDERED, null, 10_000_000, 10_000, 10_000, GB))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "a round returns 79 sums of 38 MB, more than spark.driver.maxResultSize allows: set"
                + " train.reduction to tree, or set it to at least 3349m");
    assertThatThrownBy(() -> plan(Reduction.TREE, 2, 10_000_000, 1000, 1000, GB))
        .hasMessageContaining("raise train.treeDepth, or set it to at least");
    assertThatThrownBy(() -> plan(Reduction.AUTO, null, 500_000_000, 8, 8, GB))
        .hasMessageContaining("more than spark.driver.maxResultSize allows: set it to at least");
  }

  private static ReductionPlan plan(
      Reduction wish, Integer depth, int parameters, int partitions, int tasks, long limit) {
    return ReductionPlan.of(wish, depth, parameters, partitions, tasks, false, limit);
  }
}
