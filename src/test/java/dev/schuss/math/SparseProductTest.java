package dev.schuss.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SparseProductTest {

  /** Rows x inputs, of which about one in so many is not 0: both ways of working are met. */
  private static float[] matrix(int rows, int inputs, int oneIn, Random random) {
    float[] x = new float[rows * inputs];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(oneIn) == 0 ? random.nextInt(9) - 4 : 0;
    }
    return x;
  }

  private static SparseRows compressed(float[] x, int rows, int inputs) {
    SparseRows sparse = new SparseRows();
    for (int r = 0; r < rows; r++) {
      sparse.append(x, r * inputs, inputs);
    }
    return sparse;
  }

  @Property(tries = 300)
  void bothProductsAreThoseOfTheFullMatrix(
      @ForAll @IntRange(min = 0, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 60) int inputs,
      @ForAll @IntRange(min = 1, max = 20) int outputs,
      @ForAll long seed) {
    check(rows, inputs, outputs, seed, 50);
  }

  @Property(tries = 20)
  void alsoInSeveralStripes(
      @ForAll @IntRange(min = 20, max = 40) int rows,
      @ForAll @IntRange(min = 3000, max = 7000) int inputs,
      @ForAll @IntRange(min = 1, max = 20) int outputs,
      @ForAll long seed) {
    check(rows, inputs, outputs, seed, 30);
  }

  private static void check(int rows, int inputs, int outputs, long seed, int oneIn) {
    Random random = new Random(seed);
    float[] x = matrix(rows, inputs, random.nextBoolean() ? 3 : oneIn, random);
    SparseRows sparse = compressed(x, rows, inputs);
    int at = random.nextInt(5); // where W begins
    float[] w = new float[at + outputs * inputs];
    float[] y = new float[rows * outputs];
    float[] dy = new float[rows * outputs];
    float[] gradient = new float[w.length];
    for (float[] a : new float[][] {w, y, dy, gradient}) {
      for (int i = 0; i < a.length; i++) {
        a[i] = random.nextInt(7) - 3; // whole numbers, so that sums are exact in any order
      }
    }
    float[] expected = y.clone();
    float[] expectedGradient = gradient.clone();
    for (int r = 0; r < rows; r++) {
      for (int u = 0; u < outputs; u++) {
        for (int j = 0; j < inputs; j++) {
          expected[r * outputs + u] += x[r * inputs + j] * w[at + u * inputs + j];
          expectedGradient[at + u * inputs + j] += dy[r * outputs + u] * x[r * inputs + j];
        }
      }
    }
    SparseProduct.ofThread().addForward(sparse, w, at, inputs, outputs, y);
    SparseProduct.ofThread().addBackward(sparse, dy, outputs, gradient, at, inputs);
    assertThat(y).containsExactly(expected);
    assertThat(gradient).containsExactly(expectedGradient);
  }

  @Test
  void aMillionColumnsTakeTheTimeOfThoseInUse() {
    int inputs = 1_000_000;
    SparseRows rows = new SparseRows();
    for (int r = 0; r < 1000; r++) {
      rows.append(new int[] {r, 500_000 + r, 999_999}, new float[] {1, 2, 3}, 0, 3);
    }
    float[] w = new float[inputs];
    w[999_999] = 0.5f;
    w[500_007] = 4;
    float[] y = new float[1000];
    for (int i = 0; i < 200; i++) {
      SparseProduct.ofThread().addForward(rows, w, 0, inputs, 1, y);
    }
    assertThat(y[0]).isEqualTo(300);
    float[] dy = new float[1000];
    dy[7] = 1;
    float[] gradient = new float[inputs];
    for (int i = 0; i < 200; i++) {
      SparseProduct.ofThread().addBackward(rows, dy, 1, gradient, 0, inputs);
    }
    assertThat(gradient[500_007]).isEqualTo(400);
    assertThat(y[7]).isCloseTo(300 + 1600, within(0f));
  }

  @Test
  void rowsAreKeptInPlace() {
    SparseRows rows = new SparseRows();
    rows.append(new float[] {9, 0, 3, 0, Float.NaN}, 1, 4);
    rows.append(new int[0], new float[0], 0, 0);
    rows.append(rows, 0);
    rows.trim();
    assertThat(rows.offsets()).containsExactly(0, 2, 2, 4);
    assertThat(rows.indices()).containsExactly(1, 3, 1, 3);
    float[] full = {7, 7, 7, 7, 7, 7};
    rows.expand(2, full, 1, 4);
    assertThat(full).containsExactly(7, 0, 3, 0, Float.NaN, 7);
    rows.clear();
    assertThat(rows.rows()).isZero();
    assertThat(rows.entries()).isZero();
  }
}
