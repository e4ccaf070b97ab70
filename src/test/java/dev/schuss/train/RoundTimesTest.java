package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RoundTimesTest {
  private static final RoundTime SHORT = new RoundTime(0.1, 0.2, 0.3, 9, 0.4);

  @Test
  void halfOfTheRoundsTookNoMoreThanTheMedian() {
    RoundTimes times = new RoundTimes();
    assertThat(times.spread()).isEqualTo(RoundSpread.NONE);
    for (int i = 1; i <= 10; i++) {
      times.add(SHORT, i);
    }
    RoundSpread spread = times.spread();
    assertThat(spread.median().update()).isEqualTo(5);
    assertThat(spread.most().update()).isEqualTo(9);
    assertThat(spread.longest().update()).isEqualTo(10);
    assertThat(spread.median().compute()).isEqualTo(0.3);
    assertThat(spread.longest().total()).isEqualTo(11.0, within(1e-12));
    times.clear();
    assertThat(times.spread()).isEqualTo(RoundSpread.NONE);
  }

  @Test
  void manyRoundsAreThinnedOutEvenly() {
    RoundTimes times = new RoundTimes();
    for (int i = 0; i < 100_000; i++) {
      times.add(RoundTime.NONE, i == 77_777 ? 1e9 : i);
    }
    RoundSpread spread = times.spread();
    assertThat(spread.median().update()).isEqualTo(50_000, within(100.0));
    assertThat(spread.most().update()).isEqualTo(90_000, within(100.0));
    assertThat(spread.longest().update()).isEqualTo(1e9); // whether it was kept or not
  }

  @Test
  void theFirstUpdatesAreLookedAtOneByOneAndLaterOnesRarely() {
    assertThat(LongStream.rangeClosed(1, 8)).allMatch(GradientLook::due);
    assertThat(LongStream.rangeClosed(1, 100_000).filter(GradientLook::due).count())
        .isBetween(85L, 100L);
    assertThat(LongStream.rangeClosed(1 << 20, 1 << 21).filter(GradientLook::due).count())
        .isBetween(6L, 7L);
  }
}
