package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.math.Mix;
import dev.schuss.objective.Copies;
import org.junit.jupiter.api.Test;

class ValueTallyTest {

  @Test
  void meansAreTakenOverRowsAndOutputs() {
    ValueTally t = new ValueTally(2, true);
    t.add(new float[] {1, 2, 5, 5}, new float[] {0, 2, 8, 6}, new float[] {1, 3}, 2);
    assertThat(t.figures().get("rmse")).isEqualTo(Math.sqrt((1 + 0 + 27 + 3) / 8.0));
    assertThat(t.figures().get("mae")).isEqualTo((1 + 9 + 3) / 8.0);
    assertThat(t.rmse(0)).isEqualTo(Math.sqrt(28 / 4.0));
    double first = 1 - 28 / (36 + 3 * 4.0); // around the weighted mean 6
    double second = 1 - 3 / (9 + 3 * 1.0); // around 5
    assertThat(t.figures().get("r2")).isCloseTo((first + second) / 2, within(1e-12));
  }

  /** Sums of squares near 1e16 would leave nothing of a variance of 1/12. */
  @Test
  void valuesFarFromZeroKeepTheirVariance() {
    Mix random = new Mix(1);
    ValueTally merged = new ValueTally(1, true);
    double[] all = new double[8000];
    for (int part = 0; part < 8; part++) {
      float[] targets = new float[1000];
      float[] values = new float[1000];
      float[] weights = new float[1000];
      for (int i = 0; i < 1000; i++) {
        targets[i] = 1e8f + 8 * random.nextInt(5);
        values[i] = targets[i] + (random.nextInt(2) == 0 ? 8 : -8);
        weights[i] = 1;
        all[part * 1000 + i] = targets[i] - 1e8;
      }
      ValueTally some = new ValueTally(1, true);
      some.add(values, targets, weights, 1000);
      merged.merge(some);
    }
    double mean = 0;
    for (double v : all) {
      mean += v / all.length;
    }
    double squares = 0;
    for (double v : all) {
      squares += (v - mean) * (v - mean);
    }
    assertThat(merged.figures().get("r2")).isCloseTo(1 - 64.0 * all.length / squares, within(1e-7));
  }

  @Test
  void labelsThatAreAllTheSameHaveNoR2() throws Exception {
    ValueTally merged = new ValueTally(2, true);
    for (int part = 0; part < 3; part++) {
      ValueTally some = new ValueTally(2, true);
      some.add(
          new float[] {1, 2, 3, 4}, new float[] {0.1f, 0, 0.1f, part}, new float[] {0.3f, 0.7f}, 2);
      merged.merge(Copies.copy(some));
    }
    merged.merge(new ValueTally(2, true));
    ValueTally second = new ValueTally(1, true);
    for (int part = 0; part < 3; part++) {
      second.add(new float[] {2, 4}, new float[] {0, part}, new float[] {0.3f, 0.7f}, 2);
    }
    assertThat(merged.figures().get("r2"))
        .as("that of the other output")
        .isCloseTo(second.figures().get("r2"), within(1e-12));
    ValueTally constant = new ValueTally(1, true);
    constant.add(new float[] {1, 2}, new float[] {7, 7}, new float[] {1, 1}, 2);
    assertThat(constant.figures()).containsOnlyKeys("rmse", "mae");
    assertThat(new ValueTally(1, true).figures()).isEmpty();
  }

  @Test
  void aReconstructionHasTheSquaredErrorOfARowForR2() {
    ValueTally rows = new ValueTally(3, false);
    rows.add(new float[] {1, 2, 3, 0, 0, 0}, new float[] {0, 0, 0, 0, 1, 0}, new float[] {1, 3}, 2);
    assertThat(rows.figures()).containsEntry("squaredError", (14 + 3 * 1) / 4.0);
    assertThat(rows.metrics().stream().map(m -> m.name()))
        .containsExactly("rmse", "mae", "squaredError");
    assertThatThrownBy(() -> new ValueTally(3, false).merge(new ValueTally(3, true)))
        .hasMessageContaining("cannot add a tally of 3 values and their moments");
  }
}
