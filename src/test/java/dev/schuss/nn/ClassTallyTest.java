package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.math.Mix;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassTallyTest {

  private static ClassTally tally(int classes, float[] scores, float[] targets, float... weights) {
    ClassTally tally = new ClassTally(classes);
    tally.add(scores, targets, weights, targets.length);
    return tally;
  }

  /** Rows of weights 1, 2, 1, 4: right, 0 taken for 2, right (a tie goes to the first), 1 for 0. */
  private static ClassTally example() {
    return tally(
        3,
        new float[] {2, 0, 0, 0, 0, 1, 5, 5, 5, 9, 0, 9},
        new float[] {0, 0, 0, 1},
        new float[] {1, 2, 1, 4});
  }

  @Test
  void countsByWeight() {
    ClassTally t = example();
    assertThat(t.confusion(0, 0)).isEqualTo(2);
    assertThat(t.confusion(0, 2)).isEqualTo(2);
    assertThat(t.confusion(1, 0)).isEqualTo(4);
    assertThat(t.rows(0)).isEqualTo(3);
    assertThat(t.recall(0)).isEqualTo(0.5);
    assertThat(t.precision(0)).isEqualTo(2.0 / 6);
    assertThat(t.f1(0)).isEqualTo(0.4);
    Map<String, Double> figures = t.figures();
    assertThat(figures.get("accuracy")).isEqualTo(0.25);
    assertThat(figures.get("f1")).as("over three classes that occur").isEqualTo(0.4 / 3);
    assertThat(figures.get("recall")).isEqualTo(0.5 / 3);
    assertThat(figures.get("precision")).isEqualTo(1.0 / 9);
    assertThat(figures.get("f1Weighted")).isEqualTo(0.4 * 4 / 8);
    assertThat(figures.get("logLoss"))
        .isCloseTo(
            (Math.log(1 + 2 * Math.exp(-2))
                    + 2 * Math.log(2 + Math.E)
                    + Math.log(3)
                    + 4 * (9 + Math.log(2 + Math.exp(-9))))
                / 8,
            within(1e-9));
  }

  @Test
  void aClassThatDoesNotOccurCountsForNothing() {
    ClassTally t = tally(9, new float[] {3, 1, 0, 0, 0, 0, 0, 0, 0}, new float[] {0}, 1);
    assertThat(t.figures()).containsEntry("f1", 1.0).containsEntry("recall", 1.0);
    assertThat(t.precision(4)).isZero();
    assertThat(t.recall(4)).isZero();
  }

  /** The true class 5 has rank 1, 3 (a tie with an earlier class), 3 and 6. */
  @Test
  void ranksGiveTheTopThreeAndFive() {
    float[] scores = {
      0, 0, 0, 0, 0, 1, //
      3, 2, 0, 0, 0, 2, //
      3, 2, 0, 0, 0, 1, //
      9, 9, 9, 9, 9, 1
    };
    Map<String, Double> figures = tally(6, scores, new float[] {5, 5, 5, 5}, 1, 1, 1, 1).figures();
    assertThat(figures.get("accuracy")).isEqualTo(0.25);
    assertThat(figures.get("top3")).isEqualTo(0.75);
    assertThat(figures.get("top5")).isEqualTo(0.75);
  }

  /** Six equal scores come in the order of their classes: ranks 1, 3 and 4. */
  @Test
  void ofEqualScoresTheFirstClassComesFirst() {
    Map<String, Double> figures = tally(6, new float[18], new float[] {0, 2, 3}, 1, 1, 1).figures();
    assertThat(figures.get("accuracy")).isEqualTo(1 / 3.0);
    assertThat(figures.get("top3")).isEqualTo(2 / 3.0);
    assertThat(figures.get("top5")).isEqualTo(1);
  }

  @Test
  void probabilitiesAreBoundedAsSparkBoundsThem() {
    float[] targets = {1};
    assertThat(tally(2, new float[] {1000, 0}, targets, 1).figures().get("logLoss"))
        .isEqualTo(-Math.log(1e-15));
    assertThat(tally(2, new float[] {0, 1000}, targets, 1).figures().get("logLoss"))
        .isEqualTo(-Math.log1p(-1e-15));
  }

  @Test
  void scoresThatAreNoNumbersAreNoSuccess() {
    Map<String, Double> figures =
        tally(2, new float[] {Float.NaN, Float.NaN, 0, 1}, new float[] {1, 0}, 1, 1).figures();
    assertThat(figures.get("accuracy")).isZero();
    assertThat(figures.get("logLoss")).isNaN();
    assertThat(figures.get("auc")).isNaN();
  }

  @Test
  void theFiguresAreThoseThatAreNamed() {
    for (int classes : new int[] {2, 3, 4, 6, 150}) {
      ClassTally t = new ClassTally(classes);
      assertThat(t.figures()).isEmpty();
      t.add(new float[2 * classes], new float[] {0, 1}, new float[] {1, 1}, 2);
      assertThat(t.figures().keySet())
          .containsExactlyElementsOf(t.metrics().stream().map(m -> m.name()).toList());
    }
    assertThat(new ClassTally(2).metrics().stream().filter(m -> !m.always()).map(m -> m.name()))
        .containsExactly("auc");
    assertThat(tally(2, new float[] {1, 0}, new float[] {0}, 1).figures()).doesNotContainKey("auc");
  }

  @Test
  void mergesAcrossTheWireToTheSame() throws Exception {
    for (int classes : new int[] {2, 5, 120}) {
      Mix random = new Mix(classes);
      ClassTally whole = new ClassTally(classes);
      ClassTally merged = new ClassTally(classes);
      for (int part = 0; part < 4; part++) {
        float[] scores = new float[50 * classes];
        float[] targets = new float[50];
        float[] weights = new float[50];
        for (int i = 0; i < scores.length; i++) {
          scores[i] = random.nextInt(7);
        }
        for (int i = 0; i < 50; i++) {
          targets[i] = random.nextInt(classes);
          weights[i] = random.nextInt(3) * 0.5f;
        }
        int rows = part == 2 ? 0 : 50;
        ClassTally some = new ClassTally(classes);
        some.add(scores, targets, weights, rows);
        whole.add(scores, targets, weights, rows);
        merged.merge(dev.schuss.objective.Copies.copy(some));
      }
      assertThat(merged.figures().keySet()).isEqualTo(whole.figures().keySet());
      whole
          .figures()
          .forEach((name, v) -> assertThat(merged.figures().get(name)).isCloseTo(v, within(1e-9)));
      assertThat(merged.rows(1)).isEqualTo(whole.rows(1));
      assertThat(merged.hasConfusion()).isEqualTo(classes <= 100);
    }
    assertThatThrownBy(() -> new ClassTally(120).confusion(0, 1))
        .hasMessage("120 classes are too many for a confusion matrix: at most 100");
    assertThatThrownBy(() -> new ClassTally(3).merge(new ClassTally(4)))
        .hasMessage("cannot add a tally of 4 classes to a tally of 3 classes");
  }
}
