package dev.schuss.data;

import dev.schuss.math.SparseRows;
import dev.schuss.model.Preprocessing;
import dev.schuss.model.SparseScaling;
import dev.schuss.objective.Task;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Turns raw blocks into those that are trained on: one part of the split, classes numbered,
 * features scaled. A block that stays as it is shares its arrays with the raw one.
 *
 * @param preprocessing classes and scaling
 * @param codes what classes are in raw blocks; null unless the task is classification
 * @param split which rows are kept for what
 * @param part the one that is wanted
 * @param weighted whether rows have weights of their own
 * @param classWeights by which the weights are multiplied; null for none
 * @param withIds whether rows have ids
 * @param mostEntries entries of the fullest raw row where the blocks are to be sparse; else -1
 */
record Finisher(
    Preprocessing preprocessing,
    LabelCode codes,
    Split split,
    Split.Part part,
    boolean weighted,
    float[] classWeights,
    boolean withIds,
    int mostEntries)
    implements Serializable {

  Block finish(RawBlock raw) {
    Block block = raw.block();
    int[] kept = kept(raw);
    boolean sparse = mostEntries >= 0;
    boolean asItIs =
        kept.length == block.rows()
            && block.width() == preprocessing.width()
            && block.sparse() == sparse
            && !preprocessing.changes()
            && classWeights == null;
    if (asItIs && kept.length > 0) {
      return codes == null ? block : block.withTargets(classTargets(raw));
    }
    BlockBuilder to = builder(block.partition(), kept.length);
    addFeatures(block, kept, to);
    int targetWidth = preprocessing.targetWidth();
    for (int i = 0; i < kept.length; i++) {
      int row = kept[i];
      float weight = block.weight(row);
      if (preprocessing.task() == Task.CLASSIFICATION) {
        int target = codes.classIndex(raw.label(row));
        to.target(i, 0, target);
        weight *= classWeights == null ? 1f : classWeights[target];
      } else {
        for (int j = 0; j < targetWidth; j++) {
          to.target(i, j, block.target(row, j));
        }
      }
      to.weight(i, weight);
      to.key(i, block.key(row));
      if (withIds) {
        to.id(i, block.id(row));
      }
    }
    return to.build();
  }

  private BlockBuilder builder(int partition, int rows) {
    int entries = mostEntries;
    if (mostEntries >= 0) {
      int always = new SparseScaling(preprocessing).always();
      entries = (int) Math.min(preprocessing.width(), (long) mostEntries + always);
    }
    return new BlockBuilder(
        partition,
        rows,
        preprocessing.width(),
        preprocessing.targetWidth(),
        weighted || classWeights != null,
        withIds,
        entries);
  }

  private void addFeatures(Block block, int[] kept, BlockBuilder to) {
    if (mostEntries >= 0) {
      SparseScaling scaling = new SparseScaling(preprocessing);
      SparseRows one = new SparseRows();
      for (int i = 0; i < kept.length; i++) {
        if (block.sparse()) {
          scaling.apply(block.sparsePage(kept[i]), block.inPage(kept[i]), to.sparsePage(i));
        } else {
          one.clear();
          one.append(block.featurePage(kept[i]), block.featureOffset(kept[i]), block.width());
          scaling.apply(one, 0, to.sparsePage(i));
        }
      }
      return;
    }
    for (int i = 0; i < kept.length; i++) {
      if (block.sparse()) {
        to.features(i, block.sparsePage(kept[i]), block.inPage(kept[i]));
      } else {
        to.features(i, block.featurePage(kept[i]), block.featureOffset(kept[i]));
      }
    }
    for (float[] page : to.featurePages()) {
      preprocessing.apply(page, page.length / preprocessing.width());
    }
  }

  private int[] kept(RawBlock raw) {
    int rows = raw.block().rows();
    int[] kept = new int[rows];
    int n = 0;
    for (int row = 0; row < rows; row++) {
      if (split.part(raw, row) == part) {
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
        page[i] = codes.classIndex(raw.label(row));
      }
    }
    return targets;
  }
}
