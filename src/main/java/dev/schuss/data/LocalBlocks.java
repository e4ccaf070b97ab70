package dev.schuss.data;

import dev.schuss.math.Vectors;
import java.util.ArrayList;
import java.util.List;

/** Blocks without Spark, from arrays: for each set of raw rows the same bits as on Spark. */
public final class LocalBlocks {

  private LocalBlocks() {}

  /**
   * Packs rows into blocks.
   *
   * @param features row-major, rows x width
   * @param width features per row, at least 1
   * @param targets row-major, rows x targetWidth; a class is its index
   * @param targetWidth targets per row; 0 where the target is the input
   * @param weights one per row, 0 or more; or null for unit weights
   * @param ids one per row, unique; or null
   * @param partitions number of blocks, at least 1
   * @return one block per partition, some of them perhaps empty
   * @throws IllegalArgumentException if the lengths do not agree, or a number is not finite
   */
  public static List<Block> of(
      float[] features,
      int width,
      float[] targets,
      int targetWidth,
      float[] weights,
      long[] ids,
      int partitions) {
    if (width < 1 || features.length % width != 0) {
      throw new IllegalArgumentException(
          features.length + " features do not make rows of " + width);
    }
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions = " + partitions + ": must be at least 1");
    }
    int rows = features.length / width;
    checkLength("targets", targets.length, (long) rows * targetWidth);
    checkLength("weights", weights == null ? rows : weights.length, rows);
    checkLength("ids", ids == null ? rows : ids.length, rows);
    checkFinite("features", features);
    checkFinite("targets", targets);
    if (weights != null) {
      checkFinite("weights", weights);
    }
    Chunk.Shape shape = new Chunk.Shape(width, targetWidth, weights != null, ids != null);
    double[] labels = new double[targets.length];
    for (int i = 0; i < targets.length; i++) {
      labels[i] = targets[i];
    }
    List<Chunk> chunks = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      chunks.add(new Chunk(shape, 0, false));
    }
    for (int row = 0; row < rows; row++) {
      float weight = weights == null ? 1f : weights[row];
      long key =
          Canonical.key(
              features, row * width, width, labels, row * targetWidth, targetWidth, weight);
      chunks
          .get(Canonical.partition(key, partitions))
          .add(features, labels, row, weight, key, ids == null ? 0 : ids[row]);
    }
    List<Block> blocks = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      blocks.add(Canonical.merge(p, List.of(chunks.get(p)), shape).block());
    }
    return blocks;
  }

  private static void checkLength(String what, long found, long expected) {
    if (found != expected) {
      throw new IllegalArgumentException(found + " " + what + ", expected " + expected);
    }
  }

  private static void checkFinite(String what, float[] values) {
    if (!Vectors.allFinite(values, 0, values.length)) {
      throw new IllegalArgumentException(what + " hold NaN or infinity");
    }
  }
}
