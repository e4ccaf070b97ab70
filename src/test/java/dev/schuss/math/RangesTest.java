package dev.schuss.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangesTest {

  record Sample(
      @Range(min = 0, below = 1) double halfOpen,
      @Range(above = 0) double positive,
      @Range(min = 1) int atLeast,
      @Range(max = 9.5) double atMost,
      @Range(above = 2, max = 3) double leftOpen,
      @Range(above = -1.5) float moreThan,
      @Range(below = 4) long lessThan,
      @Range double number,
      double unchecked,
      @Range(min = 0) Integer boxed,
      @Range(min = 0) String text) {
    static final Object[] GOOD = {0.0, 1e-300, 1, 9.5, 3.0, -1f, 3L, 0.0, Double.NaN, 4, "-1"};
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0  | 1         | halfOpen = 1.0: must be in [0, 1)
          0  | -1e-9     | halfOpen = -1.0E-9: must be in [0, 1)
          0  | NaN       | halfOpen = NaN: must be in [0, 1)
          1  | 0         | positive = 0.0: must be positive
          1  | NaN       | positive = NaN: must be positive
          2  | 0         | atLeast = 0.0: must be at least 1
          3  | 9.6       | atMost = 9.6: must be at most 9.5
          4  | 2         | leftOpen = 2.0: must be in (2, 3]
          4  | 3.5       | leftOpen = 3.5: must be in (2, 3]
          5  | -1.5      | moreThan = -1.5: must be more than -1.5
          6  | 4         | lessThan = 4.0: must be less than 4
          7  | NaN       | number = NaN: must be a number
          9  | -2        | boxed = -2.0: must be at least 0
          """)
  void namesTheComponentTheValueAndTheRange(int component, double value, String message) {
    Object[] values = Sample.GOOD.clone();
    values[component] = value;
    assertThatThrownBy(() -> Ranges.check(Sample.class, values))
        .isInstanceOfSatisfying(
            Ranges.OutOfRange.class,
            e ->
                assertThat(e.component())
                    .isEqualTo(Sample.class.getRecordComponents()[component].getName()))
        .hasMessage(message);
  }

  @Test
  void writesTheValueAsItIs() {
    Object[] values = Sample.GOOD.clone();
    values[2] = -7;
    assertThatThrownBy(() -> Ranges.check(Sample.class, values))
        .hasMessage("atLeast = -7: must be at least 1");
  }

  @Test
  void allowsTheClosedEndsAndPassesOverNullsAndText() {
    assertThatCode(() -> Ranges.check(Sample.class, Sample.GOOD)).doesNotThrowAnyException();
    Object[] values = Sample.GOOD.clone();
    values[9] = null;
    assertThatCode(() -> Ranges.check(Sample.class, values)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"0, Infinity", "1, Infinity", "2, Infinity", "3, -Infinity", "7, Infinity"})
  void noRangeHoldsAnInfinity(int component, double value) {
    Object[] values = Sample.GOOD.clone();
    values[component] = value;
    assertThatThrownBy(() -> Ranges.check(Sample.class, values))
        .isInstanceOf(Ranges.OutOfRange.class)
        .hasMessageEndingWith("Infinity: must be finite");
  }

  @Test
  void reportsTheFirstOfSeveral() {
    Object[] values = Sample.GOOD.clone();
    values[3] = 10.0;
    values[1] = -1.0;
    assertThatThrownBy(() -> Ranges.check(Sample.class, values))
        .hasMessage("positive = -1.0: must be positive");
  }

  @Test
  void wantsAllValues() {
    assertThatThrownBy(() -> Ranges.check(Sample.class, 1.0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Sample has 11 components, not 1");
  }
}
