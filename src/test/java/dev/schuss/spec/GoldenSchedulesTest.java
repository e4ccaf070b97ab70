package dev.schuss.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.schuss.Golden;
import dev.schuss.objective.Layout;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.RunLength;
import dev.schuss.optim.Updater;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of learning rates and momenta, replayed through the blocks that job files have. */
class GoldenSchedulesTest {
  private static final double TOLERANCE = 1e-12;

  static Stream<Path> files() {
    return Golden.files("schedules").stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void followsTheTable(Path path) {
    JsonObject golden = Golden.read(path);
    String schedule = golden.get("schedule").getAsString();
    double worst;
    if (golden.get("status").getAsString().equals("informational")) {
      worst = worst(golden.getAsJsonArray("lr"), rates(golden));
      assertThat(worst).as("a known misreading must not be the default").isGreaterThan(TOLERANCE);
      Map<String, Object> named = block(golden);
      named.put("variant", golden.get("variant").getAsString());
      assertThatThrownBy(() -> optimizer(golden, named))
          .isInstanceOf(SpecException.class)
          .hasMessageContaining("variant");
    } else {
      worst =
          switch (schedule) {
            case "sutskever_momentum" -> sutskever(golden);
            case "reduce_on_plateau" -> plateau(golden);
            case "one_cycle" ->
                Math.max(
                    worst(golden.getAsJsonArray("lr"), rates(golden)),
                    worst(golden.getAsJsonArray("momentum"), momenta(golden)));
            default -> worst(golden.getAsJsonArray("lr"), rates(golden));
          };
      assertThat(worst).isLessThanOrEqualTo(TOLERANCE);
    }
    System.out.printf(Locale.ROOT, "%-80s worst error %.1e%n", path.getFileName(), worst);
  }

  private static IntToDoubleFunction rates(JsonObject golden) {
    Optimizer rule = optimizer(golden, block(golden)).resolve(run(golden));
    return t -> rule.learningRate().at(t);
  }

  private static Optimizer optimizer(JsonObject golden, Map<String, Object> block) {
    double rate = golden.getAsJsonObject("hyper").get("lr").getAsDouble();
    Object max = hyper(golden).get("max_lr");
    boolean oneCycle = golden.get("schedule").getAsString().equals("one_cycle");
    return read(Map.of("rule", "sgd", "lr", oneCycle ? max : rate, "schedule", block));
  }

  private static Optimizer read(Map<String, Object> tree) {
    return Vocabulary.binder().fromTree(tree, Optimizer.class, "golden");
  }

  /** The schedule block of a file. */
  private static Map<String, Object> block(JsonObject golden) {
    String schedule = golden.get("schedule").getAsString();
    String variant = golden.get("variant").getAsString();
    Map<String, Object> block = hyper(golden);
    block.put("kind", schedule);
    block.remove("lr");
    switch (schedule) {
      case "cosine", "linear" -> {
        block.remove("epochs");
        block.remove("steps_per_epoch");
        if (variant.equals("per_epoch_update")) {
          block.put("per", "epoch");
        }
      }
      case "one_cycle" -> block.remove("max_lr");
      case "inverse_sqrt" -> {
        Object warmup = block.remove("warmup");
        if (warmup != null) {
          block.put("peak", warmup);
        }
      }
      case "warmup" -> warmup(block, variant);
      case "multistep" -> block.put("kind", "multi-step");
      default -> {}
    }
    return block;
  }

  private static void warmup(Map<String, Object> block, String variant) {
    Map<String, Object> warmup = new LinkedHashMap<>();
    warmup.put("length", block.remove("warmup"));
    if (variant.startsWith("linear_from_zero")) {
      warmup.put("start", 0);
    }
    if (block.containsKey("start_factor")) {
      warmup.put("start", block.remove("start_factor"));
    }
    if (variant.contains("multiplies_inner")) {
      warmup.put("shifted", false);
    }
    if (!variant.contains("cosine")) {
      block.remove("T"); // the length of the table
    }
    block.put("warmup", warmup.size() == 1 ? warmup.get("length") : warmup);
    block.put(
        "kind",
        variant.endsWith("exponential")
            ? "exponential"
            : variant.contains("cosine") ? "cosine" : "constant");
  }

  private static RunLength run(JsonObject golden) {
    Map<String, Object> hyper = hyper(golden);
    if (hyper.containsKey("steps_per_epoch")) {
      long perEpoch = ((Number) hyper.get("steps_per_epoch")).longValue();
      return new RunLength(perEpoch, perEpoch * ((Number) hyper.get("epochs")).longValue());
    }
    Number length = (Number) hyper.get("T");
    return new RunLength(1, length == null ? null : length.longValue());
  }

  private static IntToDoubleFunction momenta(JsonObject golden) {
    Map<String, Object> block = hyper(golden);
    List.of("lr", "max_lr", "div", "final_div").forEach(block::remove);
    block.put("kind", "one-cycle-momentum");
    block.put("base_momentum", golden.get("base_momentum").getAsDouble());
    block.put("max_momentum", golden.get("max_momentum").getAsDouble());
    return momentum(block);
  }

  private static IntToDoubleFunction momentum(Map<String, Object> block) {
    Optimizer rule = read(Map.of("rule", "momentum", "momentum", block));
    dev.schuss.optim.Momentum momentum = (dev.schuss.optim.Momentum) rule;
    return t -> momentum.momentum().at(t);
  }

  private static double sutskever(JsonObject golden) {
    Map<String, Object> block = hyper(golden);
    block.put("kind", "sutskever_momentum");
    IntToDoubleFunction momentum = momentum(block);
    JsonArray t = golden.getAsJsonArray("t");
    return worst(golden.getAsJsonArray("mu"), i -> momentum.applyAsDouble(t.get(i).getAsInt()));
  }

  private static double plateau(JsonObject golden) {
    Map<String, Object> block = block(golden);
    boolean higherIsBetter = block.remove("mode").equals("max");
    Updater updater =
        new Updater(optimizer(golden, block), Layout.flat(1), List.of(), new float[1]);
    JsonArray metrics = golden.getAsJsonArray("metrics");
    return worst(
        golden.getAsJsonArray("lr"),
        epoch -> {
          double rate = updater.learningRate();
          updater.epochEnded(metrics.get(epoch).getAsDouble(), higherIsBetter);
          return rate;
        });
  }

  /** The largest difference, relative to the largest expected value where that is below 1. */
  private static double worst(JsonArray expected, IntToDoubleFunction actual) {
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < expected.size(); i++) {
      double value = expected.get(i).getAsDouble();
      worst = Math.max(worst, Math.abs(actual.applyAsDouble(i) - value));
      largest = Math.max(largest, value);
    }
    assertThat(largest).isPositive();
    return worst / largest;
  }

  private static Map<String, Object> hyper(JsonObject golden) {
    Map<String, Object> tree = new LinkedHashMap<>();
    golden
        .getAsJsonObject("hyper")
        .entrySet()
        .forEach(e -> tree.put(e.getKey(), new Gson().fromJson(e.getValue(), Object.class)));
    return tree;
  }
}
