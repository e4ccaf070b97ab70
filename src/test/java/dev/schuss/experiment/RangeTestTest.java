package dev.schuss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.train.RoundReport;
import dev.schuss.train.RoundTime;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class RangeTestTest {
  private static final RangeTest.Plan PLAN = new RangeTest.Plan(1e-5, 10, 121, 0);

  /** A test whose loss after an update is this function of its rate. */
  private static RangeTest test(RangeTest.Plan plan, DoubleUnaryOperator loss) {
    RangeTest test = new RangeTest(plan);
    double rate = plan.from();
    double next = 2.3;
    for (int i = 0; i < plan.steps() && !test.over(); i++) {
      test.round(new RoundReport(i + 1, 0, i, plan.steps(), next, rate, 1, 1, RoundTime.NONE, 0));
      next = loss.applyAsDouble(rate);
      rate *= plan.growth();
    }
    return test;
  }

  /** Falls from 2.3 to 0.3 around a rate, the steepest there. */
  private static double fall(double rate, double at) {
    return 0.3 + 2 / (1 + Math.pow(rate / at, 2));
  }

  @Test
  void theSteepestDescentIsFound() {
    RangeTest test = test(PLAN, rate -> fall(rate, 0.01) + (rate > 2 ? 100 * rate : 0));
    assertThat(test.over()).isTrue();
    assertThat(test.divergedAt()).isEqualTo(2, within(0.5));
    RangeTest.Suggestion found = test.suggestion();
    assertThat(found.rule()).isEqualTo(RangeTest.Rule.STEEPEST);
    assertThat(found.rate()).isEqualTo(0.01, within(0.003));
    assertThat(found.why()).startsWith("the loss falls the fastest there, and a tenth of");
    assertThat(test.points()).hasSizeLessThan(PLAN.steps() - 1);
  }

  @Test
  void smoothingDoesNotMoveTheDescentToLargerRates() {
    RangeTest.Plan smooth = new RangeTest.Plan(1e-5, 10, 121, 0.9);
    RangeTest test = test(smooth, rate -> fall(rate, 0.01));
    assertThat(test.suggestion().rate()).isEqualTo(0.01, within(0.003));
  }

  @Test
  void aTenthOfTheDivergenceIsTakenWhereTheDescentIsTooNearToIt() {
    RangeTest test = test(PLAN, rate -> fall(rate, 0.4) + (rate > 1 ? 100 * rate : 0));
    RangeTest.Suggestion found = test.suggestion();
    assertThat(found.rule()).isEqualTo(RangeTest.Rule.TENTH_OF_DIVERGENCE);
    assertThat(found.rate()).isEqualTo(test.divergedAt() / 10);
    assertThat(found.why()).contains("which is too near to that");
    RangeTest flat = test(PLAN, rate -> rate > 1 ? 100 * rate : 2.3);
    assertThat(flat.suggestion().why()).contains("before that the loss did not fall clearly");
  }

  @Test
  void aLossThatDoesNothingSuggestsNothing() {
    RangeTest test = test(PLAN, rate -> 2.3 - 0.01 * Math.sin(1000 * rate));
    assertThat(test.over()).isFalse();
    assertThat(test.suggestion()).isNull();
    assertThat(test.tree()).containsEntry("suggestion", null).containsEntry("steps", 121);
  }

  @Test
  void aPointHasTheRateOfTheUpdateBeforeItsLoss() {
    RangeTest test = test(new RangeTest.Plan(1e-3, 1, 13, 0), rate -> 1 / rate);
    assertThat(test.points()).hasSize(12);
    assertThat(test.points()).allSatisfy(p -> assertThat(p.loss()).isEqualTo(1 / p.rate()));
    RangeTest smoothed = test(new RangeTest.Plan(1e-3, 1, 13, 0.9), rate -> 5);
    assertThat(smoothed.points())
        .allSatisfy(p -> assertThat(p.smoothed()).isEqualTo(5, within(1e-9)));
  }

  @Test
  void aPlanIsChecked() {
    assertThatThrownBy(() -> new RangeTest.Plan(0, 1, 100, 0.9))
        .hasMessage("from = 0.0: must be positive");
    assertThatThrownBy(() -> new RangeTest.Plan(1, 0.1, 100, 0.9))
        .hasMessage("to = 0.1: must be above from = 1.0");
    assertThatThrownBy(() -> new RangeTest.Plan(0.1, 1, 9, 0.9))
        .hasMessage("steps = 9: must be at least 10");
    assertThatThrownBy(() -> new RangeTest.Plan(0.1, 1, 10, 1))
        .hasMessage("smoothing = 1.0: must be in [0, 1)");
  }
}
