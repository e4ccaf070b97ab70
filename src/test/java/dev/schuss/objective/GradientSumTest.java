package dev.schuss.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.math.Blas;
import dev.schuss.math.Mix;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientSumTest {
  private static final int SIZE = 200_001; // several threads' chunks, and a rest

  @Test
  void mergingAllAtOnceGivesTheBitsOfOneAfterTheOther() {
    List<GradientSum> parts = List.of(sum(1), sum(2), new GradientSum(SIZE), sum(3));
    GradientSum expected = new GradientSum(SIZE);
    parts.forEach(part -> expected.merge(copy(part)));
    float[] untouched = parts.get(1).gradient().clone();

    GradientSum all = new GradientSum(SIZE).mergeAll(parts);

    assertThat(all.gradient()).isEqualTo(expected.gradient());
    assertThat(all.lossSum()).isEqualTo(expected.lossSum());
    assertThat(all.weightSum()).isEqualTo(expected.weightSum());
    assertThat(all.rows()).isEqualTo(6);
    assertThat(all.blas()).isEqualTo(Blas.Kind.JAVA.bit());
    assertThat(all.computeNanos()).isEqualTo(3);
    assertThat(all.nonFinitePartition()).isEqualTo(-1);
    assertThat(parts.get(1).gradient()).isEqualTo(untouched).isNotSameAs(all.gradient());
  }

  @Test
  void aClearedSumIsEmptyAndKeepsItsArray() {
    GradientSum sum = sum(5);
    float[] array = sum.gradient();
    array[7] = Float.NaN;
    sum.seal(5, Blas.Kind.JAVA, 9);
    assertThat(sum.nonFinitePartition()).isEqualTo(5);

    sum.clear();

    assertThat(sum.gradient()).isSameAs(array).containsOnly(0);
    assertThat(sum.nonFinitePartition()).isEqualTo(-1);
    assertThat(sum.rows()).isZero();
    assertThat(sum.lossSum()).isZero();
    assertThat(sum.weightSum()).isZero();
    assertThat(sum.blas()).isZero();
    assertThat(sum.computeNanos()).isZero();
  }

  @Test
  void sumsOfOtherSizesAreRefused() {
    assertThatThrownBy(() -> new GradientSum(3).mergeAll(List.of(new GradientSum(4))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot add a gradient of 4 parameters to one of 3");
  }

  private static GradientSum sum(int seed) {
    GradientSum sum = new GradientSum(SIZE);
    Mix random = new Mix(seed);
    for (int i = 0; i < SIZE; i++) {
      sum.gradient()[i] = (float) random.nextGaussian();
    }
    sum.addRows(random.nextGaussian(), random.nextDouble(), seed);
    sum.seal(seed, Blas.Kind.JAVA, seed);
    return sum;
  }

  private static GradientSum copy(GradientSum sum) {
    return new GradientSum(SIZE).mergeAll(List.of(sum));
  }
}
