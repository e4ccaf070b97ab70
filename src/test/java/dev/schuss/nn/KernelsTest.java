package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.math.Mix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The loops beside the matrix products, in the forms that are fast. */
class KernelsTest {

  @Test
  void reluKeepsTheSlopeOfEveryPositiveNumberExactly() {
    float[] z = {3, -2, 0, -0f, Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, -1e-40f};
    float[] d = {0.3f, 5, 7, -7, -1e-40f, 0.1f, Float.MAX_VALUE, 1};
    float[] y = z.clone();
    Activation.RELU.apply(y, y.length);
    Activation.RELU.multiplyDerivative(y, d, d.length);
    assertThat(d)
        .usingComparatorWithPrecision(0f)
        .containsExactly(0.3f, 0, 0, 0, -1e-40f, 0.1f, Float.MAX_VALUE, 0);
  }

  @Test
  void whatIsNotANumberIsNotHiddenByRelu() {
    float[] y = {Float.NaN, 1};
    float[] d = {1, Float.NaN};
    Activation.RELU.apply(y, 2);
    Activation.RELU.multiplyDerivative(y, d, 2);
    assertThat(d).containsExactly(Float.NaN, Float.NaN);
  }

  @Test
  void softmaxCrossEntropyIsThatOfTheDefinition() {
    int rows = 700;
    int k = 13;
    Mix random = new Mix(1);
    float[] s = new float[rows * k + 5];
    float[] y = new float[rows];
    float[] c = new float[rows];
    for (int i = 0; i < rows * k; i++) {
      s[i] = (float) (random.nextGaussian() * (i % 3 == 0 ? 1 : 100));
    }
    for (int r = 0; r < rows; r++) {
      y[r] = random.nextInt(k);
      c[r] = r % 5 == 0 ? 0 : (float) random.nextDouble();
    }
    float[] d = new float[s.length];
    double loss = SoftmaxCrossEntropy.DEFAULTS.of(s, y, c, rows, k, d);

    double expected = 0;
    for (int r = 0; r < rows; r++) {
      double[] row = new double[k];
      for (int j = 0; j < k; j++) {
        row[j] = s[r * k + j];
      }
      double max = Arrays.stream(row).max().orElseThrow();
      double sum = Arrays.stream(row).map(v -> Math.exp(v - max)).sum();
      expected += c[r] * (Math.log(sum) + max - row[(int) y[r]]);
      for (int j = 0; j < k; j++) {
        double p = Math.exp(row[j] - max) / sum;
        assertThat((double) d[r * k + j])
            .isCloseTo(c[r] * (p - (j == (int) y[r] ? 1 : 0)), within(1e-7));
      }
    }
    assertThat(loss).isCloseTo(expected, within(1e-11 * expected));
    assertThat(SoftmaxCrossEntropy.DEFAULTS.of(s, y, c, rows, k, null)).isEqualTo(loss);
  }
}
