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

  /** Free arrays of a length that are kept: enough for the threads that work at once. */
  private static final int KEPT = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());

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

  /** An array of this length with anything in it, to be overwritten. */
  public static float[] any(int length) {
    float[] array = length < SMALL ? null : poll(length);
    return array == null ? new float[length] : array;
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
    if (array == null || array.length < SMALL) {
      return;
    }
    Deque<SoftReference<float[]>> free =
        POOL.computeIfAbsent(array.length, n -> new ConcurrentLinkedDeque<>());
    if (free.size() < KEPT) {
      free.addFirst(new SoftReference<>(array));
    }
  }
}
