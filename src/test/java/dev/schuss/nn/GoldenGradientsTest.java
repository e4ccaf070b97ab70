package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.schuss.Golden;
import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Segment;
import dev.schuss.objective.Task;
import dev.schuss.optim.Regularization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loss and gradients of small networks beside independent reference numbers. */
class GoldenGradientsTest {
  private static final double TOLERANCE = 1e-4;

  /** Layers, activations and losses of the golden files that do not exist yet. */
  private static final Set<String> MISSING = Set.of("batchnorm", "conv2d");

  static Stream<Path> files() {
    return Golden.files("gradients").stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void lossAndGradientsMatch(Path path) {
    JsonObject file = Golden.read(path);
    List<String> missing = names(file).stream().filter(MISSING::contains).toList();
    if (!missing.isEmpty()) {
      // Listed above until it exists; the listing must not outlive that.
      assertThatThrownBy(() -> network(file)).hasMessageContaining("golden files need");
      return;
    }
    Network network = network(file);
    float[] w = weights(file, network);
    float[] x = Golden.floats(file.get("x"));
    int rows = file.getAsJsonArray("x").size();
    Batch batch = Batch.of(rows, x, Golden.floats(file.get("y")));

    assertThat(
            Golden.worst(
                Arrays.copyOf(network.outputs(w, x, rows), rows * network.outputs()),
                Golden.floats(file.get("output"))))
        .as("outputs")
        .isLessThan(TOLERANCE);

    GradientSum sum = new GradientSum(w.length);
    network.addGradient(w, batch, sum);
    assertClose("data loss", sum.meanLoss(), file.get("data_loss").getAsDouble());

    float[] gradient = sum.gradient().clone();
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] /= (float) sum.weightSum();
    }
    double penalty = regularization(file).addTo(gradient, w, network.layout());
    assertClose("loss", sum.meanLoss() + penalty, file.get("loss_value").getAsDouble());

    double worst = 0;
    for (Map.Entry<String, JsonElement> grad : file.getAsJsonObject("grads").entrySet()) {
      Segment s = segment(grad.getKey(), network);
      float[] actual = Arrays.copyOfRange(gradient, s.offset(), s.end());
      double error = Golden.worst(actual, Golden.floats(grad.getValue()));
      assertThat(error).as(grad.getKey()).isLessThan(TOLERANCE);
      worst = Math.max(worst, error);
    }
    GradientSum inDense = new GradientSum(w.length);
    fused(network).addGradient(w, batch, inDense);
    assertThat(inDense.gradient())
        .as("activations inside of dense layers")
        .isEqualTo(sum.gradient());
    double input =
        Golden.worst(inputGradient(network, w, batch), Golden.floats(file.get("grad_x")));
    assertThat(input).as("grad_x").isLessThan(TOLERANCE);
    System.out.printf(
        Locale.ROOT, "%-45s worst error %.1e%n", path.getFileName(), Math.max(worst, input));
  }

  /** The bias gradient of a unit-matrix layer put before the network, row by row. */
  private static float[] inputGradient(Network network, float[] w, Batch batch) {
    int n = network.inputs();
    List<Layer> hidden = new ArrayList<>(List.of(new Dense(n, Activation.IDENTITY)));
    hidden.addAll(network.hidden());
    Network longer =
        new Network(
            network.task(), n, hidden, network.outputs(), network.loss(), network.initializer());
    float[] v = new float[n * n + n + w.length];
    for (int i = 0; i < n; i++) {
      v[i * n + i] = 1;
    }
    System.arraycopy(w, 0, v, n * n + n, w.length);
    float[] result = new float[batch.rows() * n];
    for (int r = 0; r < batch.rows(); r++) {
      int k = batch.targetWidth();
      Batch row =
          Batch.of(
              1,
              Arrays.copyOfRange(batch.features(), r * n, (r + 1) * n),
              Arrays.copyOfRange(batch.targets(), r * k, (r + 1) * k));
      GradientSum sum = new GradientSum(v.length);
      longer.addGradient(v, row, sum);
      for (int i = 0; i < n; i++) {
        result[r * n + i] = sum.gradient()[n * n + i] / batch.rows();
      }
    }
    return result;
  }

  private static List<String> names(JsonObject file) {
    List<String> names = new ArrayList<>();
    for (JsonElement e : file.getAsJsonArray("layers")) {
      JsonObject layer = e.getAsJsonObject();
      names.add(layer.get(layer.has("name") ? "name" : "type").getAsString());
    }
    names.add(file.getAsJsonObject("loss").get("name").getAsString());
    return names;
  }

  private static Network network(JsonObject file) {
    List<Layer> layers = new ArrayList<>();
    int inputs = 0;
    int units = 0;
    for (JsonElement e : file.getAsJsonArray("layers")) {
      JsonObject layer = e.getAsJsonObject();
      switch (layer.get("type").getAsString()) {
        case "linear" -> {
          inputs = inputs == 0 ? layer.get("inputs").getAsInt() : inputs;
          units = layer.get("outputs").getAsInt();
          layers.add(new Dense(units, Activation.IDENTITY));
        }
        case "layernorm" -> layers.add(new LayerNorm(layer.get("eps").getAsDouble()));
        case "activation" -> layers.add(new Elementwise(activation(layer)));
        default -> throw new IllegalArgumentException("golden files need " + layer);
      }
    }
    Loss loss = loss(file.getAsJsonObject("loss"));
    Task task =
        file.getAsJsonArray("y").get(0).isJsonArray() ? Task.REGRESSION : Task.CLASSIFICATION;
    layers.remove(layers.size() - 1); // the linear output layer, which the network adds
    return new Network(task, inputs, layers, units, loss, Initializer.HE);
  }

  /** The same network with activations inside of the dense layers before them. */
  private static Network fused(Network network) {
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : network.hidden()) {
      int last = layers.size() - 1;
      if (layer instanceof Elementwise e && last >= 0 && layers.get(last) instanceof Dense dense) {
        layers.set(last, new Dense(dense.units(), e.activation()));
      } else {
        layers.add(layer);
      }
    }
    return new Network(
        network.task(),
        network.inputs(),
        layers,
        network.outputs(),
        network.loss(),
        network.initializer());
  }

  private static Activation activation(JsonObject layer) {
    return switch (layer.get("name").getAsString()) {
      case "identity" -> Activation.IDENTITY;
      case "relu" -> Activation.RELU;
      case "leaky_relu" -> new Activation.LeakyRelu(layer.get("negative_slope").getAsDouble());
      case "elu" -> new Activation.Elu(layer.get("alpha").getAsDouble());
      case "gelu" -> Activation.GELU;
      case "gelu_tanh" -> new Activation.GeluTanh();
      case "softplus" -> new Activation.Softplus(layer.get("beta").getAsDouble());
      case "tanh" -> Activation.TANH;
      case "sigmoid" -> Activation.SIGMOID;
      default -> throw new IllegalArgumentException("golden files need " + layer);
    };
  }

  private static Loss loss(JsonObject loss) {
    return switch (loss.get("name").getAsString()) {
      case "softmax_cross_entropy" -> SoftmaxCrossEntropy.DEFAULTS;
      case "binary_cross_entropy_with_logits" -> new BinaryCrossEntropy();
      case "multiclass_hinge" -> new MulticlassHinge(loss.get("delta").getAsDouble());
      case "huber" -> new Huber(loss.get("delta").getAsDouble());
      case "mse" ->
          new MeanSquaredError(
              loss.get("reduction").getAsString().equals("mean_elements")
                  ? MeanSquaredError.Reduction.MEAN
                  : MeanSquaredError.Reduction.HALF_SUM);
      default -> throw new IllegalArgumentException("golden files need " + loss);
    };
  }

  private static Regularization regularization(JsonObject file) {
    if (!file.has("regularizer") || file.get("regularizer").isJsonNull()) {
      return Regularization.DEFAULTS;
    }
    JsonObject r = file.getAsJsonObject("regularizer");
    double lambda = r.get("lambda").getAsDouble();
    boolean half = r.get("form").getAsString().startsWith("half");
    return new Regularization(half ? lambda : 2 * lambda);
  }

  private static float[] weights(JsonObject file, Network network) {
    float[] w = new float[network.layout().size()];
    for (Map.Entry<String, JsonElement> param : file.getAsJsonObject("params").entrySet()) {
      Segment s = segment(param.getKey(), network);
      float[] values = Golden.floats(param.getValue());
      assertThat(values).hasSize(s.length());
      System.arraycopy(values, 0, w, s.offset(), values.length);
    }
    return w;
  }

  /** {@code 2.W} is the weight of layer 2, which is the output layer if there is none after it. */
  private static Segment segment(String param, Network network) {
    int dot = param.indexOf('.');
    int layer = Integer.parseInt(param.substring(0, dot));
    String name =
        layer == network.hidden().size() ? "output" : network.hidden().get(layer).type() + layer;
    boolean weight = List.of("W", "gamma").contains(param.substring(dot + 1));
    return network.layout().segment(name + (weight ? ".weight" : ".bias"));
  }

  private static void assertClose(String what, double actual, double expected) {
    assertThat(Math.abs(actual - expected) / Math.max(1, Math.abs(expected)))
        .as("%s: %s, expected %s", what, actual, expected)
        .isLessThan(TOLERANCE);
  }
}
