package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.job.Variants.Variant;
import dev.schuss.spec.Overrides;
import dev.schuss.spec.Section;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The names of alternatives. */
class VariantsTest {

  @Test
  void thoseOfARuleAreToldApartByWhatDiffersAmongThem() {
    List<String> labels =
        Variants.labels(
            List.of(
                Map.of("rule", "sgd", "learningRate", "39.2"),
                nesterov("3.92", "0.9"),
                nesterov("3.92", "0.99"),
                Map.of("rule", "adam"),
                Map.of("rule", "adam", "beta1", "0.5")),
            "");
    assertThat(labels)
        .containsExactly(
            "sgd",
            "nesterov momentum max 0.9",
            "nesterov momentum max 0.99",
            "adam",
            "adam beta1 0.5");
  }

  @Test
  void theRuleSufficesWhereEachIsThereOnce() {
    assertThat(Variants.labels(List.of(nesterov("1", "0.9"), Map.of("rule", "sgd")), ""))
        .containsExactly("nesterov", "sgd");
  }

  @Test
  void whatTellsNothingApartIsNumbered() {
    assertThat(Variants.labels(List.of(nesterov("1", "0.9"), nesterov("1", "0.9")), ""))
        .containsExactly("nesterov", "nesterov #2");
  }

  @Test
  void aKeyIsToldWithItsBlock() {
    assertThat(
            labels(
                """
                optimizer = [
                  { rule = adam, schedule { kind = cosine, end = 0.1, warmup { length = 20, shifted = false } } }
                  { rule = adam, schedule { kind = cosine, end = 0.2, warmup { length = 40, shifted = true } } }
                  { rule = adam, epsilon = 1e-7 }
                ]
                """))
        .containsExactly(
            "adam schedule cosine end 0.1 warmup length 20 shifted false",
            "adam schedule cosine end 0.2 warmup length 40 shifted true",
            "adam epsilon 1e-7");
    assertThat(labels("optimizer.schedule.warmup = [ null, { length = 20 }, { length = 40 } ]"))
        .containsExactly("warmup null", "warmup length 20", "warmup length 40");
    assertThat(labels("train = [ { batchSize = 8 }, { batchSize = 9 } ]"))
        .containsExactly("batchSize 8", "batchSize 9");
    assertThat(
            labels(
                """
                model.layers = [
                  [ { type = dense, units = 64 } ]
                  [ { type = dense, units = 64 }, { type = dropout, rate = 0.2 } ]
                ]
                """))
        .containsExactly("layers [dense units 64]", "layers [dense units 64, dropout rate 0.2]");
  }

  private static List<String> labels(String grid) {
    return Variants.ofGrid(section(grid)).stream().map(Variant::name).toList();
  }

  @Test
  void listedRunsAreToldApartAsTheAlternativesOfAGridAre() {
    List<Section> runs =
        List.of(
            section("optimizer { rule = adam, learningRate = 0.1 }"),
            section("optimizer { rule = sgd, learningRate = 0.1 }"),
            section("optimizer { rule = adam, learningRate = 0.2 }"),
            section("optimizer.schedule.warmup { length = 20 }"));
    assertThat(Variants.ofRuns(runs, section("optimizer { rule = adam, schedule {} }")))
        .extracting(Variant::name)
        .containsExactly(
            "adam learningRate 0.1", "sgd", "adam learningRate 0.2", "warmup length 20");
  }

  private static Section section(String text) {
    return Section.ofText(text, "job", Overrides.NONE);
  }

  private static Map<String, String> nesterov(String rate, String max) {
    Map<String, String> rule = new TreeMap<>(Map.of("rule", "nesterov", "learningRate", rate));
    rule.put("momentum.kind", "sutskever");
    rule.put("momentum.max", max);
    return rule;
  }
}
