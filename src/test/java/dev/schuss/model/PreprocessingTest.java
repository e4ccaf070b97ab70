package dev.schuss.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.objective.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreprocessingTest {
  private static Preprocessing of(double[] classes, float[] shift, float[] divisor) {
    return new Preprocessing(
        classes == null ? Task.REGRESSION : Task.CLASSIFICATION,
        List.of(Feature.number("a"), Feature.number("b")),
        List.of("y"),
        classes == null ? null : ClassLabels.of(classes),
        Invalid.ERROR,
        shift,
        divisor);
  }

  @Test
  void scalesInPlace() {
    float[] x = {1, 2, 3, 4, 5, 6};
    of(null, new float[] {1, 2}, new float[] {2, 4}).apply(x, 2);
    assertThat(x).containsExactly(0, 0, 1, .5f, 5, 6);
    of(null, null, null).apply(x, 3);
    assertThat(x).containsExactly(0, 0, 1, .5f, 5, 6);
  }

  @Test
  void numbersClasses() {
    Preprocessing p = of(new double[] {-1, 0, 7.5}, null, null);
    assertThat(p.classes().index(7.5)).isEqualTo(2);
    assertThat(p.classes().index(-0.0)).isEqualTo(1);
    assertThat(p.classes().index(3)).isNegative();
    assertThat(p.targetWidth()).isEqualTo(1);
    assertThat(p).isEqualTo(of(new double[] {-1, 0, 7.5}, null, null));
    assertThat(p).isNotEqualTo(of(new double[] {-1, 0, 7}, null, null));
  }

  @Test
  void refusesPartsThatDoNotFit() {
    assertThatThrownBy(() -> of(new double[] {1, 1}, null, null))
        .hasMessage("classes are not in ascending order at place 1");
    assertThatThrownBy(() -> of(null, new float[2], null))
        .hasMessage("shift and divisor belong together");
    assertThatThrownBy(() -> of(null, new float[2], new float[1]))
        .hasMessage("2 shifts and 1 divisors for 2 features");
  }

  @Test
  void scalingsAreReadAndWritten() {
    for (String text : List.of("none", "standard", "minmax", "maxabs", "255", "0.5")) {
      assertThat(Scaling.parse(text)).hasToString(text);
    }
    assertThat(Scaling.parse("16")).isEqualTo(Scaling.divisor(16));
    assertThatThrownBy(() -> Scaling.parse("standart"))
        .hasMessage(
            "scale = standart: must be none, standard, minmax, maxabs or a divisor such as 255");
    assertThatThrownBy(() -> Scaling.parse("0"))
        .hasMessage("scale = 0.0: a divisor must be a positive number");
    assertThatThrownBy(() -> Scaling.divisor(1e300)).hasMessageContaining("1.0E300");
  }
}
