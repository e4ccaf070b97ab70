package dev.schuss.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.data.LocalBlocks;
import dev.schuss.nn.BatchNorm;
import dev.schuss.nn.Network;
import dev.schuss.optim.Adam;
import dev.schuss.train.Trainer;
import dev.schuss.train.TrainingResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The closing block of a training. */
class SummaryTest {

  @Test
  void adviceThatIsNotOnSpeedDoesNotPromiseAny() {
    TrainingResult result =
        Trainer.local()
            .network(Network.input(1).layer(BatchNorm.DEFAULTS).output(2))
            .optimizer(Adam.DEFAULTS)
            .batchSize(1)
            .epochs(1)
            .fit(
                LocalBlocks.of(new float[] {1, 2, 3}, 1, new float[] {0, 1, 0}, 1, null, null, 1),
                null);
    List<String> lines = Summary.lines(result, Map.of("model", "out/model"));
    assertThat(lines).contains("  model       out/model");
    assertThat(lines.get(lines.size() - 1)).startsWith("  advice      3 of 3 rows were alone");
  }
}
