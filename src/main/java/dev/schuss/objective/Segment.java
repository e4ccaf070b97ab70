package dev.schuss.objective;

import java.io.Serializable;
import java.util.Arrays;

/**
 * One layer's slice of the flat parameter vector.
 *
 * @param name unique, such as {@code dense0.weight}
 * @param shape row-major sizes, such as [units, inputs]
 * @param offset first index in the flat vector
 * @param trainable false for buffers, which the optimizer leaves alone
 */
public record Segment(String name, int[] shape, int offset, boolean trainable)
    implements Serializable {

  /** Number of floats: the product of the shape. */
  public int length() {
    int length = 1;
    for (int size : shape) {
      length = Math.multiplyExact(length, size);
    }
    return length;
  }

  /** One past the last index in the flat vector. */
  public int end() {
    return offset + length();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Segment s
        && name.equals(s.name)
        && Arrays.equals(shape, s.shape)
        && offset == s.offset
        && trainable == s.trainable;
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + offset;
  }

  @Override
  public String toString() {
    return name + Arrays.toString(shape) + "@" + offset;
  }
}
