package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.Digits;
import dev.schuss.TestSpark;
import dev.schuss.data.Columns;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Schedule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DriverMemoryTest {
  private static final long MIB = 1 << 20;

  private static MemoryEstimate estimate() {
    Map<String, Long> driver = new LinkedHashMap<>();
    driver.put(MemoryEstimate.SPARK_ITSELF, 450 * MIB);
    driver.put("weights", 800 * MIB);
    driver.put("optimizer state", 700 * MIB);
    driver.put(MemoryEstimate.ROWS, 9000 * MIB);
    return new MemoryEstimate(driver, Map.of());
  }

  @Test
  void whatIsNeededAndWhatIsThereIsSaid() {
    assertThatThrownBy(() -> DriverMemory.check(100_000_000, estimate(), 1499 * MIB))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "the driver is too small for 100,000,000 parameters: they take 1,500 MiB of it (weights 800 MiB,"
                + " optimizer state 700 MiB), and its heap is 1,499 MiB; give it at least 1950m, with"
                + " SCHUSS_MEMORY=... scripts/schuss or spark-submit --driver-memory");
  }

  /** Rows may spill, and what Spark takes is a guess. */
  @Test
  void whatMayFitIsTried() {
    assertThatCode(() -> DriverMemory.check(100_000_000, estimate(), 1500 * MIB))
        .doesNotThrowAnyException();
  }

  /** Some 280 million weights, in a heap of 2 GiB: nothing of that size is made before. */
  @Test
  void aTrainingIsRefusedBeforeItsFirstRound() {
    int units = (int) (Runtime.getRuntime().maxMemory() / 4 / 75 / 2);
    Trainer trainer =
        Trainer.on(TestSpark.session())
            .network(Network.input(64).dense(units, Activation.RELU).output(10))
            .optimizer(new Adam(Schedule.constant(0.01), 0.9, 0.999, 1e-8, 0))
            .columns(new Columns(List.of("pixels"), List.of("label"), null, null))
            .partitions(2);
    assertThatThrownBy(() -> trainer.fit(Digits.frame(TestSpark.session(), Digits.TRAIN)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("the driver is too small for")
        .hasMessageContaining("optimizer state");
  }
}
