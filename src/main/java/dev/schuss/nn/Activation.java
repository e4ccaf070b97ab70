package dev.schuss.nn;

import dev.schuss.math.Transcendental;

/**
 * An elementwise function after a layer. Each works in place and takes its derivative from its
 * output, so that a layer keeps one array of its results and none of its inputs.
 */
public enum Activation {
  /** f(z) = z. */
  IDENTITY {
    @Override
    void apply(float[] z, int n) {}

    @Override
    void multiplyDerivative(float[] y, float[] d, int n) {}
  },

  /** f(z) = max(0, z); the derivative at 0 is taken as 0. */
  RELU {
    @Override
    void apply(float[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = Math.max(z[i], 0f);
      }
    }

    @Override
    void multiplyDerivative(float[] y, float[] d, int n) {
      // The factor is 1 for any y above 0, the smallest one included, and 0 for 0. The plain
      // y > 0 ? d : 0 is not vectorised, and mispredicted every other time.
      for (int i = 0; i < n; i++) {
        d[i] *= Math.min(y[i] * 0x1p127f * 0x1p127f, 1f);
      }
    }
  },

  /** f(z) = tanh z; f' = 1 - f^2. */
  TANH {
    @Override
    void apply(float[] z, int n) {
      Transcendental.tanh(z, 0, n);
    }

    @Override
    void multiplyDerivative(float[] y, float[] d, int n) {
      for (int i = 0; i < n; i++) {
        d[i] *= 1 - y[i] * y[i];
      }
    }
  },

  /** f(z) = 1 / (1 + e^-z); f' = f (1 - f). */
  SIGMOID {
    @Override
    void apply(float[] z, int n) {
      Transcendental.sigmoid(z, 0, n);
    }

    @Override
    void multiplyDerivative(float[] y, float[] d, int n) {
      for (int i = 0; i < n; i++) {
        d[i] *= y[i] * (1 - y[i]);
      }
    }
  };

  /** z[i] := f(z[i]) for i below n. */
  abstract void apply(float[] z, int n);

  /**
   * d[i] := d[i] f'(z[i]) for i below n.
   *
   * @param y what {@link #apply} made of z
   */
  abstract void multiplyDerivative(float[] y, float[] d, int n);
}
