package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.Golden;
import dev.schuss.data.Block;
import dev.schuss.data.LocalBlocks;
import dev.schuss.data.RoundRows;
import dev.schuss.math.Mix;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Dropout;
import dev.schuss.nn.LayerNorm;
import dev.schuss.nn.Network;
import dev.schuss.objective.GradientSum;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LocalRoundsTest {
  private static final Network NETWORK =
      Network.input(5).dense(300, Activation.RELU).dense(250, Activation.RELU).output(3);
  private static final float[] WEIGHTS = NETWORK.initialWeights(1);
  private static final int ROWS = 64;

  /** Arrays are used again from round to round; whose share is empty takes nobody else's. */
  @Test
  void aRoundKnowsNothingOfTheOnesBefore() {
    List<Block> blocks = blocks(4);
    Rounds used = new LocalRounds(NETWORK, blocks, null, null);
    RoundRows[] shares = {
      slice(0, 5, 0, 7), slice(3, 0, 0, 2), slice(0, 0, 0, 0), slice(1, 2, 3, 4), slice(0, 0, 0, 1)
    };
    for (int round = 0; round < 20; round++) {
      RoundRows share = shares[round % shares.length];
      GradientSum fresh = new LocalRounds(NETWORK, blocks, null, null).gradient(WEIGHTS, share);
      GradientSum sum = used.gradient(WEIGHTS, share);
      assertThat(sum.gradient()).as("round %d", round).isEqualTo(fresh.gradient());
      assertThat(sum.lossSum()).isEqualTo(fresh.lossSum());
      assertThat(sum.rows()).isEqualTo(fresh.rows());
      sum.gradient()[round] = 1e9f; // the caller may use it as it likes
    }
  }

  @Test
  void partitionsAddUpToTheWhole() {
    List<Block> blocks = blocks(4);
    int[] sizes = blocks.stream().mapToInt(Block::rows).toArray();
    GradientSum many = new LocalRounds(NETWORK, blocks, null, null).gradient(WEIGHTS, slice(sizes));
    GradientSum one =
        new LocalRounds(NETWORK, blocks(1), null, null).gradient(WEIGHTS, slice(ROWS));
    assertThat(many.rows()).isEqualTo(ROWS);
    assertThat(Golden.worst(many.gradient(), one.gradient())).isLessThan(2e-6);
  }

  /** What is dropped follows from round and row, not from partitions. */
  @Test
  void dropoutKnowsNothingOfPartitions() {
    Network network =
        Network.input(5)
            .dense(40, Activation.GELU)
            .layer(LayerNorm.DEFAULTS)
            .layer(new Dropout(0.4))
            .output(3);
    float[] w = network.initialWeights(2);
    GradientSum one = new LocalRounds(network, blocks(1), null, null).gradient(w, slice(ROWS));
    for (int partitions : new int[] {2, 3, 7}) {
      List<Block> blocks = blocks(partitions);
      int[] sizes = blocks.stream().mapToInt(Block::rows).toArray();
      GradientSum many = new LocalRounds(network, blocks, null, null).gradient(w, slice(sizes));
      assertThat(Golden.worst(many.gradient(), one.gradient())).isLessThan(4e-6);
      GradientSum again = new LocalRounds(network, blocks, null, null).gradient(w, slice(sizes));
      assertThat(again.gradient()).isEqualTo(many.gradient());
      GradientSum later =
          new LocalRounds(network, blocks, null, null)
              .gradient(w, new RoundRows.Slice(9, 1, new int[partitions], sizes));
      assertThat(Golden.worst(later.gradient(), many.gradient())).isGreaterThan(1e-2);
    }
  }

  @Test
  void everyRoundHasItsOwnMoment() {
    Set<Long> moments = new HashSet<>();
    for (long seed = 0; seed < 3; seed++) {
      for (int epoch = 0; epoch < 3; epoch++) {
        for (int start = 0; start < 30; start += 10) {
          int[] from = {start, start / 2};
          moments.add(new RoundRows.Slice(seed, epoch, from, new int[2]).moment());
        }
      }
    }
    moments.add(new RoundRows.Ids(new long[] {1, 2}).moment());
    moments.add(new RoundRows.Ids(new long[] {2, 1}).moment());
    assertThat(moments).hasSize(29);
    assertThat(new RoundRows.Slice(1, 2, new int[] {8, 4}, new int[2]).moment())
        .isEqualTo(new RoundRows.Slice(1, 2, new int[] {3, 3, 6}, new int[3]).moment());
  }

  private static RoundRows slice(int... count) {
    return new RoundRows.Slice(9, 0, new int[count.length], count);
  }

  private static List<Block> blocks(int partitions) {
    Mix random = new Mix(3);
    float[] features = new float[ROWS * 5];
    float[] targets = new float[ROWS];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < ROWS; i++) {
      targets[i] = i % 3;
    }
    return LocalBlocks.of(features, 5, targets, 1, null, null, partitions);
  }
}
