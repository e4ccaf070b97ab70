package dev.schuss.nn;

import dev.schuss.math.SparseRows;

/** A layer that takes sparse rows as they are when it is the first of a network. */
interface SparseInput extends BoundLayer {

  /**
   * y := f(x), as for dense rows.
   *
   * @param y x.rows() x outputs, overwritten
   */
  void forward(float[] w, SparseRows x, float[] y);

  /** y := f(x) as training has it, before {@link #backward}. */
  void forward(float[] w, SparseRows x, float[] y, Training training);

  /**
   * Adds the gradient with respect to this layer's weights; that with respect to x nobody needs.
   *
   * @param y what the training's {@code forward} made of x
   * @param dy gradient with respect to y; may be overwritten
   * @param training the one that {@code forward} was given
   */
  void backward(SparseRows x, float[] y, float[] dy, float[] gradient, Training training);
}
