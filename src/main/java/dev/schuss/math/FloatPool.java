package dev.schuss.math;

import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Arrays that were used and will be needed again, such as a gradient in every round: a new one
 * costs more to allocate, and to collect, than to clear. Memory that runs short gets them back.
 */
public final class FloatPool {
  /** A smaller array is cheaper to allocate than to look for. */
  private static final int SMALL = 4096;

  private static final Map<Integer, Deque<SoftReference<float[]>>> POOL = new ConcurrentHashMap<>();

  private FloatPool() {}

  /** An array of so many zeros. */
  public static float[] zeros(int length) {
    float[] array = length < SMALL ? null : poll(length);
    if (array == null) {
      return new float[length];
    }
    Arrays.fill(array, 0);
    return array;
  }

  private static float[] poll(int length) {
    Deque<SoftReference<float[]>> free = POOL.get(length);
    float[] array = null;
    for (SoftReference<float[]> r;
        array == null && free != null && (r = free.pollFirst()) != null; ) {
      array = r.get();
    }
    return array;
  }

  /** Takes an array that nobody will use again; null is nothing. */
  public static void give(float[] array) {
    if (array != null && array.length >= SMALL) {
      POOL.computeIfAbsent(array.length, n -> new ConcurrentLinkedDeque<>())
          .addFirst(new SoftReference<>(array));
    }
  }
}
