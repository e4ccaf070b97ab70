package dev.schuss.model;

import java.util.Arrays;

/**
 * Some floats in row-major order, in an array of their own or in a part of a longer one.
 *
 * @param shape sizes, each 0 or more; none for a single number
 * @param array holds the floats; not copied
 * @param from index of the first of them
 */
public record Tensor(int[] shape, float[] array, int from) {

  public Tensor {
    long length = lengthOf(shape);
    if (from < 0 || length > array.length - from) {
      throw new IllegalArgumentException(
          "shape "
              + Arrays.toString(shape)
              + " from "
              + from
              + " does not fit into "
              + array.length
              + " floats");
    }
  }

  /** A tensor that is the whole array. */
  public static Tensor of(float[] array, int... shape) {
    if (lengthOf(shape) != array.length) {
      throw new IllegalArgumentException(
          array.length + " floats are not of shape " + Arrays.toString(shape));
    }
    return new Tensor(shape, array, 0);
  }

  private static long lengthOf(int[] shape) {
    long length = 1;
    for (int size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " is negative");
      }
      length = Math.multiplyExact(length, (long) size);
    }
    return length;
  }

  /** Number of floats: the product of the shape. */
  public int length() {
    return Math.toIntExact(lengthOf(shape));
  }

  /** The floats, in an array of their own. */
  public float[] toArray() {
    return Arrays.copyOfRange(array, from, from + length());
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Tensor t
        && Arrays.equals(shape, t.shape)
        && Arrays.equals(array, from, from + length(), t.array, t.from, t.from + t.length());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(shape) * 31 + Arrays.hashCode(toArray());
  }

  @Override
  public String toString() {
    return "Tensor" + Arrays.toString(shape);
  }
}
