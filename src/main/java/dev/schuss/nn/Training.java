package dev.schuss.nn;

import dev.schuss.math.Mix;

/**
 * What a layer is given in the training form of a pass, from its forward to its backward step: room
 * to keep numbers in, and what its random choices follow from. One per thread and micro-batch.
 */
public final class Training {
  private final Scratch scratch = Scratch.ofThread();
  private int firstArray;
  private final long moment;
  private final long[] keys;
  private long layer;

  /**
   * A pass.
   *
   * @param firstArray number of the first of the thread's arrays that nobody else uses
   * @param moment of the round, see {@link dev.schuss.objective.Batch#moment}
   * @param keys of the rows
   */
  Training(int firstArray, long moment, long[] keys) {
    this.firstArray = firstArray;
    this.moment = moment;
    this.keys = keys;
  }

  /**
   * The same pass at another layer.
   *
   * @param array number of the layer's first array
   */
  Training at(int newLayer, int array) {
    layer = newLayer;
    firstArray = array;
    return this;
  }

  /**
   * The same pass at a layer within this one.
   *
   * @param number of the first of this layer's arrays that the inner one has
   * @param inner its place within this one
   */
  Training within(int number, int inner) {
    Training training = new Training(firstArray + number, moment, keys);
    training.layer = Mix.of(layer, inner);
    return training;
  }

  /**
   * An array of this layer's own, at least so long. What the forward step leaves in it is there in
   * the backward step.
   */
  public float[] kept(int length) {
    return kept(0, length);
  }

  /**
   * Another such array.
   *
   * @param number from 0, below the layer's {@link BoundLayer#arrays}
   */
  public float[] kept(int number, int length) {
    return scratch.floats(firstArray + number, length);
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

  /** Place of the layer in the network, from 0; a number of its own within another layer. */
  public long layer() {
    return layer;
  }

  /**
   * Random numbers for a row, of the round, the row's content and the layer: the same wherever the
   * row lies and in any retry, others in each round and for each seed of the training.
   */
  public Mix random(int row) {
    return new Mix(moment, keys[row], layer);
  }
}
