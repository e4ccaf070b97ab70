package dev.schuss.nn;

import dev.schuss.math.Mix;
import java.io.Serializable;

/**
 * A layer at its place in a network, with its slice of the flat weight vector. Rows are row-major;
 * arrays may be longer than the rows they hold. Holds no mutable state: several threads use one
 * layer at once.
 */
public interface BoundLayer extends Serializable {

  /** Floats per row that it makes. */
  int outputs();

  /** What a row is that it makes: no image, unless it says so. */
  default Shape shape() {
    return Shape.flat(outputs());
  }

  /** Floats that it makes of a row, those of layers within it included. */
  default long activations() {
    return outputs();
  }

  /** How many arrays of {@link Training#kept} it uses. */
  default int arrays() {
    return 1;
  }

  /** Floating-point operations of forward for a row; 0 where they are few beside a product's. */
  default double operations() {
    return 0;
  }

  /**
   * Rows of a micro-batch in training where the layer mixes them, as a batch normalisation does; 0
   * where each row goes its own way.
   */
  default int ghostBatch() {
    return 0;
  }

  /** Draws the layer's starting weights; what is not drawn stays 0. */
  default void initialize(float[] w, Initializer initializer, Mix random) {}

  /**
   * y := f(x), as predictions and evaluations have it.
   *
   * @param w all weights of the network
   * @param x rows x inputs
   * @param y rows x outputs, overwritten
   */
  void forward(float[] w, float[] x, int rows, float[] y);

  /**
   * y := f(x) as training has it, before {@link #backward}: the same unless the layer keeps
   * numbers, or acts in training only.
   */
  default void forward(float[] w, float[] x, int rows, float[] y, Training training) {
    forward(w, x, rows, y);
  }

  /**
   * Adds the gradient with respect to this layer's weights, and finds the one with respect to x.
   *
   * @param y what the training's {@code forward} made of x
   * @param dy gradient with respect to y, rows x outputs; may be overwritten
   * @param dx gradient with respect to x, rows x inputs, overwritten; null where nobody needs it
   * @param gradient gradient with respect to all weights of the network, to be added to; for
   *     buffers their change, times the rows
   * @param training the one that {@code forward} was given
   */
  void backward(
      float[] w,
      float[] x,
      float[] y,
      int rows,
      float[] dy,
      float[] dx,
      float[] gradient,
      Training training);
}
