package dev.schuss.nn;

import dev.schuss.math.SparseRows;
import dev.schuss.objective.Batch;

/**
 * A network's way from inputs to outputs, with arrays of its own that are used again: once they
 * have grown, nothing is allocated. One per thread.
 */
public final class ForwardPass {
  private final BoundLayer[] layers;
  private final float[] w;
  private final OutputForm form;
  private final float[][] made; // by each layer
  private float[] scores = {};

  ForwardPass(BoundLayer[] layers, float[] w, OutputForm form) {
    this.layers = layers;
    this.w = w;
    this.form = form;
    this.made = new float[layers.length][0];
  }

  /**
   * Runs dense rows.
   *
   * @param x at least rows x inputs
   * @return rows x outputs floats, class scores or predicted values, in an array that the next call
   *     overwrites and that may be longer
   */
  public float[] run(float[] x, int rows) {
    return from(0, x, rows);
  }

  /**
   * Runs a batch, whose sparse rows are taken as they are where the first layer can.
   *
   * @return rows x outputs floats, in an array that the next call overwrites and that may be longer
   */
  public float[] run(Batch batch) {
    SparseRows sparse = batch.sparse();
    if (sparse == null || !(layers[0] instanceof SparseInput first)) {
      return run(batch.features(), batch.rows());
    }
    float[] y = room(0, batch.rows());
    first.forward(w, sparse, y);
    return from(1, y, batch.rows());
  }

  private float[] from(int layer, float[] input, int rows) {
    float[] x = input;
    for (int i = layer; i < layers.length; i++) {
      float[] y = room(i, rows);
      layers[i].forward(w, x, rows, y);
      x = y;
    }
    int units = width(layers.length - 1);
    if (scores.length < rows * 2 && form == OutputForm.TWO_CLASSES) {
      scores = new float[rows * 2];
    }
    return form.of(x, rows, units, scores);
  }

  /** Number of layers, the output layer included. */
  public int layers() {
    return layers.length;
  }

  /** Floats per row that a layer makes. */
  public int width(int layer) {
    return layers[layer].outputs();
  }

  /** The narrowest hidden layer, the first of equally narrow ones; -1 if there is none. */
  public int codeLayer() {
    int narrowest = -1;
    for (int i = 0; i < layers.length - 1; i++) {
      if (narrowest < 0 || width(i) < width(narrowest)) {
        narrowest = i;
      }
    }
    return narrowest;
  }

  /** Floats per row of the widest layer. */
  public int widest() {
    int widest = 0;
    for (BoundLayer layer : layers) {
      widest = Math.max(widest, layer.outputs());
    }
    return widest;
  }

  /** What a layer made of the rows that were run last: at least rows x width floats. */
  public float[] made(int layer) {
    return made[layer];
  }

  private float[] room(int layer, int rows) {
    int floats = Math.multiplyExact(rows, layers[layer].outputs());
    if (made[layer].length < floats) {
      made[layer] = new float[floats];
    }
    return made[layer];
  }
}
