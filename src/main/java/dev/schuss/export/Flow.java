package dev.schuss.export;

import dev.schuss.nn.Shape;

/**
 * What one layer gives to the next: a tensor [N, numbers], or [N, channels, height, width] where it
 * is an image.
 */
final class Flow {
  private final Shape shape;
  private final Columns columns;
  private String tensor;

  private Flow(Shape shape, Columns columns, String tensor) {
    this.shape = shape;
    this.columns = columns;
    this.tensor = tensor;
  }

  /** A tensor of this name. */
  static Flow of(String tensor, Shape shape) {
    return new Flow(shape, null, tensor);
  }

  /** Columns that are made one tensor only if a layer asks for it. */
  static Flow of(Columns columns, Shape shape) {
    return new Flow(shape, columns, null);
  }

  Shape shape() {
    return shape;
  }

  /** The columns that it consists of; null behind a layer that mixed them. */
  Columns columns() {
    return columns;
  }

  /** The name of the tensor. */
  String tensor() {
    if (tensor == null) {
      tensor = columns.join();
    }
    return tensor;
  }
}
