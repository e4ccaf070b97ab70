package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.math.Mix;
import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Segment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Which rows are normalised together, by what, and what moves. */
class BatchNormTest {

  private static Network network(int ghostBatch) {
    return Network.input(2)
        .dense(3, Activation.TANH)
        .layer(new BatchNorm(1e-5, 0.25, ghostBatch))
        .output(2);
  }

  @Property
  void ghostBatchesAreExactButForTheLast(
      @ForAll @IntRange(min = 2, max = 70) int ghostBatch,
      @ForAll @IntRange(min = 1, max = 500) int share) {
    Network network = network(ghostBatch);
    int left = share;
    while (left > 0) {
      int n = network.nextMicroBatch(left);
      left -= n;
      if (left > 0) {
        assertThat(n).isEqualTo(ghostBatch);
      } else if (share >= ghostBatch) {
        assertThat(2 * n).isGreaterThanOrEqualTo(ghostBatch);
        assertThat(n).as("no row is left over").isGreaterThanOrEqualTo(2);
        int half = Math.max(2, (ghostBatch + 1) / 2);
        assertThat(n).as("a remainder of half stays alone").isLessThan(ghostBatch + half);
      } else {
        assertThat(n).isEqualTo(share);
      }
    }
    assertThat(left).isZero();
  }

  private static Batch batch(int rows, long seed) {
    Mix random = new Mix(seed);
    float[] x = new float[rows * 2];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (3 + random.nextGaussian());
    }
    return Batch.of(rows, x, new float[rows]);
  }

  @Test
  void aSingleRowTakesTheRunningStatisticsAndMovesNone() {
    Network network = network(8);
    float[] w = network.initialWeights(1);
    Segment mean = network.layout().segment("batch-norm1.running_mean");
    Segment variance = network.layout().segment("batch-norm1.running_var");
    for (int i = 0; i < 3; i++) {
      w[mean.offset() + i] = 0.5f - i;
      w[variance.offset() + i] = 0.1f + i;
    }
    Batch one = batch(1, 4);
    GradientSum sum = new GradientSum(w.length);
    network.addGradient(w, one, sum);
    assertThat(sum.statisticsRows()).isZero();
    for (int i = mean.offset(); i < variance.end(); i++) {
      assertThat(sum.gradient()[i]).isZero();
    }
    float[] scores = network.outputs(w, one.features(), 1);
    double loss = Math.log(1 + Math.exp(scores[1] - (double) scores[0]));
    assertThat(sum.meanLoss()).isCloseTo(loss, org.assertj.core.data.Offset.offset(1e-6));
  }

  @Test
  void predictionsOfARowDoNotDependOnItsNeighbours() {
    Network network = network(8);
    float[] w = network.initialWeights(1);
    Batch rows = batch(5, 2);
    float[] together = network.outputs(w, rows.features(), 5).clone();
    float[] alone =
        network.outputs(w, new float[] {rows.features()[8], rows.features()[9]}, 1).clone();
    assertThat(together[8]).isEqualTo(alone[0]);
    assertThat(together[9]).isEqualTo(alone[1]);
  }

  @Test
  void movesAreWeighedByRowsAndTravel() throws IOException, ClassNotFoundException {
    Network network = network(8);
    float[] w = network.initialWeights(1);
    Segment mean = network.layout().segment("batch-norm1.running_mean");
    GradientSum small = new GradientSum(w.length);
    network.addGradient(w, batch(3, 1), small);
    GradientSum large = new GradientSum(w.length);
    network.addGradient(w, batch(8, 2), large);
    float expected = small.gradient()[mean.offset()] + large.gradient()[mean.offset()];
    GradientSum both = travelled(small).merge(travelled(large));
    assertThat(both.statisticsRows()).isEqualTo(11);
    assertThat(both.gradient()[mean.offset()]).isEqualTo(expected).isNotZero();
  }

  /** Pairs are the smallest ghost batches: of three rows none is left over. */
  @Test
  void oddSharesLeaveNoRowAlone() {
    assertThat(network(2).nextMicroBatch(3)).isEqualTo(3);
    assertThat(network(2).nextMicroBatch(4)).isEqualTo(2);
    assertThat(network(Integer.MAX_VALUE).nextMicroBatch(1000)).isEqualTo(1000);
  }

  @Test
  void evaluationsDoNotDependOnGhostBatches() {
    for (int ghostBatch : new int[] {2, 64, 1 << 20}) {
      assertThat(network(ghostBatch).microBatch()).isEqualTo(256);
      assertThat(network(ghostBatch).nextMicroBatch(1 << 22)).isEqualTo(ghostBatch);
    }
  }

  private static GradientSum gradient(Network network, float[] w, Batch rows, float... weights) {
    System.arraycopy(weights, 0, rows.weights(), 0, weights.length);
    GradientSum sum = new GradientSum(w.length);
    network.addGradient(w, rows, sum);
    return sum;
  }

  @Test
  void everyRowCountsInTheStatisticsWhateverItsWeight() throws IOException, ClassNotFoundException {
    Network network = network(8);
    float[] w = network.initialWeights(1);
    Segment mean = network.layout().segment("batch-norm1.running_mean");
    Segment variance = network.layout().segment("batch-norm1.running_var");
    GradientSum alike = gradient(network, w, batch(4, 1), 1, 1, 1, 1);
    GradientSum unlike = gradient(network, w, batch(4, 1), 0, 5, 0.5f, 0);
    assertThat(unlike.statisticsRows()).isEqualTo(4);
    for (int i = mean.offset(); i < variance.end(); i++) {
      assertThat(unlike.gradient()[i]).isEqualTo(alike.gradient()[i]).isNotZero();
    }
    GradientSum none = gradient(network, w, batch(4, 1), 0, 0, 0, 0);
    assertThat(none.gradient()).containsOnly(0);
    assertThat(none.statisticsRows()).isZero();
    GradientSum both = travelled(none).merge(alike);
    assertThat(both.rows()).isEqualTo(8);
    assertThat(both.weightlessRows()).isEqualTo(4);
    assertThat(both.statisticsRows()).isEqualTo(4);
  }

  private static GradientSum travelled(GradientSum sum) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(sum);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (GradientSum) in.readObject();
    }
  }

  @Test
  void aNetworkHasOneGhostBatch() {
    assertThatThrownBy(
            () ->
                Network.input(2)
                    .layer(new BatchNorm(1e-5, 0.1, 32))
                    .layer(BatchNorm.DEFAULTS)
                    .output(2))
        .hasMessage(
            "ghostBatch = 32 in batch-norm0 and 64 in batch-norm1: a network has one, give all its layers the same");
    Layer inside = Residual.defaults(List.of(new Dropout(0.1), new BatchNorm(1e-5, 0.1, 16)));
    assertThatThrownBy(
            () ->
                Network.input(2)
                    .dense(2, Activation.TANH)
                    .layer(inside)
                    .layer(BatchNorm.DEFAULTS)
                    .output(2))
        .hasMessageStartingWith("ghostBatch = 16 in residual1 and 64 in batch-norm2: a network");
    assertThatThrownBy(() -> new BatchNorm(1e-5, 0.1, 1))
        .hasMessage("ghostBatch = 1: must be at least 2");
  }
}
