package dev.schuss.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers that have names, as spark.ml's indexes of labels have. */
class ClassLabelsTest {

  private static ClassLabels named(String... names) {
    double[] indexes = new double[names.length];
    for (int i = 0; i < names.length; i++) {
      indexes[i] = i;
    }
    return ClassLabels.of(indexes).named(List.of(names));
  }

  @Test
  void namesAndNumbersAreLabelsWhereNoneIsBoth() {
    for (ClassLabels classes :
        List.of(named("no", "yes"), named("0", "yes"), named("0.0", "yes"))) {
      assertThat(classes.namesAlone()).isFalse();
      assertThat(classes.index("yes ")).isEqualTo(1);
      assertThat(classes.index("1.0")).isEqualTo(1);
      assertThat(classes.index("0")).isZero();
      assertThat(classes.index("2")).isNegative();
      assertThat(classes.index("maybe")).isNegative();
    }
    assertThat(named("no", "yes").listLabels()).isEqualTo("0 = no, 1 = yes");
    assertThat(named("NaN", "Infinity").namesAlone()).isFalse();
    assertThat(ClassLabels.of(3, 7).namesAlone()).isFalse();
    assertThat(ClassLabels.of(3, 7).index("7")).isEqualTo(1);
  }

  @Test
  void namesAreLabelsWhereTheyAreNumbersOfOtherClasses() {
    ClassLabels classes = named("7", "1.0", "0", "x");
    assertThat(classes.namesAlone()).isTrue();
    assertThat(classes.index("7.0")).isZero();
    assertThat(classes.index("0")).isEqualTo(2);
    assertThat(classes.index("1")).isEqualTo(1);
    assertThat(classes.index("3")).as("an index").isNegative();
    assertThat(classes.index("x")).isEqualTo(3);
    assertThat(classes.listLabels()).isEqualTo("7, 1.0, 0, x");
    assertThat(classes.list()).isEqualTo("0 = 7, 1 = 1.0, 2 = 0, 3 = x");
    assertThat(classes.unnamed()).isEqualTo(ClassLabels.of(0, 1, 2, 3));
  }

  @Test
  void aNameOfSeveralClassesIsNone() {
    assertThat(named("7", "7.0", "a", "a").index("7")).isNegative();
    assertThat(named("7", "7.0", "a", "a").index("a")).isNegative();
  }
}
