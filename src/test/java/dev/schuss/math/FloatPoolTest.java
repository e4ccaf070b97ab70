package dev.schuss.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FloatPoolTest {
  private static final int LENGTH = 54_321; // of no other test

  @Test
  void anArrayThatWasGivenComesBack() {
    float[] array = FloatPool.any(LENGTH);
    array[7] = 1;
    FloatPool.give(array);
    assertThat(FloatPool.any(LENGTH)).isSameAs(array);
    FloatPool.give(array);
    assertThat(FloatPool.zeros(LENGTH)).isSameAs(array).containsOnly(0f);
  }

  /** Else arrays that come from elsewhere, such as the network, would pile up. */
  @Test
  void noMoreAreKeptThanThreadsNeed() {
    List<float[]> many = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      many.add(new float[LENGTH + 1]);
    }
    many.forEach(FloatPool::give);
    Set<float[]> back = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 1000; i++) {
      back.add(FloatPool.any(LENGTH + 1));
    }
    long kept = many.stream().filter(back::contains).count();
    assertThat(kept).isBetween(1L, 200L);
  }
}
