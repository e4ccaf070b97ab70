package dev.schuss.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class VectorsTest {

  @Test
  void elementwiseLoops() {
    float[] y = {1, 2, 3, 4, 5};
    Vectors.add(y, new float[] {10, 20, 30, 40, 50});
    assertThat(y).containsExactly(11, 22, 33, 44, 55);
    Vectors.scale(y, 2);
    assertThat(y).containsExactly(22, 44, 66, 88, 110);
    Vectors.axpy(-0.5f, new float[] {100, 2, 4, 6, 100}, y, 1, 4);
    assertThat(y).containsExactly(22, 43, 64, 85, 110);
  }

  @Test
  void addRefusesAnotherLengthAndChangesNothing() {
    float[] y = {1, 2};
    assertThatThrownBy(() -> Vectors.add(y, new float[] {1, 2, 3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a vector of 3 floats cannot be added to one of 2");
    assertThatThrownBy(() -> Vectors.add(y, new float[] {1}))
        .hasMessage("a vector of 1 floats cannot be added to one of 2");
    assertThat(y).containsExactly(1, 2);
  }

  @Property(tries = 300)
  void sumsOverAnyRange(
      @ForAll @IntRange(max = 50) int before,
      @ForAll @IntRange(max = 200) int length,
      @ForAll long seed) {
    Mix mix = new Mix(seed);
    float[] x = new float[before + length + 3];
    float[] y = new float[before + length + 3];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) mix.nextGaussian();
      y[i] = (float) mix.nextGaussian();
    }
    double dot = 0;
    double squares = 0;
    for (int i = before; i < before + length; i++) {
      dot += (double) x[i] * y[i];
      squares += (double) x[i] * x[i];
    }
    assertThat(Vectors.dot(x, y, before, before + length)).isCloseTo(dot, within(1e-12));
    assertThat(Vectors.sumOfSquares(x, before, before + length)).isCloseTo(squares, within(1e-12));
    // A copy at another place has the same sum, to the bit.
    float[] moved = new float[length];
    System.arraycopy(x, before, moved, 0, length);
    assertThat(Vectors.sumOfSquares(moved, 0, length))
        .isEqualTo(Vectors.sumOfSquares(x, before, before + length));
  }

  @Test
  void sumsDoNotOverflowAFloatNorLoseSmallTerms() {
    assertThat(Vectors.sumOfSquares(new float[] {3e38f, 3e38f}, 0, 2))
        .isCloseTo(1.8e77, within(1e71));
    float[] x = new float[1 << 20];
    Arrays.fill(x, 1e-4f);
    x[0] = 1000;
    assertThat(Vectors.sumOfSquares(x, 0, x.length))
        .isCloseTo(1e6 + (x.length - 1) * 1e-8, within(1e-9 * 1e6));
  }

  /** Squares that are lost or infinite in single precision, in stretches, blocks and rests. */
  @Property(tries = 300)
  void squaresOfAnySizeAreSummed(
      @ForAll @IntRange(max = 3) int before,
      @ForAll @IntRange(min = 500, max = 40_000) int length,
      @ForAll @IntRange(min = -44, max = 38) int exponent,
      @ForAll @IntRange(max = 30) int spread,
      @ForAll long seed) {
    Mix mix = new Mix(seed);
    float[] x = new float[before + length];
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      double size = Math.pow(10, exponent - spread * mix.nextDouble());
      x[i] = (float) Math.max(-3e38, Math.min(3e38, size * mix.nextGaussian()));
      squares += i < before ? 0 : (double) x[i] * x[i];
    }
    double sum = Vectors.sumOfSquares(x, before, x.length);
    assertThat(sum).isCloseTo(squares, within(1e-6 * squares));
    float[] moved = Arrays.copyOfRange(x, before, x.length);
    assertThat(Vectors.sumOfSquares(moved, 0, length)).isEqualTo(sum);
  }

  @Test
  void squaresOfRunsAtTheEdgesOfSinglePrecision() {
    for (float value : new float[] {0f, Float.MIN_VALUE, 1e-30f, 1e-14f, 1e10f, 3e38f}) {
      float[] x = new float[1024];
      Arrays.fill(x, value);
      double squares = 1024 * ((double) value * value);
      assertThat(Vectors.sumOfSquares(x, 0, 1024))
          .as("%s", value)
          .isCloseTo(squares, within(1e-6 * squares));
      x[700] = Float.POSITIVE_INFINITY;
      assertThat(Vectors.sumOfSquares(x, 0, 1024)).isInfinite();
      x[700] = Float.NaN;
      assertThat(Vectors.sumOfSquares(x, 0, 1024)).isNaN();
    }
  }

  @Test
  void aLongSumOfSquaresIsAsExactAsADouble() {
    Mix mix = new Mix(3);
    float[] x = new float[1 << 20];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) mix.nextGaussian();
    }
    double squares = Vectors.dot(x, x, 0, x.length);
    assertThat(Vectors.sumOfSquares(x, 0, x.length)).isCloseTo(squares, within(1e-7 * squares));
  }

  @Property(tries = 500)
  void oneNonFiniteElementIsFoundWhereverItIs(
      @ForAll @IntRange(min = 1, max = 3000) int length, @ForAll @IntRange(max = 3000) int at) {
    float[] x = new float[length];
    Arrays.fill(x, -Float.MAX_VALUE);
    assertThat(Vectors.allFinite(x, 0, length)).isTrue();
    int place = at % length;
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      x[place] = bad;
      assertThat(Vectors.allFinite(x, 0, length)).isFalse();
      assertThat(Vectors.allFinite(x, 0, place)).isTrue();
      assertThat(Vectors.allFinite(x, place + 1, length)).isTrue();
    }
  }

  @Test
  void anEmptyRangeIsZeroAndFinite() {
    float[] x = {Float.NaN};
    assertThat(Vectors.sumOfSquares(x, 0, 0)).isZero();
    assertThat(Vectors.dot(x, x, 1, 1)).isZero();
    assertThat(Vectors.allFinite(x, 1, 1)).isTrue();
  }
}
