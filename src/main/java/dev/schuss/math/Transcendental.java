package dev.schuss.math;

/**
 * exp, tanh, the logistic function and what activations make of them, over vectors, without a
 * table, a branch or a call, so that the JIT compiler vectorises them. Results depend on the
 * argument alone, not on its place.
 *
 * <p>tanh(x) is x P(x^2) / Q(x^2), with P and Q of degree 4 and the largest relative error on [-9,
 * 9] made smallest (2.1e-8, before rounding to float); beyond 9 it is 1 in float anyway. With it
 * come e^-2x = (Q - xP) / (Q + xP) and e^2x - 1 = 2xP / (Q - xP), each by one division. The normal
 * distribution's Phi(x) is 1/2 + x P(x^2) / Q(x^2), with P and Q of degree 5 fitted likewise on
 * [-5.6, 5.6] (2.2e-8); beyond it is 0 or 1 in float.
 */
public final class Transcendental {
  private static final float BOUND = 9;
  private static final float P1 = 0.13381027f;
  private static final float P2 = 0.0034955894f;
  private static final float P3 = 2.0609103e-05f;
  private static final float P4 = 1.3354689e-08f;
  private static final float Q1 = 0.46714342f;
  private static final float Q2 = 0.025876988f;
  private static final float Q3 = 0.0003285637f;
  private static final float Q4 = 7.7765696e-07f;

  private static final double E2 = 1.0 / 2;
  private static final double E3 = 1.0 / 6;
  private static final double E4 = 1.0 / 24;
  private static final double E5 = 1.0 / 120;
  private static final double E6 = 1.0 / 720;
  private static final double E7 = 1.0 / 5040;

  private static final float L3 = 1f / 3;
  private static final float L5 = 1f / 5;
  private static final float L7 = 1f / 7;
  private static final float L9 = 1f / 9;
  private static final float L11 = 1f / 11;
  private static final float L13 = 1f / 13;

  private static final float PHI_BOUND = 5.6f;
  private static final float A0 = 0.39894226f;
  private static final float A1 = 0.03392805f;
  private static final float A2 = 0.0046772864f;
  private static final float A3 = 1.6891900e-04f;
  private static final float A4 = 6.2896820e-06f;
  private static final float A5 = 2.2297980e-08f;
  private static final float B1 = 0.25171134f;
  private static final float B2 = 0.028676987f;
  private static final float B3 = 0.0018854332f;
  private static final float B4 = 7.33408e-05f;
  private static final float B5 = 1.1796668e-06f;

  /** 1 / sqrt(2 pi). */
  private static final float DENSITY = 0.3989423f;

  /** sqrt(2 / pi) and the cubic term of Hendrycks and Gimpel's approximation. */
  private static final float GELU_SCALE = 0.7978846f;

  private static final float GELU_CUBE = 0.044715f;

  /** Beyond it GELU's slope is 0 or 1 in float. */
  private static final float GELU_BOUND = 10;

  /** e^-708 is 3e-308: about the smallest number that has all of its bits. */
  private static final double LOWEST_EXPONENT = -708;

  private Transcendental() {}

  /**
   * x[i] := exp(x[i]) for i in [from, to), for numbers that are not above 0.
   *
   * <p>e^x = (e^(x / 4096))^4096, by Taylor's polynomial of degree 7 and twelve squarings. The
   * relative error is at most 2e-12 from -64 up, and 1e-7 everywhere; below -708, at minus infinity
   * too, the result stays at 3e-308. NaN stays NaN. Above 0 it means nothing.
   */
  public static void exp(double[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      double r = Math.max(x[i], LOWEST_EXPONENT) * (1.0 / 4096);
      double e = 1 + r * (1 + r * (E2 + r * (E3 + r * (E4 + r * (E5 + r * (E6 + r * E7))))));
      e *= e; // ^2
      e *= e;
      e *= e;
      e *= e; // ^16
      e *= e;
      e *= e;
      e *= e;
      e *= e; // ^256
      e *= e;
      e *= e;
      e *= e;
      e *= e; // ^4096
      x[i] = e;
    }
  }

  /**
   * x[i] := tanh(x[i]) for i in [from, to).
   *
   * <p>The absolute error is at most 5e-7, and so is the relative one. Results lie in [-1, 1], the
   * sign of zero is kept, infinities give -1 and 1, NaN stays NaN.
   */
  public static void tanh(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = tanh(x[i]);
    }
  }

  /**
   * x[i] := 1 / (1 + exp(-x[i])) for i in [from, to).
   *
   * <p>The absolute error is at most 3e-7. Results lie in [0, 1] and are exactly 0 below -18 and 1
   * above 18: do not take their logarithm, nor that of their distance to 1. NaN stays NaN.
   */
  public static void sigmoid(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = 0.5f + 0.5f * tanh(0.5f * x[i]);
    }
  }

  /**
   * x[i] := x[i] where it is above 0, else alpha (exp(x[i]) - 1), for i in [from, to).
   *
   * <p>The relative error of exp(x) - 1 is at most 8e-7. Infinities give alpha's negative and
   * infinity, NaN stays NaN.
   */
  public static void elu(float alpha, float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = Math.max(x[i], 0f) + alpha * expm1(Math.min(x[i], 0f));
    }
  }

  /**
   * d[i] := d[i] (1 - exp(-beta y[i])) for i below n, for y that are not below 0: the derivative of
   * {@link #softplus} by its value y. The relative error of the factor is at most 8e-7.
   */
  public static void multiplySoftplusSlope(float beta, float[] y, float[] d, int n) {
    for (int i = 0; i < n; i++) {
      d[i] *= -expm1(-beta * y[i]);
    }
  }

  /**
   * x[i] := log(1 + exp(beta x[i])) / beta for i in [from, to).
   *
   * <p>The error is at most 4e-7 / beta or 2e-7 of the result, whichever is larger. Results are not
   * below 0; minus infinity gives about 0, infinity itself, NaN stays NaN.
   */
  public static void softplus(float beta, float[] x, int from, int to) {
    float inverse = 1 / beta;
    for (int i = from; i < to; i++) {
      // log(1 + e^v) = max(v, 0) + log(1 + u), u = e^-|v|; log(1 + u) = 2 artanh(s), s = u/(2 + u)
      float h = 0.5f * Math.min(Math.abs(beta * x[i]), 2 * BOUND);
      float t = h * h;
      float p = h * (1 + t * (P1 + t * (P2 + t * (P3 + t * P4))));
      float q = 1 + t * (Q1 + t * (Q2 + t * (Q3 + t * Q4)));
      float s = Math.max(q - p, 0f) / (3 * q + p);
      float r = s * s;
      float log = 2 * s * (1 + r * (L3 + r * (L5 + r * (L7 + r * (L9 + r * (L11 + r * L13))))));
      x[i] = Math.max(x[i], 0f) + inverse * log;
    }
  }

  /**
   * x[i] := x[i] Phi(x[i]) for i in [from, to), with the distribution function Phi of the standard
   * normal.
   *
   * <p>The absolute error is at most 1e-6, beyond 1 also relatively. NaN stays NaN.
   */
  public static void gelu(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = Math.max(x[i], -Float.MAX_VALUE) * (0.5f + phi(x[i]));
    }
  }

  /**
   * {@link #gelu} over x[0] to x[n - 1], whose derivatives go to slopes.
   *
   * <p>The absolute error of a slope, Phi(x) + x Phi'(x), is at most 1e-6.
   */
  public static void geluAndSlopes(float[] x, float[] slopes, int n) {
    // Two loops, since one of this length is not vectorised, and in a method each: compiled while
    // the second had not yet run, their calls would stay calls.
    densityTimesX(x, slopes, n);
    addPhiAndMultiply(x, slopes, n);
  }

  /** slopes[i] := x[i] Phi'(x[i]). */
  private static void densityTimesX(float[] x, float[] slopes, int n) {
    for (int i = 0; i < n; i++) {
      // e^(-c^2 / 2) = (1 - tanh(c^2 / 4)) / (1 + tanh(c^2 / 4))
      float c = Math.max(-PHI_BOUND, Math.min(PHI_BOUND, x[i]));
      float h = 0.25f * c * c;
      float t = h * h;
      float p = h * (1 + t * (P1 + t * (P2 + t * (P3 + t * P4))));
      float q = 1 + t * (Q1 + t * (Q2 + t * (Q3 + t * Q4)));
      slopes[i] = c * DENSITY * ((q - p) / (q + p));
    }
  }

  /** slopes[i] := slopes[i] + Phi(x[i]), x[i] := x[i] Phi(x[i]). */
  private static void addPhiAndMultiply(float[] x, float[] slopes, int n) {
    for (int i = 0; i < n; i++) {
      float phi = 0.5f + phi(x[i]);
      slopes[i] += phi;
      x[i] = Math.max(x[i], -Float.MAX_VALUE) * phi;
    }
  }

  /**
   * x[i] := x[i] (1 + tanh(sqrt(2 / pi) (x[i] + 0.044715 x[i]^3))) / 2 for i in [from, to).
   *
   * <p>The absolute error is at most 1e-6, beyond 1 also relatively. NaN stays NaN.
   */
  public static void geluTanh(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      float u = GELU_SCALE * x[i] * (1 + GELU_CUBE * x[i] * x[i]);
      x[i] = Math.max(x[i], -Float.MAX_VALUE) * (0.5f + 0.5f * tanh(u));
    }
  }

  /**
   * {@link #geluTanh} over x[0] to x[n - 1], whose derivatives go to slopes, with an absolute error
   * of at most 6e-6.
   */
  public static void geluTanhAndSlopes(float[] x, float[] slopes, int n) {
    for (int i = 0; i < n; i++) {
      slopes[i] = tanh(GELU_SCALE * x[i] * (1 + GELU_CUBE * x[i] * x[i]));
    }
    for (int i = 0; i < n; i++) {
      float c = Math.max(-GELU_BOUND, Math.min(GELU_BOUND, x[i]));
      float t = slopes[i];
      float du = GELU_SCALE * (1 + 3 * GELU_CUBE * c * c);
      slopes[i] = 0.5f + 0.5f * t + 0.5f * c * ((1 - t) * (1 + t)) * du;
      x[i] = Math.max(x[i], -Float.MAX_VALUE) * (0.5f + 0.5f * t);
    }
  }

  /** Phi(x) - 1/2. */
  private static float phi(float value) {
    float x = Math.max(-PHI_BOUND, Math.min(PHI_BOUND, value));
    float t = x * x;
    float p = x * (A0 + t * (A1 + t * (A2 + t * (A3 + t * (A4 + t * A5)))));
    float q = 1 + t * (B1 + t * (B2 + t * (B3 + t * (B4 + t * B5))));
    return Math.max(-0.5f, Math.min(0.5f, p / q));
  }

  /** e^x - 1 for x that is not above 0. */
  private static float expm1(float value) {
    float x = 0.5f * Math.max(value, -2 * BOUND);
    float t = x * x;
    float p = x * (1 + t * (P1 + t * (P2 + t * (P3 + t * P4))));
    float q = 1 + t * (Q1 + t * (Q2 + t * (Q3 + t * Q4)));
    return Math.max(-1f, 2 * p / (q - p));
  }

  private static float tanh(float value) {
    float x = Math.max(-BOUND, Math.min(BOUND, value));
    float t = x * x;
    float p = x * (1 + t * (P1 + t * (P2 + t * (P3 + t * P4))));
    float q = 1 + t * (Q1 + t * (Q2 + t * (Q3 + t * Q4)));
    // Rounding may carry the quotient beyond 1 by a unit or two in the last place.
    return Math.max(-1f, Math.min(1f, p / q));
  }
}
