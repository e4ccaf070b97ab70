package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.math.Mix;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AreaUnderRocTest {

  private record Row(float score, boolean positive, float weight) {}

  private static AreaUnderRoc of(List<Row> rows) {
    AreaUnderRoc area = new AreaUnderRoc();
    rows.forEach(row -> area.add(row.score, row.positive, row.weight));
    return area;
  }

  /** The definition: every pair of a positive and a negative row. */
  private static double byPairs(List<Row> rows) {
    double won = 0;
    double all = 0;
    for (Row p : rows) {
      for (Row n : rows) {
        if (p.positive && !n.positive) {
          double pair = (double) p.weight * n.weight;
          won += p.score > n.score ? pair : p.score == n.score ? pair / 2 : 0;
          all += pair;
        }
      }
    }
    return won / all;
  }

  /** Few distinct scores, so that there are ties, both zeros and rows without weight among them. */
  private static List<Row> rows(long seed, int count) {
    Mix random = new Mix(seed);
    float[] scores = {-0f, 0f, 1e-30f, -3f, 2.5f, 1e30f, -1e30f, Float.POSITIVE_INFINITY};
    List<Row> rows = new ArrayList<>(List.of(new Row(1, true, 1), new Row(1, false, 2)));
    for (int i = 0; i < count; i++) {
      float score =
          random.nextInt(2) == 0
              ? scores[random.nextInt(scores.length)]
              : (float) random.nextGaussian();
      rows.add(new Row(score, random.nextInt(3) == 0, random.nextInt(4) * 0.5f));
    }
    return rows;
  }

  @Property(tries = 200)
  void isTheShareOfPairsHoweverRowsAreSpread(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 300) int count,
      @ForAll @IntRange(min = 1, max = 5) int parts) {
    List<Row> rows = rows(seed, count);
    AreaUnderRoc merged = new AreaUnderRoc();
    for (int part = 0; part < parts; part++) {
      List<Row> share = new ArrayList<>();
      for (int i = part; i < rows.size(); i += parts) {
        share.add(rows.get(i));
      }
      merged.merge(of(part == 1 ? List.of() : share));
      if (part == 1) {
        share.forEach(row -> merged.add(row.score, row.positive, row.weight));
      }
    }
    assertThat(merged.value()).isCloseTo(byPairs(rows), within(1e-12));
  }

  /** More distinct scores than bins, where a histogram of fixed bins would see one score only. */
  @Test
  void isCloseWhereScoresAreManyAndNear() {
    for (float centre : new float[] {0, 0.5f, -9}) {
      Mix random = new Mix(1);
      List<Row> rows = new ArrayList<>();
      double[] scores = new double[300_000];
      for (int i = 0; i < scores.length; i++) {
        boolean positive = random.nextInt(5) == 0;
        float score = centre + (float) (0.1 * (random.nextGaussian() + (positive ? 1 : 0)));
        rows.add(new Row(score, positive, 1));
      }
      AreaUnderRoc one = of(rows);
      AreaUnderRoc many = new AreaUnderRoc();
      for (int part = 0; part < 7; part++) {
        many.merge(of(rows.subList(part * scores.length / 7, (part + 1) * scores.length / 7)));
      }
      assertThat(one.bins()).isBetween(AreaUnderRoc.MAX_BINS / 2 - 1, AreaUnderRoc.MAX_BINS);
      assertThat(one.value()).isCloseTo(bySorting(rows), within(1e-4));
      assertThat(many.bins()).isEqualTo(one.bins());
      assertThat(many.value()).as("spread over partitions").isEqualTo(one.value());
    }
  }

  private static double bySorting(List<Row> rows) {
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort((a, b) -> Float.compare(a.score, b.score));
    double pairs = 0;
    double negatives = 0;
    for (int from = 0; from < sorted.size(); ) {
      int to = from;
      double p = 0;
      double n = 0;
      for (; to < sorted.size() && sorted.get(to).score == sorted.get(from).score; to++) {
        p += sorted.get(to).positive ? 1 : 0;
        n += sorted.get(to).positive ? 0 : 1;
      }
      pairs += p * (negatives + n / 2);
      negatives += n;
      from = to;
    }
    return pairs / negatives / (sorted.size() - negatives);
  }

  @Test
  void oneClassHasNoArea() {
    assertThat(of(List.of()).value()).isNull();
    assertThat(of(List.of(new Row(1, true, 1), new Row(2, true, 1))).value()).isNull();
    assertThat(of(List.of(new Row(1, false, 1), new Row(2, true, 0))).value()).isNull();
    assertThat(of(List.of(new Row(1, false, 1), new Row(Float.NaN, true, 1))).value()).isNaN();
  }
}
