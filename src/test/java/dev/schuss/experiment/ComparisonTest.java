package dev.schuss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.objective.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final Yardstick ACCURACY =
      new Yardstick(Metric.higher("accuracy"), Yardstick.Rows.VALIDATION, 0.9);

  /** A run whose validation accuracy is this, epoch by epoch. */
  private static RunRecord run(String setting, long seed, String status, double... accuracy) {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (int e = 0; e < accuracy.length; e++) {
      lines.add(
          Map.of(
              "epoch",
              (long) e + 1,
              "step",
              10L * (e + 1),
              "seconds",
              0.5,
              "validation",
              Map.of("accuracy", accuracy[e])));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("status", status);
    result.put("steps", 10L * accuracy.length);
    result.put("validation", Map.of("accuracy", accuracy[accuracy.length - 1]));
    return RunRecord.of(
        setting, Map.of("rule", setting), seed, "runs/" + setting + seed, result, lines);
  }

  private static Comparison comparison() {
    return Comparison.of(
        "test",
        List.of("rule"),
        ACCURACY,
        List.of(
            run("a", 1, "completed", 0.5, 0.8),
            run("a", 2, "completed", 0.6, 0.92),
            run("b", 1, "completed", 0.91, 0.95),
            run("b", 2, "diverged", 0.99, 0.99),
            run("c", 1, "diverged", 0.99)));
  }

  @Test
  void meansAndSpreadsAreOverTheSeedsThatDidNotDiverge() {
    Comparison all = comparison();
    Setting a = all.settings().get(0);
    Spread spread = a.spread(ACCURACY::of);
    assertThat(spread.mean()).isEqualTo(0.86, within(1e-12));
    assertThat(spread.deviation()).isEqualTo(Math.sqrt(2 * 0.06 * 0.06), within(1e-12));
    assertThat(a.best(ACCURACY).seed()).isEqualTo(2);
    Setting b = all.settings().get(1);
    assertThat(b.spread(ACCURACY::of).mean()).isEqualTo(0.95);
    assertThat(b.spread(ACCURACY::of).deviation()).isNaN();
    assertThat(b.diverged()).isEqualTo(1);
    assertThat(all.ranked()).extracting(Setting::name).containsExactly("b", "a", "c");
    assertThat(all.best().folder()).isEqualTo("runs/b1");
    assertThat(all.settings().get(2).best(ACCURACY)).isNull();
  }

  @Test
  void aRunWithoutAValueIsNotTheBest() {
    Comparison none =
        Comparison.of("t", List.of(), ACCURACY, List.of(run("a", 1, "completed", Double.NaN)));
    assertThat(none.best()).isNull();
    assertThat(none.tree()).doesNotContainKey("best");
    assertThat(none.diverged()).isZero();
    assertThat(none.lacking()).isEqualTo(1);
    Comparison one =
        Comparison.of(
            "t",
            List.of(),
            ACCURACY,
            List.of(
                run("a", 1, "completed", Double.NaN),
                run("a", 2, "completed", 0.5),
                run("b", 1, "diverged", Double.NaN)));
    assertThat(one.best().seed()).isEqualTo(2);
    assertThat(one.lacking()).isEqualTo(1);
    Comparison order =
        Comparison.of(
            "t",
            List.of(),
            ACCURACY,
            List.of(
                run("far", 1, "diverged", Double.NaN),
                run("none", 1, "completed", Double.NaN),
                run("good", 1, "completed", 0.5)));
    assertThat(order.ranked()).extracting(Setting::name).containsExactly("good", "none", "far");
  }

  @Test
  void aLossIsTheBetterTheLowerItIs() {
    Yardstick loss = new Yardstick(Metric.LOSS, Yardstick.Rows.VALIDATION, null);
    assertThat(loss.better(1, 2)).isTrue();
    assertThat(loss.better(2, 1)).isFalse();
    assertThat(loss.better(Double.NaN, 1)).isFalse();
    assertThat(loss.better(1, Double.NaN)).isTrue();
  }

  @Test
  void theTargetIsReachedByTheFirstEpochThatIsAsGood() {
    Comparison all = comparison();
    RunRecord late = all.settings().get(0).runs().get(1);
    assertThat(ACCURACY.reached(late).step()).isEqualTo(20);
    assertThat(ACCURACY.reached(late).seconds()).isEqualTo(1.0);
    assertThat(ACCURACY.reached(all.settings().get(0).runs().get(0))).isNull();
    Setting.ToTarget target = all.settings().get(0).toTarget(ACCURACY);
    assertThat(target.reached()).isEqualTo(1);
    assertThat(target.steps().mean()).isEqualTo(20);
    assertThat(target.seconds().mean()).isEqualTo(1.0);
    // The second run of b was there, too, and diverged then.
    assertThat(all.settings().get(1).toTarget(ACCURACY).reached()).isEqualTo(1);
    assertThat(all.reached()).isEqualTo(2);
    assertThat(all.nearest()).isEqualTo(0.95);
  }

  @Test
  void theTableHasALineForEachSettingAndQuotesWhatNeedsIt() {
    String csv =
        Comparison.of("t", List.of(), ACCURACY, List.of(run("a, \"b\"", 1, "completed", 0.8)))
            .csv();
    assertThat(csv.lines()).hasSize(2);
    assertThat(csv.lines().skip(1).findFirst().orElseThrow())
        .startsWith("1,\"a, \"\"b\"\"\",1,0,0.8,,0.8,,,,10.0,");
  }

  @Test
  void aProductHasEveryCombinationInTheirOrder() {
    List<Axis<Integer>> axes =
        List.of(
            new Axis<>("x", List.of(new Axis.Choice<>("a", 1), new Axis.Choice<>("b", 2))),
            new Axis<>("y", List.of(new Axis.Choice<>("c", 3), new Axis.Choice<>("d", 4))));
    assertThat(Axis.product(axes))
        .extracting(chosen -> chosen.stream().map(Axis.Choice::label).toList())
        .containsExactly(
            List.of("a", "c"), List.of("a", "d"), List.of("b", "c"), List.of("b", "d"));
    assertThatThrownBy(() -> Axis.product(List.of(new Axis<>("z", List.of()))))
        .hasMessage("z = []: needs at least one alternative");
    Axis<Integer> large =
        new Axis<>(
            "z", IntStream.range(0, 200).mapToObj(i -> new Axis.Choice<>("" + i, i)).toList());
    assertThatThrownBy(() -> Axis.product(List.of(large, large)))
        .hasMessageContaining("more than 10,000 combinations");
  }

  @Test
  void ratesFollowTheBatchSize() {
    assertThat(RateScaling.LINEAR.factor(512, 64)).isEqualTo(8);
    assertThat(RateScaling.SQUARE_ROOT.factor(1024, 64)).isEqualTo(4);
    assertThat(RateScaling.NONE.factor(1024, 64)).isEqualTo(1);
  }
}
