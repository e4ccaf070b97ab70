package dev.schuss.nn;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.math.Transcendental;
import java.io.Serializable;

/**
 * An elementwise function after a layer. Each works in place; most take their derivative from their
 * output, so that a layer keeps one array of its results and none of its inputs. Those that cannot
 * leave their slopes in an array beside it ({@link Sloped}).
 *
 * <p>No default methods here: with them, two threads that meet the constants and the records in
 * opposite order could wait for each other for ever.
 *
 * <p>A new one is a record here and a line in {@code Networks}, by which it joins the tests of
 * gradients and the page of job files. Its error bounds are those of {@link Transcendental}.
 */
public interface Activation extends Serializable {
  /** {@link Identity}. */
  Activation IDENTITY = new Identity();

  /** {@link Relu}. */
  Activation RELU = new Relu();

  /** {@link Tanh}. */
  Activation TANH = new Tanh();

  /** {@link Sigmoid}. */
  Activation SIGMOID = new Sigmoid();

  /** {@link Gelu}. */
  Activation GELU = new Gelu();

  /** z[i] := f(z[i]) for i below n. */
  void apply(float[] z, int n);

  /**
   * d[i] := d[i] f'(z[i]) for i below n.
   *
   * @param y what {@link #apply} made of z; its slopes for a {@link Sloped} one
   */
  void multiplyDerivative(float[] y, float[] d, int n);

  /** A function whose derivative cannot be told from its output. */
  interface Sloped extends Activation {

    /** z[i] := f(z[i]), slopes[i] := f'(z[i]) for i below n. */
    void apply(float[] z, float[] slopes, int n);

    @Override
    default void multiplyDerivative(float[] slopes, float[] d, int n) {
      for (int i = 0; i < n; i++) {
        d[i] *= slopes[i];
      }
    }
  }

  /** f(z) = z. */
  record Identity() implements Activation {
    @Override
    public void apply(float[] z, int n) {}

    @Override
    public void multiplyDerivative(float[] y, float[] d, int n) {}
  }

  /** f(z) = max(0, z); the derivative at 0 is taken as 0. */
  record Relu() implements Activation {
    @Override
    public void apply(float[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = Math.max(z[i], 0f);
      }
    }

    @Override
    public void multiplyDerivative(float[] y, float[] d, int n) {
      // The factor is 1 for any y above 0, the smallest one included, and 0 for 0. The plain
      // y > 0 ? d : 0 is not vectorised, and mispredicted every other time.
      for (int i = 0; i < n; i++) {
        d[i] *= Math.min(y[i] * 0x1p127f * 0x1p127f, 1f);
      }
    }
  }

  /**
   * f(z) = z above 0, else slope z: Maas et al. 2013.
   *
   * @param slope of the numbers below 0
   */
  record LeakyRelu(@Range(above = 0, max = 1) double slope) implements Activation {
    /** As PyTorch's LeakyReLU. */
    public static final LeakyRelu DEFAULTS = new LeakyRelu(0.01);

    public LeakyRelu {
      Ranges.check(LeakyRelu.class, slope);
    }

    @Override
    public void apply(float[] z, int n) {
      float a = (float) slope;
      for (int i = 0; i < n; i++) {
        z[i] = Math.max(z[i], 0f) + a * Math.min(z[i], 0f);
      }
    }

    @Override
    public void multiplyDerivative(float[] y, float[] d, int n) {
      float a = (float) slope;
      for (int i = 0; i < n; i++) {
        // Of 0 and 1, as for ReLU.
        float above = Math.max(Math.min(y[i] * 0x1p127f * 0x1p127f, 1f), 0f);
        d[i] *= above + (1 - above) * a;
      }
    }
  }

  /**
   * f(z) = z above 0, else alpha (e^z - 1): Clevert et al. 2016.
   *
   * @param alpha minus the value that it falls to
   */
  record Elu(@Range(above = 0) double alpha) implements Activation {
    /** As PyTorch's ELU. */
    public static final Elu DEFAULTS = new Elu(1);

    public Elu {
      Ranges.check(Elu.class, alpha);
    }

    @Override
    public void apply(float[] z, int n) {
      Transcendental.elu((float) alpha, z, 0, n);
    }

    @Override
    public void multiplyDerivative(float[] y, float[] d, int n) {
      float a = (float) alpha;
      for (int i = 0; i < n; i++) {
        float above = Math.max(Math.min(y[i] * 0x1p127f * 0x1p127f, 1f), 0f);
        d[i] *= above + (1 - above) * (Math.min(y[i], 0f) + a);
      }
    }
  }

  /** f(z) = z Phi(z), Phi being the normal distribution's: Hendrycks and Gimpel 2016. */
  record Gelu() implements Sloped {
    @Override
    public void apply(float[] z, int n) {
      Transcendental.gelu(z, 0, n);
    }

    @Override
    public void apply(float[] z, float[] slopes, int n) {
      Transcendental.geluAndSlopes(z, slopes, n);
    }
  }

  /** GELU's approximation f(z) = z (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3))) / 2. */
  record GeluTanh() implements Sloped {
    @Override
    public void apply(float[] z, int n) {
      Transcendental.geluTanh(z, 0, n);
    }

    @Override
    public void apply(float[] z, float[] slopes, int n) {
      Transcendental.geluTanhAndSlopes(z, slopes, n);
    }
  }

  /**
   * f(z) = log(1 + e^(beta z)) / beta, a smooth ReLU; f' = 1 - e^(-beta f).
   *
   * @param beta how sharp its bend is
   */
  record Softplus(@Range(above = 0) double beta) implements Activation {
    /** As PyTorch's Softplus. */
    public static final Softplus DEFAULTS = new Softplus(1);

    public Softplus {
      Ranges.check(Softplus.class, beta);
    }

    @Override
    public void apply(float[] z, int n) {
      Transcendental.softplus((float) beta, z, 0, n);
    }

    @Override
    public void multiplyDerivative(float[] y, float[] d, int n) {
      Transcendental.multiplySoftplusSlope((float) beta, y, d, n);
    }
  }

  /** f(z) = tanh z; f' = 1 - f^2. */
  record Tanh() implements Activation {
    @Override
    public void apply(float[] z, int n) {
      Transcendental.tanh(z, 0, n);
    }

    @Override
    public void multiplyDerivative(float[] y, float[] d, int n) {
      for (int i = 0; i < n; i++) {
        d[i] *= 1 - y[i] * y[i];
      }
    }
  }

  /** f(z) = 1 / (1 + e^-z); f' = f (1 - f). */
  record Sigmoid() implements Activation {
    @Override
    public void apply(float[] z, int n) {
      Transcendental.sigmoid(z, 0, n);
    }

    @Override
    public void multiplyDerivative(float[] y, float[] d, int n) {
      for (int i = 0; i < n; i++) {
        d[i] *= y[i] * (1 - y[i]);
      }
    }
  }
}
