package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.math.Mix;
import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Which inputs are dropped, and that neither partitions nor retries change it. */
class DropoutTest {
  private static final int UNITS = 101;
  private static final int ROWS = 300;

  private static float[] masks(double rate, long moment, int layer) {
    long[] keys = new long[ROWS];
    Arrays.setAll(keys, i -> Mix.mix(i));
    float[] x = new float[ROWS * UNITS];
    Arrays.fill(x, 2);
    float[] y = new float[x.length];
    new Dropout(rate)
        .bind("dropout0", Shape.flat(UNITS), new Layout.Builder())
        .forward(new float[0], x, ROWS, y, new Training(0, moment, keys).at(layer, 0));
    return y;
  }

  private static double share(float[] y, float value) {
    int n = 0;
    for (float v : y) {
      n += v == value ? 1 : 0;
    }
    return (double) n / y.length;
  }

  @Test
  void dropsItsShareAndKeepsTheMean() {
    for (double rate : new double[] {0, 0.1, 0.5, 0.9}) {
      float[] y = masks(rate, 5, 0);
      assertThat(share(y, 0)).isCloseTo(rate, within(0.01));
      assertThat(share(y, (float) (2 * (float) (1 / (1 - rate)))))
          .isCloseTo(1 - rate, within(0.01));
    }
  }

  @Test
  void roundsRowsUnitsAndLayersDiffer() {
    float[] y = masks(0.5, 5, 0);
    assertThat(masks(0.5, 5, 0)).isEqualTo(y);
    for (float[] other : new float[][] {masks(0.5, 6, 0), masks(0.5, 5, 1)}) {
      int same = 0;
      for (int i = 0; i < y.length; i++) {
        same += y[i] == other[i] ? 1 : 0;
      }
      assertThat((double) same / y.length).isCloseTo(0.5, within(0.02));
    }
    for (int from : new int[] {1, 2, UNITS, 7 * UNITS}) { // units of a row, and of other rows
      int same = 0;
      for (int i = 0; i + from < y.length; i++) {
        same += y[i] == y[i + from] ? 1 : 0;
      }
      assertThat((double) same / (y.length - from))
          .as("%d further", from)
          .isCloseTo(0.5, within(0.02));
    }
  }

  @Test
  void predictionsTakeAllInputs() {
    Network with = Network.input(5).dense(7, Activation.RELU).layer(new Dropout(0.5)).output(3);
    Network without = Network.input(5).dense(7, Activation.RELU).output(3);
    float[] w = without.initialWeights(1);
    assertThat(with.layout().size()).isEqualTo(w.length);
    float[] x = {1, 2, -3, 0.5f, 4};
    float[] expected = Arrays.copyOf(without.outputs(w, x, 1), 3);
    assertThat(Arrays.copyOf(with.outputs(w, x, 1), 3)).isEqualTo(expected);
    assertThat(Arrays.copyOf(with.forwardPass(w).run(x, 1), 3)).isEqualTo(expected);
  }

  /** However the rows are cut into micro-batches and ordered, the gradient is the same. */
  @Property(tries = 50)
  void masksFollowTheRows(@ForAll long seed, @ForAll @IntRange(min = 1, max = 11) int step) {
    Network network =
        Network.input(4)
            .layer(new Dropout(0.2))
            .dense(9, Activation.TANH)
            .layer(new Dropout(0.5))
            .output(3);
    Mix random = new Mix(seed);
    float[] w = network.initialWeights(seed);
    Batch all = new Batch(20, 4, 1);
    all.resize(20);
    for (int i = 0; i < 80; i++) {
      all.features()[i] = (float) random.nextGaussian();
    }
    for (int r = 0; r < 20; r++) {
      all.targets()[r] = random.nextInt(3);
      all.weights()[r] = 1;
      all.keys()[r] = random.nextLong();
    }
    all.moment(seed);
    GradientSum whole = new GradientSum(w.length);
    network.addGradient(w, all, whole);
    GradientSum parts = new GradientSum(w.length);
    for (int end = 20;
        end > 0;
        end -= step) { // from the last rows to the first, each part reversed
      Batch part = new Batch(step, 4, 1);
      int rows = Math.min(step, end);
      part.resize(rows);
      part.moment(seed);
      for (int r = 0; r < rows; r++) {
        int from = end - 1 - r;
        System.arraycopy(all.features(), 4 * from, part.features(), 4 * r, 4);
        part.targets()[r] = all.targets()[from];
        part.weights()[r] = 1;
        part.keys()[r] = all.keys()[from];
      }
      network.addGradient(w, part, parts);
    }
    assertThat(parts.lossSum()).isCloseTo(whole.lossSum(), within(1e-4));
    for (int i = 0; i < w.length; i++) {
      assertThat(parts.gradient()[i]).isCloseTo(whole.gradient()[i], within(1e-4f));
    }
  }
}
