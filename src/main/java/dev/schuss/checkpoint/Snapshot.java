package dev.schuss.checkpoint;

import dev.schuss.model.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a checkpoint holds.
 *
 * @param step by which people know it: the updates made
 * @param arrays by name; not copied
 * @param tree all else, as maps, lists, texts, finite numbers, booleans and null
 */
public record Snapshot(long step, Map<String, Tensor> arrays, Map<String, Object> tree) {
  public Snapshot {
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
    tree = Collections.unmodifiableMap(new LinkedHashMap<>(tree));
  }
}
