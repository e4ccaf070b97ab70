package dev.schuss.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.schuss.Golden;
import dev.schuss.objective.Layout;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Updater;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clipped gradients, replayed through the clip block of job files. PyTorch adds 1e-6 to a norm that
 * it divides by: less than the tolerance.
 */
class GoldenClippingTest {
  private static final double TOLERANCE = 1e-6;
  private static final Map<String, String> KEYS =
      Map.of(
          "value", "value",
          "global_norm_exact", "globalNorm",
          "global_norm_torch", "globalNorm",
          "layer_norm_exact", "layerNorm",
          "layer_norm_torch", "layerNorm",
          "global_inf_norm_torch", "maxNorm");

  static Stream<Path> files() {
    return Golden.files("clipping").stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void clipsAsTheReference(Path path) {
    JsonObject golden = Golden.read(path);
    Layout.Builder builder = new Layout.Builder();
    for (JsonElement size : golden.getAsJsonArray("layers")) {
      builder.add("layer" + builder.build().segments().size(), true, size.getAsInt());
    }
    Layout layout = builder.build();
    double worst = 0;
    assertThat(golden.getAsJsonArray("cases")).isNotEmpty();
    for (JsonElement element : golden.getAsJsonArray("cases")) {
      JsonObject one = element.getAsJsonObject();
      String variant = one.get("variant").getAsString();
      assertThat(KEYS).containsKey(variant);
      double limit =
          one.getAsJsonObject("hyper").entrySet().iterator().next().getValue().getAsDouble();
      // With w = 0 and a rate of 1, the update is minus what the rule saw.
      float[] w = new float[layout.size()];
      Updater updater = new Updater(optimizer(KEYS.get(variant), limit), layout, List.of(), w);
      updater.update(Golden.floats(golden.get("grads")), 0);
      for (int i = 0; i < w.length; i++) {
        w[i] = -w[i];
      }
      double error = Golden.worst(w, Golden.floats(one.get("clipped")));
      assertThat(error).as("%s %s", variant, limit).isLessThanOrEqualTo(TOLERANCE);
      worst = Math.max(worst, error);
    }
    System.out.printf(Locale.ROOT, "%-60s worst error %.1e%n", path.getFileName(), worst);
  }

  private static Optimizer optimizer(String key, double limit) {
    Map<String, Object> tree = Map.of("rule", "sgd", "learningRate", 1, "clip", Map.of(key, limit));
    return Vocabulary.binder().fromTree(tree, Optimizer.class, "golden");
  }
}
