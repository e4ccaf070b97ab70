package dev.schuss.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.schuss.Golden;
import dev.schuss.objective.Layout;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Updater;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Trajectories of reference implementations, replayed through the registry that job files use:
 * gradients in, weights after every update out.
 */
class GoldenRulesTest {
  /** Names that a variant has where the rule knows but one form. */
  private static final Set<String> ONLY_FORM = Set.of("plain", "standard", "bias_corrected");

  /** Rules and variants that are refused by name, as `optional` and `informational` may be. */
  private static final Set<String> REFUSED =
      Set.of(
          "adafactor/timm",
          "adam/cs519_recursive_literal",
          "nadam/torch_1.13_double_mu",
          "novograd/seed_loop_literal",
          "novograd/zero_init",
          "lookahead/timm_late_slow_init");

  static Stream<Path> files() {
    return Golden.files("rules").stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void followsTheTrajectory(Path path) {
    JsonObject golden = Golden.read(path);
    String rule = golden.get("rule").getAsString();
    String variant = golden.get("variant").getAsString();
    if (REFUSED.contains(rule + "/" + variant)) {
      assertThat(golden.get("status").getAsString()).isNotEqualTo("required");
      assertThatThrownBy(() -> optimizer(golden)).isInstanceOf(SpecException.class);
      return;
    }
    double tolerance = rule.equals("quickprop") ? 1e-4 : 3e-6;
    Layout.Builder layout = new Layout.Builder();
    for (JsonElement size : golden.getAsJsonArray("layers")) {
      layout.add("layer" + layout.build().segments().size(), true, size.getAsInt());
    }
    float[] w = Golden.floats(golden.get("w0"));
    Updater updater = new Updater(optimizer(golden), layout.build(), List.of(), w);
    JsonArray gradients = golden.getAsJsonArray("grads");
    double worst = 0;
    for (int t = 0; t < gradients.size(); t++) {
      if (golden.has("grad_points")) {
        float[] point = Golden.floats(golden.getAsJsonArray("grad_points").get(t));
        worst = Math.max(worst, Golden.worst(updater.gradientPoint(), point));
      }
      double loss =
          golden.has("loss_at_grad_point")
              ? golden.getAsJsonArray("loss_at_grad_point").get(t).getAsDouble()
              : 0;
      updater.update(Golden.floats(gradients.get(t)), loss);
      worst = Math.max(worst, Golden.worst(w, Golden.floats(golden.getAsJsonArray("w").get(t))));
      assertThat(worst).as("after update %d", t + 1).isLessThanOrEqualTo(tolerance);
    }
    if (golden.has("slow_w_final")) {
      float[] slow = Golden.floats(golden.get("slow_w_final"));
      worst = Math.max(worst, Golden.worst(updater.result(), slow));
    }
    System.out.printf(Locale.ROOT, "%-60s worst error %.1e%n", name(path), worst);
    assertThat(worst).isLessThanOrEqualTo(tolerance);
  }

  static Stream<Path> problems() {
    return files().filter(f -> Golden.read(f).has("problem"));
  }

  /** The same with gradients of our own, at the points that the rule asks for. */
  @ParameterizedTest
  @MethodSource("problems")
  void followsTheTrajectoryWithItsOwnGradients(Path path) {
    JsonObject golden = Golden.read(path);
    if (REFUSED.contains(
        golden.get("rule").getAsString() + "/" + golden.get("variant").getAsString())) {
      return; // refused above
    }
    float[] w = Golden.floats(golden.get("w0"));
    Updater updater = new Updater(optimizer(golden), Layout.flat(w.length), List.of(), w);
    JsonArray expected = golden.getAsJsonArray("w");
    double worst = 0;
    for (int t = 0; t < expected.size(); t++) {
      float[] point = updater.gradientPoint();
      float[] g = new float[2];
      double loss = problem(golden.get("problem").getAsString(), point[0], point[1], g);
      updater.update(g, loss);
      worst = Math.max(worst, Golden.worst(w, Golden.floats(expected.get(t))));
    }
    System.out.printf(Locale.ROOT, "%-60s worst error %.1e, closed loop%n", name(path), worst);
    // The gradient is that of rounded weights, and the curvature is 200 and more.
    assertThat(worst).isLessThanOrEqualTo(1e-3);
  }

  private static double problem(String name, double x, double y, float[] g) {
    if (name.equals("illcond_quadratic")) {
      g[0] = (float) (2 * (x - 1));
      g[1] = (float) (200 * (y - 1));
      return (x - 1) * (x - 1) + 100 * (y - 1) * (y - 1);
    }
    assertThat(name).isEqualTo("rosenbrock");
    g[0] = (float) (-2 * (1 - x) - 400 * x * (y - x * x));
    g[1] = (float) (200 * (y - x * x));
    return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x);
  }

  /** The rule of a file, from a tree of the same form as a job file's optimizer block. */
  private static Optimizer optimizer(JsonObject golden) {
    Map<String, Object> tree = new LinkedHashMap<>();
    golden
        .getAsJsonObject("hyper")
        .entrySet()
        .forEach(e -> tree.put(e.getKey(), new Gson().fromJson(e.getValue(), Object.class)));
    String rule = golden.get("rule").getAsString();
    String variant = golden.get("variant").getAsString();
    if (rule.equals("lookahead")) {
      Map<String, Object> lookahead = new LinkedHashMap<>();
      for (String key : List.of("k", "alpha", "pullback_momentum")) {
        if (tree.containsKey(key)) {
          lookahead.put(key, tree.remove(key));
        }
      }
      if (!variant.startsWith("paper") && !variant.startsWith("momentum")) {
        lookahead.put("variant", variant);
      }
      tree.put("rule", tree.remove("inner"));
      tree.put("lookahead", lookahead);
    } else {
      tree.put("rule", rule);
      if (!ONLY_FORM.contains(variant)) {
        tree.putIfAbsent("variant", variant);
      }
      tree.remove("amsgrad");
    }
    return Vocabulary.binder().fromTree(tree, Optimizer.class, golden.get("rule").getAsString());
  }

  private static String name(Path path) {
    return path.getParent().getFileName() + "/" + path.getFileName();
  }
}
