package dev.schuss.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogTicksTest {
  private static List<String> ticks(double low, double high, int about) {
    return LogTicks.between(low, high, about).mapToObj(Numbers::compact).toList();
  }

  @Test
  void aFewDecadesHaveOneTwoAndFive() {
    assertThat(ticks(1, 10, 7)).containsExactly("1", "2", "5", "10");
    assertThat(ticks(0.013, 0.87, 7)).containsExactly("0.02", "0.05", "0.1", "0.2", "0.5");
  }

  @Test
  void manyDecadesHaveSomeOfTheirPowers() {
    assertThat(ticks(1e-6, 10, 7))
        .containsExactly("1e-6", "1e-5", "0.0001", "0.001", "0.01", "0.1", "1", "10");
    assertThat(ticks(1e-12, 1, 4)).containsExactly("1e-12", "1e-9", "1e-6", "0.001", "1");
  }

  @Test
  void aNarrowRangeHasThoseOfAPlainAxis() {
    assertThat(ticks(2.1, 3.9, 7)).containsExactly("2.5", "3", "3.5");
    assertThat(ticks(0.61, 0.64, 7))
        .containsExactly("0.61", "0.615", "0.62", "0.625", "0.63", "0.635", "0.64");
  }

  @Test
  void thereAreTwoAtLeastAndNoneFarOutside() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      double low = Math.pow(10, 560 * random.nextDouble() - 280);
      double high = low * Math.pow(10, 20 * Math.pow(random.nextDouble(), 6) + 1e-4);
      double[] ticks = LogTicks.between(low, high, 7).toArray();
      assertThat(ticks).as(low + " to " + high).hasSizeBetween(2, 12).isSorted();
      assertThat(ticks[0]).isGreaterThanOrEqualTo(low * 0.95);
      assertThat(ticks[ticks.length - 1]).isLessThanOrEqualTo(high * 1.05);
    }
  }

  @Test
  void thoseOfAPlainAxisAreRoundAndWithinIt() {
    assertThat(LogTicks.plain(-3.2e300, 4.1e300, 4)).containsExactly(-2e300, 0.0, 2e300, 4e300);
    assertThat(LogTicks.plain(0.013, 0.87, 5)).containsExactly(0.2, 0.4, 0.6000000000000001, 0.8);
    assertThat(LogTicks.plain(-1, 1, 4)).containsExactly(-1.0, -0.5, 0.0, 0.5, 1.0);
  }
}
