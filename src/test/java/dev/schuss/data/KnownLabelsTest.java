package dev.schuss.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.model.BadValue;
import dev.schuss.model.ClassLabels;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What rows that are scored may call their class. */
class KnownLabelsTest {

  private static double read(ClassLabels classes, String label) throws BadValue {
    return new KnownLabels(classes).label(LabelCode.of(label), label, "y");
  }

  private static void assertRefused(ClassLabels classes, String label, String message) {
    assertThatThrownBy(() -> read(classes, label)).isInstanceOf(BadValue.class).hasMessage(message);
  }

  @Test
  void classesWithoutNamesAreThemselves() throws BadValue {
    assertThat(read(ClassLabels.of(3, 7), "7.0")).isEqualTo(7);
    assertRefused(
        ClassLabels.of(3, 7), "1", "1 is not one of the classes of the training data (3, 7)");
    ClassLabels texts = ClassLabels.of(List.of("a", "b"));
    assertThat(read(texts, "b")).isEqualTo(LabelCode.ofText("b"));
    assertRefused(texts, "c", "\"c\" is not one of the classes of the training data (a, b)");
  }

  @Test
  void namesAndIndexesStandForTheSameClass() throws BadValue {
    ClassLabels classes = ClassLabels.of(0, 1, 2).named(List.of("setosa", " virginica", "2"));
    for (String label : List.of("virginica", "1", "1.0")) {
      assertThat(read(classes, label)).isEqualTo(1);
    }
    assertThat(read(classes, "2")).isEqualTo(2);
    assertRefused(
        classes,
        "versicolor",
        "\"versicolor\" is not one of the classes of the training data (0 = setosa, 1 =  virginica, 2 = 2)");
  }

  /** As StringIndexer names digits, the most frequent first. */
  @Test
  void namesThatAreNumbersOfOtherClassesAreReadAsNames() throws BadValue {
    ClassLabels classes = ClassLabels.of(0, 1, 2).named(List.of("7", "0", "3.0"));
    assertThat(read(classes, "7")).isEqualTo(0);
    assertThat(read(classes, "0")).isEqualTo(1);
    assertThat(read(classes, "3")).isEqualTo(2);
    assertRefused(classes, "2", "2 is not one of the classes of the training data (7, 0, 3.0)");
  }

  /** As {@link ClassLabels#index(String)} has it: a text that is no finite number is but a text. */
  @Test
  void namesMayReadLikeNumbersThatAreNone() throws BadValue {
    ClassLabels classes = ClassLabels.of(0, 1, 2).named(List.of("NaN", "x", "Infinity"));
    for (int i = 0; i < 3; i++) {
      assertThat(read(classes, classes.name(i))).isEqualTo(i);
      assertThat(classes.index(classes.name(i))).isEqualTo(i);
      assertThat(new KnownLabels(classes).names(LabelCode.of(classes.name(i)))).isTrue();
    }
    for (ClassLabels none : List.of(ClassLabels.of(0, 1), ClassLabels.of(List.of("x", "y")))) {
      assertThat(new KnownLabels(none).names(Double.NaN)).isFalse();
      assertThat(none.index("NaN")).isNegative();
    }
  }

  @Test
  void aNameOfSeveralClassesIsRefused() {
    assertRefused(
        ClassLabels.of(0, 1, 2).named(List.of("a", "b", "a")),
        "a",
        "\"a\" is the name of several classes of the training data (0 = a, 1 = b, 2 = a)");
    assertRefused(
        ClassLabels.of(0, 1).named(List.of("5", "5.0")),
        "5",
        "5 is the name of several classes of the training data (5, 5.0)");
  }
}
