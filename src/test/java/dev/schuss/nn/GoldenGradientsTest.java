package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.schuss.Golden;
import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import dev.schuss.objective.Task;
import dev.schuss.optim.Regularization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loss and gradients of small networks beside independent reference numbers. */
class GoldenGradientsTest {
  private static final double TOLERANCE = 1e-4;

  static Stream<Path> files() {
    return Golden.files("gradients").stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void lossAndGradientsMatch(Path path) {
    JsonObject file = Golden.read(path);
    Network network = network(file);
    float[] w = weights(file, network);
    float[] x = Golden.floats(file.get("x"));
    int rows = file.getAsJsonArray("x").size();
    Batch batch = Batch.of(rows, x, Golden.floats(file.get("y")));

    boolean ghosts = network.hidden().stream().anyMatch(BatchNorm.class::isInstance);
    if (!ghosts) { // whose predictions take the running statistics
      assertThat(
              Golden.worst(
                  Arrays.copyOf(network.outputs(w, x, rows), rows * network.outputs()),
                  Golden.floats(file.get("output"))))
          .as("outputs")
          .isLessThan(TOLERANCE);
    }

    GradientSum sum = new GradientSum(w.length);
    network.addGradient(w, batch, sum);
    assertClose("data loss", sum.meanLoss(), file.get("data_loss").getAsDouble());

    assertThat(file.has("buffers_after_forward")).isEqualTo(ghosts);
    if (ghosts) {
      assertBuffers(file.getAsJsonObject("buffers_after_forward"), network, w, sum);
    }
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
        .as("activations inside of the layers before them")
        .isEqualTo(sum.gradient());
    double input =
        Golden.worst(inputGradient(network, w, batch), Golden.floats(file.get("grad_x")));
    assertThat(input).as("grad_x").isLessThan(TOLERANCE);
    System.out.printf(
        Locale.ROOT, "%-45s worst error %.1e%n", path.getFileName(), Math.max(worst, input));
  }

  /** What a layer that changes nothing, put before the network, is told of its outputs. */
  private static float[] inputGradient(Network network, float[] w, Batch batch) {
    Probe probe = new Probe();
    List<Layer> hidden = new ArrayList<>(List.of(probe));
    hidden.addAll(network.hidden());
    Network longer =
        new Network(
            network.task(),
            network.input(),
            hidden,
            network.outputs(),
            network.loss(),
            network.initializer());
    float[] v = new float[w.length + 1];
    System.arraycopy(w, 0, v, 1, w.length);
    longer.addGradient(v, batch, new GradientSum(v.length));
    for (int i = 0; i < probe.told.length; i++) {
      probe.told[i] /= batch.rows();
    }
    return probe.told;
  }

  /** Its one parameter makes the gradient reach it. */
  private static final class Probe implements Layer {
    private static final long serialVersionUID = 1;

    private float[] told;

    @Override
    public String type() {
      return "probe";
    }

    @Override
    public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
      layout.append(name + ".weight", true, 1);
      return new BoundLayer() {
        private static final long serialVersionUID = 1;

        @Override
        public int outputs() {
          return input.size();
        }

        @Override
        public Shape shape() {
          return input;
        }

        @Override
        public double operations() {
          return 0;
        }

        @Override
        public void forward(float[] w, float[] x, int rows, float[] y) {
          System.arraycopy(x, 0, y, 0, rows * input.size());
        }

        @Override
        public void backward(
            float[] w,
            float[] x,
            float[] y,
            int rows,
            float[] dy,
            float[] dx,
            float[] gradient,
            Training training) {
          told = Arrays.copyOf(dy, rows * input.size());
        }
      };
    }
  }

  /** Each buffer, moved by what the rows make for, beside the reference. */
  private static void assertBuffers(
      JsonObject expected, Network network, float[] w, GradientSum sum) {
    for (Map.Entry<String, JsonElement> buffer : expected.entrySet()) {
      int dot = buffer.getKey().indexOf('.');
      int layer = Integer.parseInt(buffer.getKey().substring(0, dot));
      Segment s = network.layout().segment("batch-norm" + layer + buffer.getKey().substring(dot));
      assertThat(s.trainable()).isFalse();
      float[] moved = Arrays.copyOfRange(w, s.offset(), s.end());
      for (int i = 0; i < moved.length; i++) {
        moved[i] += sum.gradient()[s.offset() + i] / sum.statisticsRows();
      }
      assertThat(Golden.worst(moved, Golden.floats(buffer.getValue())))
          .as(buffer.getKey())
          .isLessThan(TOLERANCE);
    }
  }

  private static Network network(JsonObject file) {
    List<Layer> layers = new ArrayList<>();
    Shape input = shape(file.get("x"));
    int units = 0;
    for (JsonElement e : file.getAsJsonArray("layers")) {
      JsonObject layer = e.getAsJsonObject();
      switch (layer.get("type").getAsString()) {
        case "linear" -> {
          units = layer.get("outputs").getAsInt();
          layers.add(new Dense(units, Activation.IDENTITY));
        }
        case "conv2d" ->
            layers.add(
                new Conv2d(
                    layer.get("out_channels").getAsInt(),
                    layer.get("kernel").getAsInt(),
                    layer.get("stride").getAsInt(),
                    layer.get("padding").getAsInt(),
                    layer.get("bias").getAsBoolean(),
                    Activation.IDENTITY));
        case "maxpool2d" -> layers.add(new MaxPool2d(size(layer), stride(layer), padding(layer)));
        case "avgpool2d" ->
            layers.add(new AveragePool2d(size(layer), stride(layer), padding(layer)));
        case "flatten" -> layers.add(new Flatten());
        case "batchnorm" ->
            layers.add(
                new BatchNorm(
                    layer.get("eps").getAsDouble(), layer.get("momentum").getAsDouble(), 64));
        case "layernorm" -> layers.add(new LayerNorm(layer.get("eps").getAsDouble()));
        case "activation" -> layers.add(new Elementwise(activation(layer)));
        default -> throw new IllegalArgumentException("golden files need " + layer);
      }
    }
    Loss loss = loss(file.getAsJsonObject("loss"));
    Task task =
        file.getAsJsonArray("y").get(0).isJsonArray() ? Task.REGRESSION : Task.CLASSIFICATION;
    layers.remove(layers.size() - 1); // the linear output layer, which the network adds
    return new Network(task, input, layers, units, loss, Initializer.HE);
  }

  /** Of the rows: numbers, or images. */
  private static Shape shape(JsonElement rows) {
    List<Integer> sizes = new ArrayList<>();
    for (JsonElement e = rows.getAsJsonArray().get(0); e.isJsonArray(); ) {
      sizes.add(e.getAsJsonArray().size());
      e = e.getAsJsonArray().get(0);
    }
    return sizes.size() == 3
        ? Shape.image(sizes.get(0), sizes.get(1), sizes.get(2))
        : Shape.flat(sizes.get(0));
  }

  private static int size(JsonObject pool) {
    return pool.get("size").getAsInt();
  }

  private static int stride(JsonObject pool) {
    return pool.get("stride").getAsInt();
  }

  private static int padding(JsonObject pool) {
    return pool.has("padding") ? pool.get("padding").getAsInt() : 0;
  }

  /** The same network with activations inside of the dense layers before them. */
  private static Network fused(Network network) {
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : network.hidden()) {
      int last = layers.size() - 1;
      if (layer instanceof Elementwise e && last >= 0 && layers.get(last) instanceof Dense dense) {
        layers.set(last, new Dense(dense.units(), e.activation()));
      } else if (layer instanceof Elementwise e
          && last >= 0
          && layers.get(last) instanceof Conv2d c) {
        layers.set(
            last,
            new Conv2d(
                c.channels(), c.kernel(), c.stride(), c.padding(), c.bias(), e.activation()));
      } else {
        layers.add(layer);
      }
    }
    return new Network(
        network.task(),
        network.input(),
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
    float[] w = network.initialWeights(1); // buffers start as the files' do
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
