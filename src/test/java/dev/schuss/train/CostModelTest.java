package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.train.CostModel.Cluster;
import dev.schuss.train.CostModel.Estimate;
import dev.schuss.train.CostModel.Round;
import org.junit.jupiter.api.Test;

/** The cost model: its terms, and how they grow. */
class CostModelTest {
  private static final double TEN_GIGABITS = 1.25e9;
  private static final double FLOPS = 1e11;

  private static Estimate estimate(long parameters, int executors, double network) {
    Cluster cluster = new Cluster(executors, 1, network);
    Round round = new Round(parameters, 2, executors, 1024L * executors, 6.0 * parameters);
    ReductionPlan plan =
        ReductionPlan.of(Reduction.AUTO, null, parameters, executors, executors, false, 0);
    return CostModel.PROCESSES.estimate(round, cluster, plan, FLOPS);
  }

  @Test
  void partsAddUp() {
    Estimate e = estimate(1_000_000, 4, TEN_GIGABITS);
    assertThat(e.overhead()).isEqualTo(e.broadcast() + e.waiting() + e.reduce() + e.update());
    assertThat(e.total()).isEqualTo(e.compute() + e.overhead());
  }

  @Test
  void computeIsTheRowsOfATaskOverItsSpeed() {
    double products = 1024 * 6.0 * 1_000_000 / FLOPS;
    assertThat(estimate(1_000_000, 4, TEN_GIGABITS).compute()).isBetween(products, 1.05 * products);
  }

  @Test
  void aSlowNetworkAddsTheBytesOverItsBandwidth() {
    Estimate fast = estimate(1_000_000, 4, Double.POSITIVE_INFINITY);
    Estimate slow = estimate(1_000_000, 4, 1e6);
    // Four sums come in; the weights leave the driver twice.
    assertThat(slow.reduce() - fast.reduce()).isCloseTo(16, within(1e-6));
    assertThat(slow.waiting() - fast.waiting()).isCloseTo(8, within(1e-6));
    assertThat(slow.compute()).isEqualTo(fast.compute());
  }

  @Test
  void aTreeKeepsAThousandExecutorsFromTheDriver() {
    double few = estimate(10_000_000, 10, TEN_GIGABITS).reduce();
    double many = estimate(10_000_000, 1000, TEN_GIGABITS).reduce();
    assertThat(many).isGreaterThan(few).isLessThan(20 * few);
  }

  @Test
  void oneJvmIsCheaperThanProcesses() {
    Round round = new Round(535_818, 2, 2, 256, 2.7e6);
    Cluster cluster = new Cluster(1, 2, Double.POSITIVE_INFINITY);
    ReductionPlan plan = ReductionPlan.of(Reduction.AUTO, null, 535_818, 2, 2, true, 0);
    double here = CostModel.of(true).estimate(round, cluster, plan, FLOPS).overhead();
    double there = CostModel.of(false).estimate(round, cluster, plan, FLOPS).overhead();
    assertThat(here).isBetween(0.003, 0.008);
    assertThat(there).isGreaterThan(3 * here);
  }

  @Test
  void moreProcessesThanCoresWaitForEachOther() {
    assertThat(Cluster.onOneMachine(2, 1, 2).sharing()).isEqualTo(1);
    assertThat(Cluster.onOneMachine(4, 1, 2).sharing()).isGreaterThan(4);
  }
}
