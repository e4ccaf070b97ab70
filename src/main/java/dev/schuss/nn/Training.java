package dev.schuss.nn;

/**
 * What a layer is given in the training form of a pass, from its forward to its backward step: room
 * to keep numbers in, and what its random choices follow from. One per thread and micro-batch.
 */
public final class Training {
  private final Scratch scratch = Scratch.ofThread();
  private final int firstArray;
  private final long moment;
  private final long[] keys;
  private int layer;

  /**
   * A pass.
   *
   * @param firstArray number of the first of the thread's arrays that nobody else uses; one for
   *     each layer
   * @param moment of the round, see {@link dev.schuss.objective.Batch#moment}
   * @param keys of the rows
   */
  Training(int firstArray, long moment, long[] keys) {
    this.firstArray = firstArray;
    this.moment = moment;
    this.keys = keys;
  }

  /** The same pass at another layer. */
  Training at(int newLayer) {
    layer = newLayer;
    return this;
  }

  /**
   * An array of this layer's own, at least so long. What the forward step leaves in it is there in
   * the backward step.
   */
  public float[] kept(int length) {
    return scratch.floats(firstArray + layer, length);
  }

  /** y[i] := f(y[i]) for i below n, keeping the slopes where f's output does not tell them. */
  void activate(Activation f, float[] y, int n) {
    if (f instanceof Activation.Sloped sloped) {
      sloped.apply(y, kept(n), n);
    } else {
      f.apply(y, n);
    }
  }

  /** d[i] := d[i] f'(z[i]) for i below n, y being what {@link #activate} made of z. */
  void multiplyDerivative(Activation f, float[] y, float[] d, int n) {
    f.multiplyDerivative(f instanceof Activation.Sloped ? kept(n) : y, d, n);
  }

  /** Place of the layer in the network, from 0. */
  public int layer() {
    return layer;
  }

  /**
   * A number of the round: the same in all partitions and in any retry, and another one in each
   * round and for each seed of the training.
   */
  public long moment() {
    return moment;
  }

  /**
   * A hash of each row's content: the same wherever the row lies. At least as many as there are
   * rows.
   */
  public long[] keys() {
    return keys;
  }
}
