package dev.schuss.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MixTest {

  /** The first numbers of SplitMix64 from seed 1234567, as published with the reference code. */
  @Test
  void mixIsTheFinaliserOfSplitMix64() {
    long golden = 0x9E3779B97F4A7C15L;
    long[] published = {
      6457827717110365317L, 3203168211198807973L, -8629252141511181193L, 4593380528125082431L
    };
    for (int i = 0; i < published.length; i++) {
      assertThat(Mix.mix(1234567 + (i + 1) * golden)).isEqualTo(published[i]);
    }
  }

  /** Saved runs depend on these numbers: a change of any is a change of the format. */
  @Test
  void aSeedGivesTheSameNumbersForever() {
    assertThat(Mix.of()).isEqualTo(0x9E3779B97F4A7C15L);
    assertThat(new long[] {Mix.of(0), Mix.of(1), Mix.of(1, 2), Mix.of(2, 1), Mix.of(-1, 0, 7)})
        .containsExactly(
            7960286522194355700L,
            5289607846621131649L,
            3908368552076364488L,
            3453210084742534198L,
            2899676013569050150L);
    Mix mix = new Mix(42, 1);
    assertThat(new long[] {mix.nextLong(), mix.nextLong(), mix.nextInt(1000), mix.nextInt(10)})
        .containsExactly(-4763887371901415331L, 8394320050690595275L, 796, 3);
    assertThat(new double[] {mix.nextDouble(), mix.nextGaussian(), mix.nextGaussian()})
        .containsExactly(0.971917012269255, -0.1866324741778488, -0.1483122901866303);
  }

  @Test
  void everySeedNumberAndItsPlaceCount() {
    Set<Long> seen = new HashSet<>();
    for (long i = -50; i < 50; i++) {
      seen.add(Mix.of(i));
      for (long j = -50; j < 50; j++) {
        seen.add(Mix.of(i, j));
      }
    }
    assertThat(seen).hasSize(100 + 100 * 100);
  }

  @Test
  void everyInputBitFlipsHalfOfTheOutput() {
    Mix mix = new Mix(3);
    for (int bit = 0; bit < 64; bit++) {
      int flipped = 0;
      for (int i = 0; i < 500; i++) {
        long z = mix.nextLong();
        flipped += Long.bitCount(Mix.of(z) ^ Mix.of(z ^ (1L << bit)));
      }
      assertThat(flipped / 500.0).as("bit %d", bit).isCloseTo(32, within(1.0));
    }
  }

  @Property(tries = 500)
  void nextIntStaysBelowItsBound(
      @ForAll @IntRange(min = 1, max = Integer.MAX_VALUE) int bound, @ForAll long seed) {
    Mix mix = new Mix(seed);
    for (int i = 0; i < 50; i++) {
      assertThat(mix.nextInt(bound)).isBetween(0, bound - 1);
    }
  }

  @Test
  void nextIntIsUniform() {
    int[] counts = new int[7];
    Mix mix = new Mix(5);
    for (int i = 0; i < 70_000; i++) {
      counts[mix.nextInt(7)]++;
    }
    for (int count : counts) {
      assertThat(count).isCloseTo(10_000, within(500));
    }
    assertThat(new Mix(9).nextInt(1)).isZero();
  }

  @Test
  void doublesAndGaussiansHaveTheirMoments() {
    Mix mix = new Mix(11);
    int n = 400_000;
    double[] uniform = new double[3];
    double[] normal = new double[5];
    for (int i = 0; i < n; i++) {
      double u = mix.nextDouble();
      assertThat(u >= 0 && u < 1).isTrue();
      double g = mix.nextGaussian();
      for (int power = 1; power < 5; power++) {
        normal[power] += Math.pow(g, power) / n;
        if (power < 3) {
          uniform[power] += Math.pow(u, power) / n;
        }
      }
    }
    assertThat(uniform[1]).isCloseTo(0.5, within(0.003));
    assertThat(uniform[2]).isCloseTo(1 / 3.0, within(0.003));
    assertThat(normal[1]).isCloseTo(0, within(0.01));
    assertThat(normal[2]).isCloseTo(1, within(0.015));
    assertThat(normal[3]).isCloseTo(0, within(0.05));
    assertThat(normal[4]).isCloseTo(3, within(0.1));
  }
}
