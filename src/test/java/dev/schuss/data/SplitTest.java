package dev.schuss.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.TestSpark;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class SplitTest {

  /** Rows i of label i mod 7 (class 0 twice as often), and feature i / repeat. */
  private static Dataset<Row> table(int rows, int repeat) {
    return TestSpark.session()
        .range(0, rows, 1, 3)
        .selectExpr(
            "cast(floor(id / " + repeat + ") as double) as x",
            "cast(floor(id / " + repeat + ") % 7 % 6 as int) as y",
            "id");
  }

  private static Prepared split(Dataset<Row> data, Task task, double fraction, long seed, int p) {
    Columns columns = new Columns(List.of("x"), List.of("y"), null, "id");
    return DataPreparation.training(data, columns, task, Scaling.none(), fraction, seed, p);
  }

  private static List<Long> ids(Blocks blocks) {
    List<Long> ids = new ArrayList<>();
    for (Block block : blocks.rdd().collect()) {
      for (int row : block.inOrder()) {
        ids.add(block.id(row));
      }
    }
    ids.sort(null);
    return ids;
  }

  private static Map<Integer, Integer> classes(Blocks blocks) {
    TreeMap<Integer, Integer> counts = new TreeMap<>();
    for (Block block : blocks.rdd().collect()) {
      for (int row : block.inOrder()) {
        counts.merge((int) block.target(row, 0), 1, Integer::sum);
      }
    }
    return counts;
  }

  @Test
  void everyClassGivesItsRoundedShare() {
    for (double fraction : new double[] {.1, .25, .003, .97}) {
      List<Long> expected = null;
      for (int p : new int[] {1, 2, 7, 33}) {
        try (Prepared split = split(table(20_000, 1), Task.CLASSIFICATION, fraction, 3, p)) {
          List<Long> validation = ids(split.validation());
          List<Long> all = ids(split.train());
          all.addAll(validation);
          assertThat(all).hasSize(20_000).doesNotHaveDuplicates();
          expected = expected == null ? validation : expected;
          assertThat(validation).isEqualTo(expected);
          Map<Integer, Integer> train = classes(split.train());
          classes(split.validation())
              .forEach(
                  (c, kept) ->
                      assertThat(kept)
                          .isEqualTo((int) Math.round(fraction * (kept + train.get(c)))));
        }
      }
    }
  }

  @Test
  void theSeedChooses() {
    try (Prepared a = split(table(500, 1), Task.CLASSIFICATION, .2, 1, 2);
        Prepared b = split(table(500, 1), Task.CLASSIFICATION, .2, 2, 2)) {
      assertThat(ids(a.validation())).isNotEqualTo(ids(b.validation()));
    }
  }

  @Test
  void regressionIsOneStratum() {
    try (Prepared split = split(table(1001, 1), Task.REGRESSION, .1, 1, 3)) {
      assertThat(split.validation().rows()).isEqualTo(100);
      assertThat(split.train().rows()).isEqualTo(901);
    }
  }

  @Test
  void equalRowsStayTogetherAsNearToTheShareAsTheyCan() {
    for (int repeat : new int[] {3, 50, 400}) {
      try (Prepared split = split(table(20_000, repeat), Task.REGRESSION, .1, 1, 3)) {
        assertThat(split.validation().rows() % repeat).isZero();
        assertThat(Math.abs(split.validation().rows() - 2000L)).isLessThanOrEqualTo(repeat / 2);
        assertThat(split.validation().rows() + split.train().rows()).isEqualTo(20_000);
      }
    }
  }

  @Test
  void aClassKeepsATrainingRow() {
    // Class 0 (x = 0) and class 1 (x = 1) of ten equal rows each: none may leave.
    assertThatThrownBy(() -> split(table(20, 10), Task.CLASSIFICATION, .9, 1, 2))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "a validation fraction of 0.9 leaves no validation rows of 20: raise it or name a validation source");
    try (Prepared split = split(table(7, 1), Task.CLASSIFICATION, .9, 1, 2)) {
      // Class 0 has two rows and gives one; the others have one row and keep it.
      assertThat(split.validation().rows()).isEqualTo(1);
      assertThat(classes(split.train())).hasSize(6);
    }
    assertThatThrownBy(() -> split(table(7, 1), Task.CLASSIFICATION, 1, 1, 2))
        .hasMessage("validation fraction 1.0: must be in [0, 1)");
  }
}
