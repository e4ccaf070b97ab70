package dev.schuss.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class TranscendentalTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  /** A loop over a range of an array. */
  private interface Loop {
    void run(float[] x, int from, int to);
  }

  @Test
  void tanhKeepsItsAbsoluteAndRelativeBound() {
    float[] x = sweep();
    float[] y = x.clone();
    Transcendental.tanh(y, 0, y.length);
    for (int i = 0; i < x.length; i++) {
      double exact = Math.tanh(x[i]);
      double error = Math.abs(y[i] - exact);
      if (!(error <= 5e-7 * Math.abs(exact) && Math.abs(y[i]) <= 1)) {
        assertThat(y[i]).as("tanh(%s)", x[i]).isEqualTo((float) exact);
      }
    }
  }

  @Test
  void sigmoidKeepsItsAbsoluteBound() {
    float[] x = sweep();
    float[] y = x.clone();
    Transcendental.sigmoid(y, 0, y.length);
    for (int i = 0; i < x.length; i++) {
      double exact = 1 / (1 + Math.exp(-x[i]));
      double error = Math.abs(y[i] - exact);
      if (!(error <= 3e-7 && y[i] >= 0 && y[i] <= 1)) {
        assertThat(y[i]).as("sigmoid(%s)", x[i]).isEqualTo((float) exact);
      }
    }
  }

  @Test
  void eluKeepsItsRelativeBoundBelowZero() {
    Loop elu = (x, from, to) -> Transcendental.elu(1, x, from, to);
    assertWithin("elu", elu, Math::expm1, -1e30, 0, (x, y) -> 8e-7 * Math.abs(y));
    assertThat(of(elu, 0f, 3f, INFINITY, -INFINITY, -200f, Float.NaN))
        .usingComparatorWithPrecision(0f)
        .containsExactly(0f, 3f, INFINITY, -1f, -1f, Float.NaN);
    assertThat(of((x, from, to) -> Transcendental.elu(2.5f, x, from, to), -INFINITY, 4f))
        .containsExactly(-2.5f, 4f);
  }

  @Test
  void softplusAndItsSlopeKeepTheirBounds() {
    for (float beta : new float[] {1, 0.25f, 4}) {
      Loop softplus = (x, from, to) -> Transcendental.softplus(beta, x, from, to);
      assertWithin(
          "softplus",
          softplus,
          x -> Math.max(x, 0) + Math.log1p(Math.exp(-beta * Math.abs(x))) / beta,
          -1e30,
          1e30,
          (x, y) -> Math.max(4e-7 / beta, 2e-7 * y));
      Loop slope =
          (y, from, to) -> {
            float[] d = new float[y.length];
            Arrays.fill(d, 1);
            Transcendental.multiplySoftplusSlope(beta, y, d, to);
            System.arraycopy(d, from, y, from, to - from);
          };
      assertWithin("slope", slope, y -> -Math.expm1(-beta * y), 0, 1e30, (x, y) -> 8e-7 * y);
      float[] ends = of(softplus, INFINITY, -INFINITY, Float.NaN, -1e4f);
      assertThat(ends[0]).isEqualTo(INFINITY);
      assertThat(ends[1]).isBetween(0f, 4e-7f / beta);
      assertThat(ends[2]).isNaN();
      assertThat(ends[3]).isBetween(0f, 4e-7f / beta);
    }
  }

  @Test
  void bothFormsOfGeluKeepTheirBounds() {
    DoubleUnaryOperator exact = x -> x * Phi.of(x);
    DoubleUnaryOperator slope = x -> Phi.of(x) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    DoubleUnaryOperator tanh = x -> x * (1 + Math.tanh(cubic(x))) / 2;
    DoubleUnaryOperator tanhSlope =
        x -> {
          double t = Math.tanh(cubic(x));
          double du = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
          return (1 + t) / 2 + (Math.abs(t) == 1 ? 0 : x * (1 - t * t) * du / 2);
        };
    assertGelu("gelu", Transcendental::gelu, Transcendental::geluAndSlopes, exact, 1e-6);
    assertSlopes("gelu", Transcendental::geluAndSlopes, slope, 1e-6);
    assertGelu("tanh", Transcendental::geluTanh, Transcendental::geluTanhAndSlopes, tanh, 1e-6);
    assertSlopes("tanh", Transcendental::geluTanhAndSlopes, tanhSlope, 6e-6);
  }

  private static double cubic(double x) {
    return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
  }

  /** A loop that also gives slopes. */
  private interface Sloped {
    void run(float[] x, float[] slopes, int n);
  }

  private static void assertGelu(
      String name, Loop loop, Sloped sloped, DoubleUnaryOperator exact, double bound) {
    assertWithin(name, loop, exact, -1e30, 1e30, (x, y) -> bound * Math.max(1, Math.abs(y)));
    float[] x = sweep();
    float[] y = of(loop, x);
    float[] slopes = new float[x.length];
    sloped.run(x, slopes, x.length);
    assertThat(Arrays.equals(x, y)).as("the same values with slopes").isTrue();
    assertThat(of(loop, INFINITY, -INFINITY, Float.NaN, 0f, -1e30f))
        .usingComparatorWithPrecision(0f)
        .containsExactly(INFINITY, 0f, Float.NaN, 0f, 0f);
  }

  private static void assertSlopes(
      String name, Sloped sloped, DoubleUnaryOperator exact, double bound) {
    Loop slopes =
        (x, from, to) -> {
          float[] d = new float[x.length];
          sloped.run(x, d, x.length);
          System.arraycopy(d, 0, x, 0, d.length);
        };
    assertWithin("slope of " + name, slopes, exact, -1e30, 1e30, (x, y) -> bound);
    assertThat(of(slopes, INFINITY, -INFINITY, Float.NaN))
        .usingComparatorWithPrecision((float) bound)
        .containsExactly(1f, 0f, Float.NaN);
  }

  /** The distribution function of the standard normal, by series and continued fraction. */
  private static final class Phi {
    static double of(double x) {
      double a = Math.abs(x);
      if (a > 39) {
        return x < 0 ? 0 : 1;
      }
      double density = Math.exp(-a * a / 2) / Math.sqrt(2 * Math.PI);
      double upper;
      if (a < 3) {
        double term = a;
        double sum = a;
        for (int k = 1; k < 200 && term > 1e-18 * sum; k++) {
          term *= a * a / (2 * k + 1);
          sum += term;
        }
        upper = 0.5 - density * sum;
      } else {
        double fraction = a;
        for (int k = 60; k >= 1; k--) {
          fraction = a + k / fraction;
        }
        upper = density / fraction;
      }
      return x < 0 ? upper : 1 - upper;
    }
  }

  /** How far a result may be from the exact one. */
  private interface Bound {
    double of(double x, double exact);
  }

  private static void assertWithin(
      String name, Loop loop, DoubleUnaryOperator exact, double from, double to, Bound bound) {
    float[] x = sweep();
    int n = 0;
    for (float value : x) {
      if (value >= from && value <= to) {
        x[n++] = value;
      }
    }
    x = Arrays.copyOf(x, n);
    float[] y = of(loop, x);
    for (int i = 0; i < n; i++) {
      double wanted = exact.applyAsDouble(x[i]);
      if (!(Math.abs(y[i] - wanted) <= bound.of(x[i], wanted) + Float.MIN_NORMAL)) {
        assertThat((double) y[i]).as("%s(%s)", name, x[i]).isEqualTo(wanted);
      }
    }
  }

  @Test
  void expKeepsItsRelativeBound() {
    double[] x = new double[1_000_000];
    for (int i = 0; i < x.length; i++) {
      x[i] = i < 500_000 ? -708.0 * i / 500_000 : -Math.pow(0.99995, i - 500_000);
    }
    double[] y = x.clone();
    Transcendental.exp(y, 0, y.length);
    for (int i = 0; i < x.length; i++) {
      double exact = Math.exp(x[i]);
      double bound = x[i] >= -64 ? 2e-12 : 1e-7;
      if (!(Math.abs(y[i] - exact) <= bound * exact)) {
        assertThat(y[i]).as("exp(%s)", x[i]).isEqualTo(exact);
      }
    }
  }

  @Test
  void expOfSpecialValuesAndPlaces() {
    double[] x = {0, -0.0, Double.NEGATIVE_INFINITY, -1e300, Double.NaN, -Double.MIN_VALUE, 1};
    Transcendental.exp(x, 0, 6);
    assertThat(x[0]).isEqualTo(1);
    assertThat(x[1]).isEqualTo(1);
    assertThat(x[2]).isBetween(0.0, 4e-308);
    assertThat(x[3]).isEqualTo(x[2]);
    assertThat(x[4]).isNaN();
    assertThat(x[5]).isEqualTo(1);
    assertThat(x[6]).isEqualTo(1); // outside of the range
    for (int round = 0; round < 3000; round++) {
      double[] y = new double[1003];
      Arrays.setAll(y, i -> -(i % 59) / 7.0);
      Transcendental.exp(y, 0, y.length);
      for (int i = 59; i < y.length; i++) {
        assertThat(y[i] == y[i - 59]).isTrue();
      }
    }
  }

  @Test
  void specialValuesAndSigns() {
    assertThat(of(Transcendental::tanh, 0f, -0f, INFINITY, -INFINITY, Float.NaN, 3e38f, -3e38f))
        .containsExactly(0f, -0f, 1f, -1f, Float.NaN, 1f, -1f);
    assertThat(of(Transcendental::tanh, Float.MIN_VALUE, -1e-40f, 1e-20f))
        .containsExactly(Float.MIN_VALUE, -1e-40f, 1e-20f);
    assertThat(of(Transcendental::sigmoid, 0f, -0f, INFINITY, -INFINITY, Float.NaN, 18f, -18f))
        .containsExactly(0.5f, 0.5f, 1f, 0f, Float.NaN, 1f, 0f);
  }

  @Test
  void areOddAndRisingOnEveryScale() {
    float[] x = sweep();
    float[] up = x.clone();
    float[] down = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      down[i] = -x[i];
    }
    Transcendental.tanh(up, 0, up.length);
    Transcendental.tanh(down, 0, down.length);
    for (int i = 0; i < x.length; i++) {
      assertThat(down[i]).isEqualTo(-up[i]);
    }
  }

  @Test
  void changeTheRangeAlone() {
    for (Loop loop : new Loop[] {Transcendental::tanh, Transcendental::sigmoid}) {
      float[] x = {1, 2, 3, 4, 5};
      loop.run(x, 1, 4);
      float[] all = of(loop, 1, 2, 3, 4, 5);
      assertThat(x).containsExactly(1, all[1], all[2], all[3], 5);
      loop.run(x, 2, 2);
      assertThat(x).containsExactly(1, all[1], all[2], all[3], 5);
    }
  }

  /** A vectorised loop and its scalar rest must agree, or results would depend on the place. */
  @Test
  void givesTheSameBitsInEveryPlace() {
    float[] x = new float[4096 + 7];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i % 97 - 48) / 7f;
    }
    for (int round = 0; round < 2000; round++) {
      float[] warm = x.clone();
      Transcendental.tanh(warm, 0, warm.length);
      Transcendental.sigmoid(warm, 0, warm.length);
    }
    for (Loop loop : new Loop[] {Transcendental::tanh, Transcendental::sigmoid}) {
      float[] y = of(loop, x);
      for (int i = 97; i < x.length; i++) {
        assertThat(y[i]).isEqualTo(y[i - 97]);
      }
    }
  }

  private static float[] of(Loop loop, float... x) {
    float[] y = x.clone();
    loop.run(y, 0, y.length);
    return y;
  }

  /** Both signs: every exponent, and the range where the functions bend in small steps. */
  private static float[] sweep() {
    int perSign = 1_200_000;
    float[] x = new float[2 * perSign];
    DoubleUnaryOperator fine = i -> 20 * i / 1_000_000;
    for (int i = 0; i < perSign; i++) {
      float value =
          i < 1_000_000
              ? (float) fine.applyAsDouble(i)
              : Float.intBitsToFloat((int) ((i - 1_000_000) * (0x7f7fffffL / 200_000)));
      x[2 * i] = value;
      x[2 * i + 1] = -value;
    }
    return x;
  }
}
