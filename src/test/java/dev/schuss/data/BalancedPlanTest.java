package dev.schuss.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Positive;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BalancedPlanTest {

  @Provide
  Arbitrary<int[]> partitionSizes() {
    // Empty and tiny partitions beside a few large ones.
    Arbitrary<Integer> size =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, Arbitraries.just(0)),
            net.jqwik.api.Tuple.of(4, Arbitraries.integers().between(1, 3)),
            net.jqwik.api.Tuple.of(4, Arbitraries.integers().between(0, 40)),
            net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(100, 400)));
    return size.array(int[].class)
        .ofMinSize(1)
        .ofMaxSize(40)
        .filter(s -> Arrays.stream(s).sum() > 0);
  }

  @Property(tries = 6000)
  void everyRoundIsExactAndEveryRowComesOnce(
      @ForAll("partitionSizes") int[] sizes,
      @ForAll @IntRange(min = 1, max = 500) int wished,
      @ForAll long seed,
      @ForAll @IntRange(max = 5) int epoch) {
    long total = Arrays.stream(sizes).sum();
    long b = Math.min(wished, total);
    BalancedPlan plan = new BalancedPlan(sizes, b, seed);
    assertThat(plan.rounds(epoch)).isEqualTo((total + b - 1) / b);

    int[] taken = new int[sizes.length];
    long left = total;
    for (long round = 0; round < plan.rounds(epoch); round++) {
      RoundRows.Slice slice = plan.rows(epoch, round);
      long size = Math.min(b, left);
      assertThat(slice.total()).isEqualTo(size);
      for (int p = 0; p < sizes.length; p++) {
        // Slices of a permutation that follow each other hold each row once.
        assertThat(slice.start()[p]).isEqualTo(taken[p]);
        double share = (double) size * (sizes[p] - taken[p]) / left;
        assertThat(Math.abs(slice.count()[p] - share)).isLessThan(1.0);
        taken[p] += slice.count()[p];
        assertThat(taken[p]).isLessThanOrEqualTo(sizes[p]);
      }
      left -= size;
    }
    assertThat(taken).isEqualTo(sizes);
  }

  @Property(tries = 4000)
  void roundsDoNotDependOnTheOrderInWhichTheyAreAskedFor(
      @ForAll("partitionSizes") int[] sizes,
      @ForAll @IntRange(min = 1, max = 60) int wished,
      @ForAll long seed,
      @ForAll @Positive int shuffle) {
    long b = Math.max(Math.min(wished, Arrays.stream(sizes).sum()), 1);
    BalancedPlan plan = new BalancedPlan(sizes, b, seed);
    List<long[]> calls = new ArrayList<>();
    for (int epoch = 0; epoch < 2; epoch++) {
      for (long round = 0; round < Math.min(6, plan.rounds(epoch)); round++) {
        calls.add(new long[] {epoch, round});
      }
    }
    Collections.shuffle(calls, new Random(shuffle));
    for (long[] call : calls) {
      RoundRows.Slice asked = plan.rows((int) call[0], call[1]);
      RoundRows.Slice fresh = new BalancedPlan(sizes, b, seed).rows((int) call[0], call[1]);
      assertThat(asked.epoch()).isEqualTo((int) call[0]);
      assertThat(asked.seed()).isEqualTo(seed);
      assertThat(asked.start()).isEqualTo(fresh.start());
      assertThat(asked.count()).isEqualTo(fresh.count());
    }
  }

  @Property(tries = 2000)
  void oneEpochOfBlocksDrawsEveryRowOnce(
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 70) int partitions,
      @ForAll @IntRange(min = 1, max = 60) int wished,
      @ForAll long seed) {
    List<Block> blocks = BlockTest.numbered(rows, partitions);
    int[] sizes = blocks.stream().mapToInt(Block::rows).toArray();
    BalancedPlan plan = new BalancedPlan(sizes, Math.min(wished, rows), seed);
    List<Long> seen = new ArrayList<>();
    for (long round = 0; round < plan.rounds(3); round++) {
      int inRound = 0;
      for (Block block : blocks) {
        for (int row : block.select(plan.rows(3, round))) {
          seen.add(block.id(row));
          inRound++;
        }
      }
      assertThat(inRound).isEqualTo((int) plan.rows(3, round).total());
    }
    assertThat(seen).hasSize(rows).doesNotHaveDuplicates();
  }

  @Test
  void threeBillionRowsDoNotOverflow() {
    int[] sizes = {Integer.MAX_VALUE, 0, 852_516_352, 1};
    long total = 3_000_000_000L;
    BalancedPlan all = new BalancedPlan(sizes, total, 1);
    assertThat(all.rounds(0)).isEqualTo(1);
    assertThat(all.rows(0, 0).count()).isEqualTo(sizes);
    BalancedPlan most = new BalancedPlan(sizes, total - 1, 1);
    assertThat(most.rows(0, 0).total()).isEqualTo(total - 1);
    assertThat(most.rows(0, 1).total()).isEqualTo(1);
  }

  @Test
  void productsBeyondALongAreExact() {
    int[] sizes = new int[1000];
    Arrays.fill(sizes, Integer.MAX_VALUE);
    sizes[7] = 3;
    long total = Arrays.stream(sizes).asLongStream().sum();
    BalancedPlan plan = new BalancedPlan(sizes, total / 2, 1);
    RoundRows.Slice slice = plan.rows(0, 0);
    assertThat(slice.total()).isEqualTo(total / 2);
    for (int p = 0; p < sizes.length; p++) {
      assertThat(slice.count()[p] - sizes[p] / 2.0).isBetween(-1.0, 1.0);
    }
  }

  @Test
  void tiesFallDifferentlyInEveryRoundEpochAndSeed() {
    int[] sizes = new int[8];
    Arrays.fill(sizes, 100);
    // After every eight rounds of one row all eight partitions are even again.
    Set<Integer> byRound = new TreeSet<>();
    Set<Integer> byEpoch = new TreeSet<>();
    Set<Integer> bySeed = new TreeSet<>();
    for (int i = 0; i < 20; i++) {
      byRound.add(winner(new BalancedPlan(sizes, 1, 1).rows(0, 8L * i)));
      byEpoch.add(winner(new BalancedPlan(sizes, 1, 1).rows(i, 0)));
      bySeed.add(winner(new BalancedPlan(sizes, 1, i).rows(0, 0)));
    }
    assertThat(List.of(byRound, byEpoch, bySeed))
        .allSatisfy(winners -> assertThat(winners).hasSizeGreaterThan(3));
  }

  private static int winner(RoundRows.Slice slice) {
    assertThat(slice.start()).containsOnly(slice.start()[0]);
    return Arrays.stream(slice.count()).boxed().toList().indexOf(1);
  }

  @Test
  void refusesWhatCannotBePlanned() {
    assertThatThrownBy(() -> new BalancedPlan(new int[] {3, 4}, 8, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("batch size 8 is larger than the 7 training rows: set batchSize to at most 7");
    assertThatThrownBy(() -> new BalancedPlan(new int[] {3, 4}, 0, 1))
        .hasMessage("batch size 0: must be at least 1");
    assertThatThrownBy(() -> new BalancedPlan(new int[] {3, 4}, 4, 1).rows(0, 2))
        .hasMessage("no round 2 in epoch 0 of 2 rounds");
  }

  @Test
  void explicitPlanRepeatsItsRounds() {
    ExplicitPlan plan = new ExplicitPlan(List.of(new long[] {5, 3}, new long[] {1, 2, 4}));
    assertThat(plan.rounds(9)).isEqualTo(2);
    assertThat(plan.batchSize()).isEqualTo(3);
    assertThat(((RoundRows.Ids) plan.rows(4, 1)).ids()).containsExactly(1, 2, 4);
    assertThatThrownBy(() -> new ExplicitPlan(List.of())).hasMessageContaining("at least one");
    assertThatThrownBy(() -> new ExplicitPlan(List.of(new long[0])))
        .hasMessage("round 0 of the explicit plan has no rows");
  }

  @Property(tries = 500)
  void spreadBatchesAreEquallyLargeAndAsManyAsKeptOnes(
      @ForAll @Size(min = 1, max = 9) List<@IntRange(max = 40) Integer> rows,
      @ForAll @IntRange(min = 1, max = 50) int wished) {
    int[] sizes = rows.stream().mapToInt(r -> r).toArray();
    long total = Arrays.stream(sizes).sum();
    Assume.that(total > 0);
    long b = Math.min(wished, total);
    BalancedPlan kept = new BalancedPlan(sizes, b, 1);
    BalancedPlan spread = new BalancedPlan(sizes, b, ShortBatch.SPREAD, 1);

    assertThat(spread.rounds(0)).isEqualTo(kept.rounds(0));
    long least = Long.MAX_VALUE;
    long most = 0;
    long sum = 0;
    for (long r = 0; r < spread.rounds(3); r++) {
      long n = spread.rows(3, r).total();
      least = Math.min(least, n);
      most = Math.max(most, n);
      sum += n;
    }
    assertThat(sum).isEqualTo(total);
    assertThat(most).isLessThanOrEqualTo(Math.min(b, least + 1));
  }
}
