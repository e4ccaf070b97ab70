package dev.schuss.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SutskeverTest {
  private static final RunLength RUN = new RunLength(10, 100L);

  private static Schedule rising(double max, Length finish) {
    return new Sutskever(max, Length.steps(2), finish, null).resolve(RUN);
  }

  @Test
  void theMomentumIsSmallAgainInTheFinish() {
    Schedule schedule = rising(0.99, Length.epochs(2));
    // 1/2, 3/4, 5/6 ... two updates each
    assertThat(schedule.at(0)).isEqualTo(0.5);
    assertThat(schedule.at(3)).isEqualTo(0.75);
    assertThat(schedule.at(4)).isCloseTo(5 / 6.0, within(1e-15));
    assertThat(schedule.at(79)).isEqualTo(1 - 0.5 / 40);
    assertThat(schedule.at(80)).isEqualTo(0.9);
    assertThat(schedule.at(99)).isEqualTo(0.9);
    assertThat(rising(0.98, null).at(99)).isEqualTo(0.98);
  }

  @Test
  void aMomentumBelowThatStays() {
    assertThat(rising(0.6, Length.steps(50)).at(99)).isEqualTo(0.6);
    assertThat(rising(0.98, Length.steps(100)).at(0)).isEqualTo(0.5);
  }

  @Test
  void aFinishAsLongAsTheRunIsDoubted() {
    Sutskever all = new Sutskever(0.99, Length.steps(2), Length.steps(100), null);
    Optimizer rule =
        Lookahead.of(
            new Nesterov(Schedule.constant(0.1), Nesterov.Variant.LOOKAHEAD_GRADIENT, all, 0),
            5,
            0.5);
    assertThat(RUN.doubts(rule))
        .containsExactly(
            "sutskever: finish = 100 steps is no shorter than the run: the momentum is 0.9 at most all the while, and max = 0.99 does nothing; give a shorter finish");
    assertThat(new RunLength(10, 101L).doubts(rule)).isEmpty();
    assertThat(new RunLength(10, null).doubts(rule)).isEmpty();
    assertThat(new Sutskever(0.9, Length.steps(2), Length.epochs(10), null).doubt(RUN)).isNull();
    assertThat(new Sutskever(0.95, Length.steps(2), Length.epochs(10), null).doubt(RUN))
        .contains("finish = 10 epochs is no shorter");
  }

  @Test
  void onlyAFinishNeedsToKnowTheEnd() {
    RunLength open = new RunLength(10, null);
    Sutskever without = Sutskever.defaults(0.99);
    assertThat(without.resolve(open).at(1_000_000)).isEqualTo(0.99);
    Sutskever with = new Sutskever(0.99, Length.steps(250), Length.steps(9), null);
    assertThatThrownBy(() -> with.resolve(open))
        .hasMessageContaining("Sutskever: length is missing");
  }
}
