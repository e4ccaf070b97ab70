package dev.schuss.train;

import dev.schuss.objective.Wire;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.Arrays;
import java.util.List;

/**
 * Points of the space of weights, each a combination of the same few vectors: of a grid they travel
 * as the vectors and a few numbers per point, and a task forms the weights of a point when it comes
 * to it. Where all coefficients but one are 0 and that is 1, the weights are the vector's, to the
 * bit.
 */
public final class WeightPoints implements Externalizable {
  private static final long serialVersionUID = 1;

  private float[][] vectors;
  private double[] coefficients; // point by point, one for each vector
  private int[] held; // from, to, from, to ...

  /** For deserialization. */
  public WeightPoints() {}

  /**
   * Points.
   *
   * @param vectors at least one, all of one length; not copied
   * @param coefficients of each point one for each vector; at least one point
   * @param held places of the vectors, each a first index and one past the last, where a point is
   *     kept between the smallest and the largest of the vectors: a variance, say, which must not
   *     become negative
   * @throws IllegalArgumentException if lengths do not agree
   */
  public WeightPoints(List<float[]> vectors, List<double[]> coefficients, List<int[]> held) {
    int n = vectors.isEmpty() ? 0 : vectors.get(0).length;
    if (vectors.isEmpty() || vectors.stream().anyMatch(v -> v.length != n)) {
      throw new IllegalArgumentException(
          "vectors of %s numbers: must be of one length"
              .formatted(vectors.stream().map(v -> v.length).toList()));
    }
    if (coefficients.isEmpty() || coefficients.stream().anyMatch(c -> c.length != vectors.size())) {
      throw new IllegalArgumentException(
          "points of %s coefficients: must be %d"
              .formatted(
                  coefficients.stream().map(c -> c.length).distinct().toList(), vectors.size()));
    }
    this.vectors = vectors.toArray(float[][]::new);
    this.coefficients = coefficients.stream().flatMapToDouble(Arrays::stream).toArray();
    this.held = held.stream().flatMapToInt(Arrays::stream).toArray();
  }

  /** Number of points. */
  public int count() {
    return coefficients.length / vectors.length;
  }

  /** Number of weights of a point. */
  public int size() {
    return vectors[0].length;
  }

  /** Number of vectors that they are made of. */
  int vectors() {
    return vectors.length;
  }

  /**
   * The weights of a point: summed in double precision, rounded once.
   *
   * @param point from 0 to {@link #count} - 1
   * @param into {@link #size} numbers, overwritten
   */
  public void at(int point, float[] into) {
    int n = vectors.length;
    for (int i = 0; i < into.length; i++) {
      double sum = 0;
      for (int k = 0; k < n; k++) {
        sum += coefficients[point * n + k] * vectors[k][i];
      }
      into[i] = (float) sum;
    }
    for (int h = 0; h < held.length; h += 2) {
      for (int i = held[h]; i < held[h + 1]; i++) {
        float low = vectors[0][i];
        float high = low;
        for (int k = 1; k < n; k++) {
          low = Math.min(low, vectors[k][i]);
          high = Math.max(high, vectors[k][i]);
        }
        into[i] = Math.max(low, Math.min(high, into[i]));
      }
    }
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(vectors.length);
    for (float[] vector : vectors) {
      Wire.writeFloats(out, vector);
    }
    Wire.writeDoubles(out, coefficients);
    Wire.writeInts(out, held);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    vectors = new float[in.readInt()][];
    for (int k = 0; k < vectors.length; k++) {
      vectors[k] = Wire.readFloats(in);
    }
    coefficients = Wire.readDoubles(in);
    held = Wire.readInts(in);
  }
}
