package dev.schuss.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.train.EpochReport;
import dev.schuss.train.RoundReport;
import dev.schuss.train.RoundSpread;
import dev.schuss.train.RoundTime;
import dev.schuss.train.TrainingStart;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingProgressTest {
  private static final String HEADER =
      "epoch      loss   val loss  val accuracy        lr      rows/s  best";

  @Test
  void withoutATerminalThereAreOnlyPlainLines() {
    String text = run(3, false);
    assertThat(text.chars()).noneMatch(c -> Character.isISOControl(c) && c != '\n');
    assertThat(text.lines())
        .containsExactly(
            "1,437 rows in 2 partitions, 4,810 parameters, batch 128, 5 rounds per epoch",
            HEADER,
            "  1/3    2.3000     2.5300       23.33 %     0.001      12,345     *",
            "  2/3    1.1500     1.2650       61.67 %    0.0008      12,345     *",
            "  3/3    0.7667     0.8433       74.44 %   0.00064      12,345");
  }

  @Test
  void onATerminalTheSameLinesRemainAndTheBarIsGone() {
    String written = run(3, true);
    assertThat(written).contains("epoch 3/3  loss 0.1533");
    assertThat(FakeTerminal.shown(written))
        .containsExactlyElementsOf(run(3, false).lines().toList());
  }

  @Test
  void theBarNeverWrapsOnATerminalOf80Columns() {
    for (String part : run(1000, true).lines().toList()) {
      assertThat(part.replace("\u001b[K", "")).hasSizeLessThan(80);
    }
  }

  @Test
  void aTrainingThatFailsLeavesTheTerminalClean() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TrainingProgress progress = on(bytes, true)) {
      progress.started(new TrainingStart(10, 3, 1, 5, 2, 1, null));
      progress.round(new RoundReport(1, 0, 0, 2, Double.NaN, 0.1, 5, 1, RoundTime.NONE, 0));
    }
    assertThat(FakeTerminal.shown(bytes.toString(StandardCharsets.UTF_8))).hasSize(1);
  }

  @Test
  void thereAreAsManyMetricsAsFitIn80Columns() {
    EpochTable table = new EpochTable(10);
    Map<String, Double> many = Map.of("loss", 1.0, "accuracy", 1.0, "f1", 1.0, "auc", 1.0);
    Map<String, Double> none = Map.of();
    var report =
        new EpochReport(
            1,
            0,
            0.1,
            1,
            0,
            many,
            none,
            none,
            none,
            List.of(),
            true,
            1e7,
            1,
            ProgressDemo.TIME,
            RoundSpread.NONE,
            false,
            List.of());
    assertThat(table.lines(report)).allSatisfy(line -> assertThat(line.length()).isLessThan(81));
    assertThat(table.lines(report).get(0)).isNotEmpty();
  }

  @Test
  void theSummarySaysHowItEndedAndWhereItLies() {
    assertThat(Summary.lines(ProgressDemo.result(12, 240), Map.of("model", "out/digits/model")))
        .containsExactly(
            "early stopped after 12 epochs (240 steps) in 1 min 15 s, 12,345 rows/s",
            "  validation  accuracy 97.00 %, loss 0.1000  (epoch 8, the best by loss)",
            "  test        accuracy 97.50 %, loss 0.0912",
            "  model       out/digits/model");
  }

  @Test
  void numbersReadTheSameEverywhere() {
    assertThat(Numbers.compact(0.001)).isEqualTo("0.001");
    assertThat(Numbers.compact(0.00005)).isEqualTo("5e-5");
    assertThat(Numbers.compact(0)).isEqualTo("0");
    assertThat(Numbers.compact(100)).isEqualTo("100");
    assertThat(Numbers.compact(12345678)).isEqualTo("1.23e7");
    assertThat(Numbers.metric("loss", Double.NaN)).isEqualTo("NaN");
    assertThat(Numbers.metric("loss", 0.000012)).isEqualTo("1.20e-05");
    assertThat(Numbers.metric("loss", 123456)).isEqualTo("1.235e+05");
    assertThat(Numbers.duration(59.96)).isEqualTo("1 min 00 s");
    assertThat(Numbers.duration(4.25)).isEqualTo("4.3 s");
    assertThat(Numbers.duration(7505)).isEqualTo("2 h 05 min");
    assertThat(Numbers.count(1, "epoch")).isEqualTo("1 epoch");
  }

  private static String run(int epochs, boolean terminal) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TrainingProgress progress = on(bytes, terminal)) {
      progress.started(new TrainingStart(1437, 4810, 2, 128, 5, epochs, null));
      for (int e = 0; e < epochs; e++) {
        for (int r = 0; r < 5; r++) {
          long step = 5L * e + r + 1;
          progress.round(
              new RoundReport(step, e, r, 5, 2.3 / step, 1e-3, 128, 0.01, RoundTime.NONE, 0));
        }
        progress.epoch(ProgressDemo.epoch(e, 5, 12345));
      }
      progress.ended(ProgressDemo.result(epochs, 5L * epochs));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static TrainingProgress on(ByteArrayOutputStream bytes, boolean terminal) {
    return TrainingProgress.on(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
  }
}
