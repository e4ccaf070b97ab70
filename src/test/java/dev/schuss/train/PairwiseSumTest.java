package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.math.Mix;
import dev.schuss.objective.GradientSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** The bits of a sum do not depend on which neighbours were added up together. */
class PairwiseSumTest {

  @Property(tries = 300)
  void anyDivisionIntoNeighboursGivesTheSameBits(
      @ForAll @IntRange(min = 1, max = 70) int partitions,
      @ForAll @IntRange(min = 1, max = 9) int groups,
      @ForAll long seed) {
    PairwiseSum alone = new PairwiseSum();
    for (int p = 0; p < partitions; p++) {
      alone.add(p, sum(p, seed));
    }
    float[] expected = alone.total().gradient().clone();

    int[] bounds =
        new Mix(seed, 1).nextInt(2) == 0 ? even(partitions, groups) : any(partitions, groups, seed);
    PairwiseSum driver = new PairwiseSum();
    for (int g = 0; g + 1 < bounds.length; g++) {
      PairwiseSum task = new PairwiseSum();
      for (int p = bounds[g]; p < bounds[g + 1]; p++) {
        task.add(p, sum(p, seed));
      }
      task.branches().forEach(driver::add);
    }
    GradientSum total = driver.total();

    assertThat(total.gradient()).isEqualTo(expected);
    assertThat(total.rows()).isEqualTo(partitions);
  }

  @Property(tries = 200)
  void groupsOfTasksThatComeInAnyOrderGiveTheSameBits(
      @ForAll @IntRange(min = 1, max = 70) int partitions,
      @ForAll @IntRange(min = 1, max = 40) int tasks,
      @ForAll @IntRange(min = 1, max = 9) int size,
      @ForAll long seed) {
    PairwiseSum alone = new PairwiseSum();
    for (int p = 0; p < partitions; p++) {
      alone.add(p, sum(p, seed));
    }
    float[] expected = alone.total().gradient().clone();

    int[] bounds = even(partitions, tasks);
    List<List<Tuple2<Integer, Partial>>> groups = new ArrayList<>();
    for (int t = 0; t + 1 < bounds.length; t++) {
      PairwiseSum task = new PairwiseSum();
      for (int p = bounds[t]; p < bounds[t + 1]; p++) {
        task.add(p, sum(p, seed));
      }
      if (t % size == 0) {
        groups.add(new ArrayList<>());
      }
      groups.get(t / size).add(new Tuple2<>(t / size, new Partial(task.branches())));
    }
    PairwiseSum driver = new PairwiseSum();
    for (List<Tuple2<Integer, Partial>> group : groups) {
      Collections.shuffle(group, new Random(seed));
      Partial.total(group.iterator()).branches().forEach(driver::add);
    }

    assertThat(driver.total().gradient()).isEqualTo(expected);
  }

  @Test
  void aWholeBranchIsOneSum() {
    PairwiseSum task = new PairwiseSum();
    for (int p = 8; p < 16; p++) {
      task.add(p, sum(p, 1));
    }
    assertThat(task.branches()).hasSize(1);
    assertThat(task.branches().get(0).level()).isEqualTo(3);
    assertThat(task.branches().get(0).index()).isEqualTo(1);
  }

  @Test
  void partitionsWithoutRowsAddNothing() {
    PairwiseSum sums = new PairwiseSum();
    for (int p = 0; p < 5; p++) {
      sums.add(p, p == 3 ? sum(3, 1) : new GradientSum(2));
    }
    GradientSum total = sums.total();
    assertThat(total.gradient()).isEqualTo(sum(3, 1).gradient());
    assertThat(total.rows()).isEqualTo(1);
  }

  private static GradientSum sum(int partition, long seed) {
    GradientSum sum = new GradientSum(2);
    Mix random = new Mix(seed, partition);
    for (int i = 0; i < 2; i++) {
      // Magnitudes apart, so that another order gives other bits.
      sum.gradient()[i] = (float) ((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(8)));
    }
    sum.addRows(1, 1, 1);
    return sum;
  }

  private static int[] even(int partitions, int groups) {
    int n = Math.min(groups, partitions);
    int[] bounds = new int[n + 1];
    Arrays.setAll(bounds, g -> g * partitions / n);
    return bounds;
  }

  private static int[] any(int partitions, int groups, long seed) {
    Mix random = new Mix(seed, 2);
    List<Integer> bounds = new ArrayList<>(List.of(0, partitions));
    for (int g = 1; g < groups && partitions > 1; g++) {
      bounds.add(random.nextInt(partitions));
    }
    return bounds.stream().distinct().sorted().mapToInt(b -> b).toArray();
  }
}
