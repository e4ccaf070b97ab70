package dev.schuss.train;

import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.model.Tensor;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import java.util.Map;

/** Flat vectors of a layout as tensors of its segments, named {@code weights/dense0.bias}. */
final class FlatArrays {
  private FlatArrays() {}

  /** Puts the segments of a flat vector under their names; nothing is copied. */
  static void split(Layout layout, String name, float[] flat, Map<String, Tensor> into) {
    for (Segment s : layout.segments()) {
      into.put(name(name, s), new Tensor(s.shape(), flat, s.offset()));
    }
  }

  /**
   * Moves the segments into a flat vector; null if there are none of this name.
   *
   * @param arrays which lose them, for the memory
   */
  static float[] gather(Layout layout, Map<String, Tensor> arrays, String name) {
    if (!arrays.containsKey(name(name, layout.segments().get(0)))) {
      return null;
    }
    float[] flat = new float[layout.size()];
    for (Segment s : layout.segments()) {
      Tensor tensor = arrays.remove(name(name, s));
      if (tensor == null || tensor.length() != s.length()) {
        throw new CheckpointException(
            "the checkpoint's array %s is %s, where %d numbers belong"
                .formatted(name(name, s), tensor == null ? "missing" : tensor, s.length()));
      }
      System.arraycopy(tensor.array(), tensor.from(), flat, s.offset(), s.length());
    }
    return flat;
  }

  private static String name(String name, Segment s) {
    return name + "/" + s.name();
  }
}
