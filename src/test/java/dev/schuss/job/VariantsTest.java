package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

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
                Map.of("rule", "adam", "beta1", "0.5")));
    assertThat(labels)
        .containsExactly("sgd", "nesterov max 0.9", "nesterov max 0.99", "adam", "adam beta1 0.5");
  }

  @Test
  void theRuleSufficesWhereEachIsThereOnce() {
    assertThat(Variants.labels(List.of(nesterov("1", "0.9"), Map.of("rule", "sgd"))))
        .containsExactly("nesterov", "sgd");
  }

  @Test
  void whatTellsNothingApartIsNumbered() {
    assertThat(Variants.labels(List.of(nesterov("1", "0.9"), nesterov("1", "0.9"))))
        .containsExactly("nesterov", "nesterov #2");
  }

  private static Map<String, String> nesterov(String rate, String max) {
    Map<String, String> rule = new TreeMap<>(Map.of("rule", "nesterov", "learningRate", rate));
    rule.put("momentum.kind", "sutskever");
    rule.put("momentum.max", max);
    return rule;
  }
}
