package dev.schuss.data;

import dev.schuss.model.Preprocessing;
import dev.schuss.objective.Task;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Turns raw blocks into those that are trained on: one side of the split, classes numbered,
 * features scaled. A block that stays as it is shares its arrays with the raw one.
 *
 * @param preprocessing classes and scaling
 * @param split which rows are kept for validation
 * @param validation whether this is the validation side
 * @param weighted whether rows have weights of their own
 * @param withIds whether rows have ids
 */
record Finisher(
    Preprocessing preprocessing, Split split, boolean validation, boolean weighted, boolean withIds)
    implements Serializable {

  Block finish(RawBlock raw) {
    Block block = raw.block();
    int[] kept = kept(raw);
    if (kept.length == block.rows() && kept.length > 0 && !preprocessing.scales()) {
      return preprocessing.task() == Task.CLASSIFICATION
          ? block.withTargets(classTargets(raw))
          : block;
    }
    int width = preprocessing.width();
    int targetWidth = preprocessing.targetWidth();
    BlockBuilder to =
        new BlockBuilder(block.partition(), kept.length, width, targetWidth, weighted, withIds);
    for (int i = 0; i < kept.length; i++) {
      int row = kept[i];
      to.features(i, block.featurePage(row), block.featureOffset(row));
      if (preprocessing.task() == Task.CLASSIFICATION) {
        to.target(i, 0, preprocessing.classIndex(raw.label(row)));
      } else {
        for (int j = 0; j < targetWidth; j++) {
          to.target(i, j, block.target(row, j));
        }
      }
      to.weight(i, block.weight(row));
      to.key(i, block.key(row));
      if (withIds) {
        to.id(i, block.id(row));
      }
    }
    for (float[] page : to.featurePages()) {
      preprocessing.apply(page, page.length / width);
    }
    return to.build();
  }

  private int[] kept(RawBlock raw) {
    int rows = raw.block().rows();
    int[] kept = new int[rows];
    int n = 0;
    for (int row = 0; row < rows; row++) {
      if (split.validates(raw, row) == validation) {
        kept[n++] = row;
      }
    }
    return Arrays.copyOf(kept, n);
  }

  private float[][] classTargets(RawBlock raw) {
    int shift = raw.block().pageShift();
    float[][] targets = BlockBuilder.paged(raw.block().rows(), 1, shift);
    int row = 0;
    for (float[] page : targets) {
      for (int i = 0; i < page.length; i++, row++) {
        page[i] = preprocessing.classIndex(raw.label(row));
      }
    }
    return targets;
  }
}
