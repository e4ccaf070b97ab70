package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.schuss.Digits;
import dev.schuss.Golden;
import dev.schuss.TestSpark;
import dev.schuss.data.Columns;
import dev.schuss.data.ExplicitPlan;
import dev.schuss.model.Scaling;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.objective.Layout;
import dev.schuss.optim.Optimizer;
import dev.schuss.spec.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole trainings on the digits, through the Spark round, beside independent reference traces. */
class GoldenDigitsTest {
  static Stream<Arguments> traces() {
    return Golden.files("digits").stream()
        .flatMap(f -> Stream.of(1, 2, 7).map(partitions -> Arguments.of(f, partitions)));
  }

  @ParameterizedTest
  @MethodSource("traces")
  void everyStepLossMatches(Path path, int partitions) {
    JsonObject trace = Golden.read(path);
    Dataset<Row> train = Digits.frame(TestSpark.session(), Digits.TRAIN);
    Network network = Network.input(64).dense(64, Activation.RELU).output(10);
    int batchSize = trace.get("batch_size").getAsInt();
    long rows = train.count();
    List<long[]> epoch = new ArrayList<>();
    for (long from = 0; from < rows; from += batchSize) {
      epoch.add(LongStream.range(from, Math.min(from + batchSize, rows)).toArray());
    }
    List<Double> losses = new ArrayList<>();

    TrainingResult result =
        Trainer.on(TestSpark.session())
            .network(network)
            .optimizer(optimizer(trace))
            .initialWeights(weights(trace, network.layout()))
            .columns(new Columns(List.of("*"), List.of("label"), null, "id"))
            .scale(Scaling.divisor(16))
            .partitions(partitions)
            .epochs(trace.get("epochs").getAsInt())
            .plan(sizes -> new ExplicitPlan(epoch))
            .validation(train)
            .test(Digits.frame(TestSpark.session(), Digits.TEST))
            .listener(
                new TrainingListener() {
                  @Override
                  public void round(RoundReport report) {
                    losses.add(report.loss());
                  }
                })
            .fit(train);

    float[] expected = Golden.floats(trace.get("step_losses_before_update"));
    float[] actual = new float[losses.size()];
    for (int i = 0; i < actual.length; i++) {
      actual[i] = losses.get(i).floatValue();
    }
    double worst = Golden.worst(actual, expected);
    System.out.printf("%s, %d partitions: worst %.1e%n", path.getFileName(), partitions, worst);
    assertThat(worst).isLessThan(1e-4);
    assertThat(result.validation().get("loss"))
        .isCloseTo(
            trace.get("final_train_loss").getAsDouble(),
            org.assertj.core.api.Assertions.within(1e-4));
    assertThat(result.test().get("accuracy") * 360)
        .isCloseTo(
            trace.get("final_test_correct").getAsDouble(),
            org.assertj.core.api.Assertions.within(1.001));
  }

  private static Optimizer optimizer(JsonObject trace) {
    Map<String, Object> tree = new LinkedHashMap<>();
    trace
        .getAsJsonObject("hyper")
        .entrySet()
        .forEach(e -> tree.put(e.getKey(), e.getValue().getAsDouble()));
    String name = trace.get("optimizer").getAsString();
    if (name.startsWith("lookahead_")) {
      tree.put("rule", name.substring("lookahead_".length()));
      tree.put("lookahead", Map.of("k", tree.remove("k"), "alpha", tree.remove("alpha")));
    } else {
      tree.put("rule", name);
    }
    return Vocabulary.binder().fromTree(tree, Optimizer.class, name);
  }

  private static float[] weights(JsonObject trace, Layout layout) {
    float[] w = new float[layout.size()];
    Map<String, String> names =
        Map.of(
            "W1", "dense0.weight", "b1", "dense0.bias", "W2", "output.weight", "b2", "output.bias");
    names.forEach(
        (key, name) -> {
          float[] values = Golden.floats(trace.get(key));
          System.arraycopy(values, 0, w, layout.segment(name).offset(), values.length);
        });
    return w;
  }
}
