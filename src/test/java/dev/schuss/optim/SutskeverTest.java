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
  void onlyAFinishNeedsToKnowTheEnd() {
    RunLength open = new RunLength(10, null);
    Sutskever without = Sutskever.defaults(0.99);
    assertThat(without.resolve(open).at(1_000_000)).isEqualTo(0.99);
    Sutskever with = new Sutskever(0.99, Length.steps(250), Length.steps(9), null);
    assertThatThrownBy(() -> with.resolve(open))
        .hasMessageContaining("Sutskever: length is missing");
  }
}
