package dev.schuss.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.math.SparseRows;
import dev.schuss.objective.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InputRowTest {
  private static final List<Feature> COLUMNS =
      List.of(
          Feature.number("age"),
          Feature.category("colour", List.of("red", "blue"), true),
          Feature.category("size", List.of("3", "10"), false),
          Feature.vector("v", 3));

  /** The inputs of a row, read both ways. */
  private static float[] read(Invalid invalid, Object... cells) throws BadValue {
    InputRow dense = new InputRow(COLUMNS, false, invalid);
    InputRow sparse = new InputRow(COLUMNS, true, invalid);
    for (InputRow row : List.of(dense, sparse)) {
      row.start();
      for (Object cell : cells) {
        row.add(cell);
      }
      row.end();
    }
    float[] full = Arrays.copyOf(dense.dense(), dense.width());
    float[] expanded = new float[sparse.width()];
    for (int k = 0; k < sparse.entries(); k++) {
      expanded[sparse.indices()[k]] = sparse.values()[k];
    }
    assertThat(expanded).containsExactly(full);
    return full;
  }

  @Test
  void everyKindOfCellIsRead() throws BadValue {
    assertThat(read(Invalid.ERROR, 7, "blue", 3.0, new double[] {0, 1, 2}))
        .containsExactly(7, 0, 1, 0, 1, 0, 0, 0, 1, 2);
    assertThat(read(Invalid.ERROR, " 1.5 ", " red ", "10", List.of(4, 0.5f, 6L)))
        .containsExactly(1.5f, 1, 0, 0, 0, 1, 0, 4, .5f, 6);
    assertThat(read(Invalid.ERROR, true, "red", 10L, new byte[] {-1, 0, 1}))
        .containsExactly(1, 1, 0, 0, 0, 1, 0, 255, 0, 1);
    assertThat(read(Invalid.ERROR, -0.0, "red", 3, new float[] {0, 0, -2}))
        .containsExactly(0, 1, 0, 0, 1, 0, 0, 0, 0, -2);
  }

  @Test
  void unknownCategoriesShareTheInputOfTheMissingOnesIfThatWasTrained() throws BadValue {
    float[] v = {1, 1, 1};
    for (Object unknown : new Object[] {"green", null, " "}) {
      assertThat(read(Invalid.ERROR, 0, unknown, unknown, v))
          .containsExactly(0, 0, 0, 1, 0, 0, 0, 1, 1, 1);
    }
  }

  @Test
  void whatCannotBeReadIsNamed() {
    float[] v = {1, 1, 1};
    assertBad("age", "\"ten\" is not a number", "ten", "red", "3", v);
    assertBad("age", "missing value", null, "red", "3", v);
    assertBad("age", "NaN is not a finite number", Double.NaN, "red", "3", v);
    assertBad("age", "1.0E300 does not fit a 32-bit float", 1e300, "red", "3", v);
    assertBad("v", "2 values, but 3 are expected", 1, "red", "3", new float[2]);
    assertBad("v", "1 values, but 3 are expected", 1, "red", "3", 5);
    assertBad("v[1]", "missing value", 1, "red", "3", Arrays.asList(1, null, 3));
    assertBad("v", "missing value", 1, "red", "3", null);
    assertBad("age", "a Thread is not a number", new Thread("t"), "red", "3", v);
    assertThatThrownBy(
            () -> {
              InputRow row = new InputRow(COLUMNS, false, Invalid.ERROR);
              row.start();
              row.add(1);
              row.end();
            })
        .hasMessage("1 of 4 columns were added");
  }

  private static void assertBad(String column, String what, Object... cells) {
    assertThatThrownBy(() -> read(Invalid.ERROR, cells))
        .isInstanceOfSatisfying(BadValue.class, e -> assertThat(e.column()).isEqualTo(column))
        .hasMessage(what);
  }

  @Test
  void keepTurnsMissingNumbersIntoZerosAfterScaling() throws BadValue {
    float[] raw = read(Invalid.KEEP, null, "red", "3", new double[] {1, Double.NaN, 1e300});
    assertThat(raw).containsExactly(Float.NaN, 1, 0, 0, 1, 0, 0, 1, Float.NaN, Float.NaN);
    assertThat(read(Invalid.KEEP, 1, "red", "3", null)).endsWith(Float.NaN, Float.NaN, Float.NaN);
    float[] shift = new float[10];
    float[] divisor = new float[10];
    Arrays.fill(shift, 0.5f);
    Arrays.fill(divisor, 2f);
    Preprocessing scaled =
        new Preprocessing(
            Task.RECONSTRUCTION, COLUMNS, List.of(), null, Invalid.KEEP, shift, divisor);
    scaled.apply(raw, 1);
    assertThat(raw).containsExactly(0, .25f, -.25f, -.25f, .25f, -.25f, -.25f, .25f, 0, 0);
  }

  @Test
  void sparseRowsAreScaledLikeFullOnes() {
    Random random = new Random(1);
    for (int trial = 0; trial < 200; trial++) {
      int width = 1 + random.nextInt(12);
      float[] shift = new float[width];
      float[] divisor = new float[width];
      float[] x = new float[width];
      for (int j = 0; j < width; j++) {
        shift[j] = random.nextInt(3) - 1;
        divisor[j] = 1 + random.nextInt(3);
        x[j] = random.nextInt(6) == 0 ? Float.NaN : random.nextInt(3) - 1;
      }
      boolean none = trial % 5 == 0;
      Preprocessing p =
          new Preprocessing(
              Task.RECONSTRUCTION,
              List.of(Feature.vector("v", width)),
              List.of(),
              null,
              Invalid.KEEP,
              none ? null : shift,
              none ? null : divisor);
      SparseRows raw = new SparseRows();
      raw.append(x, 0, width);
      SparseRows to = new SparseRows();
      new SparseScaling(p).apply(raw, 0, to);
      float[] found = new float[width];
      to.expand(0, found, 0, width);
      p.apply(x, 1);
      for (int j = 0; j < width; j++) {
        assertThat(found[j] + 0f).isEqualTo(x[j] + 0f);
      }
      for (int k = 0; k < to.entries(); k++) {
        assertThat(to.values()[k]).isNotEqualTo(0f);
      }
    }
  }

  @Test
  void classesAreNumbersOrTexts() {
    ClassLabels numbers = ClassLabels.of(-1, 2, 7.5);
    assertThat(numbers.index("2.0")).isEqualTo(1);
    assertThat(numbers.index(" 7.5 ")).isEqualTo(2);
    assertThat(numbers.index("two")).isNegative();
    assertThat(numbers.name(0)).isEqualTo("-1");
    ClassLabels texts = ClassLabels.of(List.of("<=50K", ">50K"));
    assertThat(texts.index(" >50K ")).isEqualTo(1);
    assertThat(texts.index("50K")).isNegative();
    assertThat(texts.index(3)).isNegative();
    assertThat(texts.names()).containsExactly("<=50K", ">50K");
    assertThatThrownBy(texts::numbers).hasMessageContaining("the classes are texts: <=50K, >50K");
    assertThatThrownBy(() -> ClassLabels.of(List.of("b", "a")))
        .hasMessage("classes are not in ascending order at place 1");
  }
}
