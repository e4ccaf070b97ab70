package dev.schuss.optim;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.schuss.objective.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays trajectories of reference implementations: gradients in, weights after each step out. */
class GoldenRulesTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("golden.dir", "src/test/resources/golden")).resolve("rules");

  /** Float32 state against float64 references; a wrong constant or order shows at 1e-4 and more. */
  private static final double TOLERANCE = 3e-6;

  /** Hyper-parameters of a file at one update. */
  private record Hyper(JsonObject values, int t) {
    double get(String key, double otherwise) {
      JsonElement e = values.get(key);
      return e == null ? otherwise : number(e);
    }

    double get(String key) {
      return number(values.get(key));
    }

    Schedule rate() {
      JsonElement lr = values.get("lr");
      return t -> lr.isJsonArray() ? lr.getAsJsonArray().get((int) t).getAsDouble() : number(lr);
    }

    double momentum() {
      return values.has("momentum_steps") ? get("momentum_steps") : get("momentum");
    }

    double decay() {
      return get("weight_decay", 0);
    }

    private double number(JsonElement e) {
      return (e.isJsonArray() ? e.getAsJsonArray().get(t) : e).getAsDouble();
    }
  }

  private static final Map<String, Function<Hyper, Optimizer>> RULES =
      Map.of(
          "sgd/plain", h -> new Sgd(h.rate(), h.decay()),
          "momentum/lr_outside", h -> new Momentum(h.rate(), h.momentum(), h.decay()),
          "adam/eps_outside", GoldenRulesTest::adam,
          "lookahead/paper_sgd", h -> lookahead(h, new Sgd(h.rate(), h.decay())),
          "lookahead/paper_momentum",
              h -> lookahead(h, new Momentum(h.rate(), h.momentum(), h.decay())),
          "lookahead/paper_adam", h -> lookahead(h, adam(h)));

  private static final Set<String> KNOWN_HYPER =
      Set.of(
          "lr",
          "momentum",
          "momentum_steps",
          "weight_decay",
          "beta1",
          "beta2",
          "eps",
          "inner",
          "k",
          "alpha");

  private static Adam adam(Hyper h) {
    return new Adam(h.rate(), h.get("beta1"), h.get("beta2"), h.get("eps"), h.decay());
  }

  private static Lookahead lookahead(Hyper h, Optimizer inner) {
    return new Lookahead(inner, (int) h.get("k"), h.get("alpha"));
  }

  static List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .filter(f -> f.toString().endsWith(".json"))
          .map(f -> FOLDER.relativize(f).toString())
          .filter(f -> RULES.containsKey(f.substring(0, f.indexOf("__"))))
          .sorted()
          .toList();
    }
  }

  @Test
  void everyRuleHasAFile() throws IOException {
    assertThat(files().stream().map(f -> f.substring(0, f.indexOf("__"))).distinct())
        .containsExactlyInAnyOrderElementsOf(RULES.keySet());
  }

  @ParameterizedTest
  @MethodSource("files")
  void followsTheTrajectory(String file) throws IOException {
    JsonObject golden =
        JsonParser.parseString(Files.readString(FOLDER.resolve(file))).getAsJsonObject();
    JsonObject hyper = golden.getAsJsonObject("hyper");
    assertThat(KNOWN_HYPER).containsAll(hyper.keySet());
    Function<Hyper, Optimizer> rule = RULES.get(file.substring(0, file.indexOf("__")));

    Layout.Builder builder = new Layout.Builder();
    for (JsonElement size : golden.getAsJsonArray("layers")) {
      builder.add("layer" + builder.build().segments().size(), true, size.getAsInt());
    }
    Layout layout = builder.build();
    OptimizerState state = new OptimizerState(rule.apply(new Hyper(hyper, 0)).slots(), layout);
    float[] w = floats(golden.get("w0"));
    JsonArray gradients = golden.getAsJsonArray("grads");
    for (int t = 0; t < gradients.size(); t++) {
      Optimizer now = rule.apply(new Hyper(hyper, t));
      if (golden.has("grad_points")) {
        float[] point = now.gradientPoint(Step.of(now, layout, state, w, null, Double.NaN));
        compare("gradient point", t, point, golden.getAsJsonArray("grad_points").get(t));
      }
      Updates.apply(now, layout, state, w, floats(gradients.get(t)), Double.NaN);
      compare("weights", t, w, golden.getAsJsonArray("w").get(t));
    }
    if (golden.has("slow_w_final")) {
      Optimizer now = rule.apply(new Hyper(hyper, 0));
      float[] slow = now.result(Step.of(now, layout, state, w, null, Double.NaN));
      compare("slow weights", gradients.size(), slow, golden.get("slow_w_final"));
    }
  }

  private static void compare(String what, int t, float[] actual, JsonElement golden) {
    JsonArray expected = golden.getAsJsonArray();
    assertThat(actual).as(what).hasSize(expected.size());
    for (int i = 0; i < actual.length; i++) {
      double b = expected.get(i).getAsDouble();
      assertThat(Math.abs(actual[i] - b))
          .as("%s[%d] at update %d: %s, expected %s", what, i, t, actual[i], b)
          .isLessThanOrEqualTo(TOLERANCE * Math.max(1, Math.abs(b)));
    }
  }

  private static float[] floats(JsonElement array) {
    float[] values = new float[array.getAsJsonArray().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) array.getAsJsonArray().get(i).getAsDouble();
    }
    return values;
  }
}
