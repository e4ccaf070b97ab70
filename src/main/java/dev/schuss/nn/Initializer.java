package dev.schuss.nn;

import dev.schuss.math.Mix;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import java.io.Serializable;

/**
 * How the weights of a layer start, from the run's seed and the layer's place; biases start at 0.
 * Inputs are the numbers that flow into one unit (fan-in), outputs the units that one input feeds
 * (fan-out). Fixed bits: the same seed gives the same weights on any machine.
 *
 * <p>No default methods here, for the reason that {@link Activation} gives.
 */
public interface Initializer extends Serializable {
  /** {@link He}. */
  Initializer HE = new He();

  /** {@link Glorot}. */
  Initializer GLOROT = new Glorot();

  /**
   * Draws w[from] to w[to - 1]: one unit's inputs after those of another.
   *
   * @param inputs fan-in
   * @param outputs fan-out
   */
  void fill(float[] w, int from, int to, int inputs, int outputs, Mix random);

  /** Normal with variance 2 / inputs: He et al. 2015, eq. 10; for ReLU networks. */
  record He() implements Initializer {
    @Override
    public void fill(float[] w, int from, int to, int inputs, int outputs, Mix random) {
      Draws.normal(w, from, to, Math.sqrt(2.0 / inputs), random);
    }
  }

  /** Uniform in +-sqrt(6 / inputs), with the variance of {@code he}. */
  record HeUniform() implements Initializer {
    @Override
    public void fill(float[] w, int from, int to, int inputs, int outputs, Mix random) {
      Draws.uniform(w, from, to, Math.sqrt(6.0 / inputs), random);
    }
  }

  /**
   * Uniform in +-sqrt(6 / (inputs + outputs)): Glorot and Bengio 2010, eq. 16; for tanh and sigmoid
   * networks.
   */
  record Glorot() implements Initializer {
    @Override
    public void fill(float[] w, int from, int to, int inputs, int outputs, Mix random) {
      Draws.uniform(w, from, to, Math.sqrt(6.0 / (inputs + outputs)), random);
    }
  }

  /** Normal with variance 2 / (inputs + outputs), that of {@code glorot}. */
  record GlorotNormal() implements Initializer {
    @Override
    public void fill(float[] w, int from, int to, int inputs, int outputs, Mix random) {
      Draws.normal(w, from, to, Math.sqrt(2.0 / (inputs + outputs)), random);
    }
  }

  /** Normal with variance 1 / inputs: LeCun et al. 1998, eq. 16. */
  record LeCun() implements Initializer {
    @Override
    public void fill(float[] w, int from, int to, int inputs, int outputs, Mix random) {
      Draws.normal(w, from, to, Math.sqrt(1.0 / inputs), random);
    }
  }

  /** Uniform in +-sqrt(3 / inputs), with the variance of {@code lecun}. */
  record LeCunUniform() implements Initializer {
    @Override
    public void fill(float[] w, int from, int to, int inputs, int outputs, Mix random) {
      Draws.uniform(w, from, to, Math.sqrt(3.0 / inputs), random);
    }
  }

  /**
   * Normal for some random inputs of each unit, 0 for the others: Martens 2010, section 5; for deep
   * networks of sigmoid or tanh.
   *
   * @param connections inputs of each unit whose weights are not 0; all, where there are fewer
   * @param deviation standard deviation of their weights
   */
  record Sparse(@Range(min = 1) int connections, @Range(above = 0) double deviation)
      implements Initializer {
    /** As in the paper. */
    public static final Sparse DEFAULTS = new Sparse(15, 1);

    /** Checks the options. */
    public Sparse {
      Ranges.check(Sparse.class, connections, deviation);
    }

    @Override
    public void fill(float[] w, int from, int to, int inputs, int outputs, Mix random) {
      int k = Math.min(connections, inputs);
      int[] order = new int[inputs];
      for (int i = 0; i < inputs; i++) {
        order[i] = i;
      }
      for (int unit = from; unit < to; unit += inputs) {
        for (int i = 0; i < k; i++) { // the first steps of a Fisher-Yates shuffle
          int j = i + random.nextInt(inputs - i);
          int chosen = order[j];
          order[j] = order[i];
          order[i] = chosen;
          w[unit + chosen] = (float) (deviation * random.nextGaussian());
        }
      }
    }
  }

  /** All weights 0: for linear models, where no two units need to differ. */
  record Zeros() implements Initializer {
    @Override
    public void fill(float[] w, int from, int to, int inputs, int outputs, Mix random) {}
  }

  /**
   * All weights the same number.
   *
   * @param value the number
   */
  record Constant(double value) implements Initializer {
    /** Checks the number. */
    public Constant {
      if (!Float.isFinite((float) value)) {
        throw new Ranges.OutOfRange("value", value, "a finite 32-bit float");
      }
    }

    @Override
    public void fill(float[] w, int from, int to, int inputs, int outputs, Mix random) {
      java.util.Arrays.fill(w, from, to, (float) value);
    }
  }

  /** Loops that several of them share. */
  final class Draws {
    private Draws() {}

    private static void normal(float[] w, int from, int to, double deviation, Mix random) {
      for (int i = from; i < to; i++) {
        w[i] = (float) (deviation * random.nextGaussian());
      }
    }

    private static void uniform(float[] w, int from, int to, double bound, Mix random) {
      for (int i = from; i < to; i++) {
        w[i] = (float) (bound * (2 * random.nextDouble() - 1));
      }
    }
  }
}
