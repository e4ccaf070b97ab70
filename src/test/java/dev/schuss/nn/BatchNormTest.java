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
        assertThat(2 * n).as("a remainder of half stays alone").isLessThan(3 * ghostBatch);
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
            "ghostBatch = 32 in one layer and 64 in another: a network has one, give all its layers the same");
    assertThatThrownBy(() -> new BatchNorm(1e-5, 0.1, 1))
        .hasMessage("ghostBatch = 1: must be at least 2");
  }
}
