package dev.schuss.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MeansTest {
  private static final Metric HIT = Metric.higher("hit");
  private static final Metric MISS = Metric.lower("miss");

  @Test
  void areWeightedOverAllParts() throws Exception {
    Means a = new Means(HIT, MISS);
    Means b = new Means(HIT, MISS);
    a.add(1, 1, 10);
    b.add(3, 0, 2);
    a.merge(Copies.copy(b));
    a.merge(new Means(HIT, MISS));
    assertThat(a.figures()).containsEntry("hit", 0.25).containsEntry("miss", 4.0);
    assertThat(((Means) Copies.copy(a)).metrics()).containsExactly(HIT, MISS);
  }

  @Test
  void withoutRowsThereAreNone() {
    Means means = new Means(HIT);
    means.add(0, 5);
    assertThat(means.figures()).isEmpty();
  }

  @Test
  void whatDoesNotFitIsNamed() {
    assertThatThrownBy(() -> new Means(HIT).merge(new Means(MISS)))
        .hasMessage("cannot add means of [miss] to means of [hit]");
    assertThatThrownBy(() -> new Means(HIT).add(1, 1, 2))
        .hasMessage("2 values of a row for 1 metrics");
  }
}
