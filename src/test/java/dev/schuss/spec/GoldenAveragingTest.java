package dev.schuss.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
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
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Averages of given iterates, replayed through the average block of job files. */
class GoldenAveragingTest {
  private static final double TOLERANCE = 1e-6;
  private static final String FROM_STEP = "polyak_uniform_from_step_";

  static Stream<Path> files() {
    return Golden.files("averaging").stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void followsTheAverages(Path path) {
    JsonObject golden = Golden.read(path);
    String variant = golden.get("variant").getAsString();
    if (variant.equals("ema_zero_init")) {
      assertThat(golden.get("status").getAsString()).isNotEqualTo("required");
      assertThatThrownBy(() -> optimizer(golden))
          .isInstanceOf(SpecException.class)
          .hasMessageContaining("average.kind")
          .hasMessageContaining("ema_zero_init")
          .hasMessageContaining("must be one of");
      return;
    }
    float[] w = Golden.floats(golden.get("w0"));
    Updater updater = new Updater(optimizer(golden), Layout.flat(w.length), List.of(), w);
    assertThat(updater.result()).containsExactly(Golden.floats(golden.get("w0")));
    JsonArray iterates = golden.getAsJsonArray("w");
    double worst = 0;
    for (int t = 0; t < iterates.size(); t++) {
      // The rule leaves the weights alone, so that they are what the file says.
      float[] now = Golden.floats(iterates.get(t));
      System.arraycopy(now, 0, w, 0, w.length);
      updater.update(new float[w.length], 0);
      assertThat(w).containsExactly(now);
      float[] average = Golden.floats(golden.getAsJsonArray("avg").get(t));
      worst = Math.max(worst, Golden.worst(updater.result(), average));
    }
    System.out.printf(Locale.ROOT, "%-60s worst error %.1e%n", path.getFileName(), worst);
    assertThat(worst).isLessThanOrEqualTo(TOLERANCE);
  }

  private static Optimizer optimizer(JsonObject golden) {
    String variant = golden.get("variant").getAsString();
    Map<String, Object> average = new LinkedHashMap<>();
    average.put("kind", variant);
    if (variant.startsWith(FROM_STEP)) {
      average.put("kind", "polyak_uniform");
      average.put("from", Integer.parseInt(variant.substring(FROM_STEP.length())));
    }
    JsonObject hyper = golden.getAsJsonObject("hyper");
    if (hyper.has("alpha")) {
      average.put("alpha", hyper.get("alpha").getAsDouble());
    }
    Map<String, Object> tree = Map.of("rule", "sgd", "learningRate", 0, "average", average);
    return Vocabulary.binder().fromTree(tree, Optimizer.class, "golden");
  }
}
