package dev.schuss.nn;

import dev.schuss.math.Mix;

/** How the weights of a layer start; biases start at 0. */
public enum Initializer {
  /** Normal with variance 2 / inputs: He et al. 2015, eq. 10; for ReLU networks. */
  HE {
    @Override
    void fill(float[] w, int from, int to, int inputs, int outputs, Mix random) {
      double deviation = Math.sqrt(2.0 / inputs);
      for (int i = from; i < to; i++) {
        w[i] = (float) (deviation * random.nextGaussian());
      }
    }
  },

  /**
   * Uniform in +-sqrt(6 / (inputs + outputs)): Glorot and Bengio 2010, eq. 16; for tanh and sigmoid
   * networks.
   */
  GLOROT {
    @Override
    void fill(float[] w, int from, int to, int inputs, int outputs, Mix random) {
      double bound = Math.sqrt(6.0 / (inputs + outputs));
      for (int i = from; i < to; i++) {
        w[i] = (float) (bound * (2 * random.nextDouble() - 1));
      }
    }
  };

  /**
   * Draws w[from] to w[to - 1].
   *
   * @param inputs numbers that flow into one unit (fan-in)
   * @param outputs units that one input feeds (fan-out)
   */
  abstract void fill(float[] w, int from, int to, int inputs, int outputs, Mix random);
}
