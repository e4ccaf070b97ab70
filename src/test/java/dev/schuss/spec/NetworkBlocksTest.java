package dev.schuss.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.nn.Activation;
import dev.schuss.nn.AveragePool2d;
import dev.schuss.nn.BinaryCrossEntropy;
import dev.schuss.nn.Conv2d;
import dev.schuss.nn.Dense;
import dev.schuss.nn.Dropout;
import dev.schuss.nn.Elementwise;
import dev.schuss.nn.Embedding;
import dev.schuss.nn.Flatten;
import dev.schuss.nn.GlobalAveragePool;
import dev.schuss.nn.Huber;
import dev.schuss.nn.Initializer;
import dev.schuss.nn.Layer;
import dev.schuss.nn.LayerNorm;
import dev.schuss.nn.Loss;
import dev.schuss.nn.MaxPool2d;
import dev.schuss.nn.MeanAbsoluteError;
import dev.schuss.nn.MulticlassHinge;
import dev.schuss.nn.Network;
import dev.schuss.nn.Shape;
import dev.schuss.nn.SoftmaxCrossEntropy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What job files say of networks. */
class NetworkBlocksTest {
  private static final Binder BINDER = Vocabulary.binder();

  record Stack(List<Layer> layers) {}

  private static List<Layer> layers(String text) {
    return BINDER.bind(Section.ofText(text, "job", Overrides.NONE), Stack.class).layers();
  }

  @Test
  void activationsAreNamesOrBlocks() {
    assertThat(
            layers(
                """
                layers = [
                  { type = dense, units = 2, activation = leaky_relu }
                  { type = dense, units = 2, activation { kind = leaky-relu, slope = 0.2 } }
                  { type = dense, units = 2, activation { kind = leaky-relu, negative_slope = 0.3 } }
                  { type = dense, units = 2, activation { kind = elu, alpha = 0.5 } }
                  { type = dense, units = 2, activation { kind = softplus, beta = 2 } }
                  { type = dense, units = 2, activation = geluTanh }
                ]
                """))
        .containsExactly(
            new Dense(2, new Activation.LeakyRelu(0.01)),
            new Dense(2, new Activation.LeakyRelu(0.2)),
            new Dense(2, new Activation.LeakyRelu(0.3)),
            new Dense(2, new Activation.Elu(0.5)),
            new Dense(2, new Activation.Softplus(2)),
            new Dense(2, new Activation.GeluTanh()));
  }

  @Test
  void whatHasNoKeysIsWrittenAsItsName() {
    assertThat(BINDER.toTree(Activation.GELU)).isEqualTo("gelu");
    assertThat(BINDER.toTree(new Activation.Elu(2))).hasToString("{kind=elu, alpha=2.0}");
  }

  @Test
  void layersHaveNamesAndOptions() {
    assertThat(
            layers(
                """
                layers = [
                  { type = layer-norm, epsilon = 0.001 }, layerNorm, dropout
                  { type = dropout, rate = 0.25 }
                  { type = activation, activation = tanh }
                ]
                """))
        .containsExactly(
            new LayerNorm(1e-3),
            LayerNorm.DEFAULTS,
            new Dropout(0.5),
            new Dropout(0.25),
            new Elementwise(Activation.TANH));
    assertThatThrownBy(() -> layers("layers = [ { type = dropout, rate = 1 } ]"))
        .hasMessage("job:1: layers[0].rate = 1: must be in [0, 1) for type dropout");
    assertThatThrownBy(() -> layers("layers = [ { type = layer-norm, epsilon = 0 } ]"))
        .hasMessage("job:1: layers[0].epsilon = 0: must be positive for type layer-norm");
  }

  @Test
  void layersOfImagesHaveTheDefaultsOfTheirRecords() {
    assertThat(
            layers(
                """
                layers = [
                  { type = conv2d, channels = 8, kernel = 3 }
                  { type = conv2d, channels = 8, kernel = 3, stride = 2, padding = 1, bias = false, activation = identity }
                  { type = max-pool2d, kernel = 2 }
                  { type = average-pool2d, kernel = 3, stride = 2, padding = 1 }
                  { type = avg-pool2d, kernel = 2 }
                  { type = global-average-pool }, { type = flatten }
                ]
                """))
        .containsExactly(
            new Conv2d(8, 3, 1, 0, true, Activation.RELU),
            new Conv2d(8, 3, 2, 1, false, Activation.IDENTITY),
            new MaxPool2d(2, null, 0),
            new AveragePool2d(3, 2, 1),
            AveragePool2d.defaults(2),
            new GlobalAveragePool(),
            new Flatten());
    assertThatThrownBy(() -> layers("layers = [ { type = max-pool2d, kernel = 2, padding = 2 } ]"))
        .hasMessage(
            "job:1: layers[0].padding = 2: must be at most half of kernel = 2 for type max-pool2d");
    assertThatThrownBy(() -> layers("layers = [ { type = conv2d, channels = 8 } ]"))
        .hasMessageContaining("layers[0].kernel: missing; it has no default");
  }

  @Test
  void aLayerMayStartInItsOwnWay() {
    assertThat(
            layers(
                """
                layers = [
                  { type = dense, units = 8, initializer = glorot }
                  { type = conv2d, channels = 8, kernel = 3, initializer { kind = constant, value = 2 } }
                  { type = embedding, units = 3, initializer = zeros }
                  { type = dense, units = 8 }
                ]
                """))
        .containsExactly(
            new Dense(8, Activation.RELU, Initializer.GLOROT),
            new Conv2d(8, 3, 1, 0, true, Activation.RELU, new Initializer.Constant(2)),
            new Embedding(3, new Initializer.Zeros()),
            new Dense(8, Activation.RELU));
  }

  @Test
  void aNetworkOfImagesIsReadBackAsItWasWritten() {
    Network network =
        Network.input(3, 8, 8).layer(Conv2d.defaults(4, 3)).layer(MaxPool2d.defaults(2)).output(5);
    Network read = Samples.readBack(network);
    assertThat(read.input()).isEqualTo(Shape.image(3, 8, 8));
    assertThat(read.layout()).isEqualTo(network.layout());
    Shape row = Shape.flat(5).with(List.of(new Shape.Category(1, 3)));
    Network embedding = Network.input(row).layer(new Embedding(2)).output(2);
    assertThat(Samples.readBack(embedding).input()).isEqualTo(row);
    assertThat(Samples.readBack(Network.input(4).output(2)).input()).isEqualTo(Shape.flat(4));
  }

  record Start(Initializer initializer) {}

  private static Initializer initializer(String text) {
    return BINDER.bind(Section.ofText(text, "job", Overrides.NONE), Start.class).initializer();
  }

  @Test
  void initializersAreNamesOrBlocks() {
    assertThat(initializer("initializer = he")).isEqualTo(Initializer.HE);
    assertThat(initializer("initializer = he-normal")).isEqualTo(Initializer.HE);
    assertThat(initializer("initializer = glorotUniform")).isEqualTo(Initializer.GLOROT);
    assertThat(initializer("initializer = sparse")).isEqualTo(new Initializer.Sparse(15, 1));
    assertThat(initializer("initializer { kind = sparse, connections = 3, deviation = 0.5 }"))
        .isEqualTo(new Initializer.Sparse(3, 0.5));
    assertThat(initializer("initializer { kind = constant, value = 0.5 }"))
        .isEqualTo(new Initializer.Constant(0.5));
    assertThat(BINDER.toTree(Initializer.HE)).isEqualTo("he");
    assertThatThrownBy(() -> initializer("initializer { kind = sparse, connections = 0 }"))
        .hasMessage("job:1: initializer.connections = 0: must be at least 1 for kind sparse");
    assertThatThrownBy(() -> initializer("initializer { kind = constant, value = 1e300 }"))
        .hasMessageContaining("initializer.value = 1e300: must be a finite 32-bit float");
    assertThatThrownBy(() -> initializer("initializer = constant"))
        .hasMessageContaining("value: missing; it has no default");
  }

  record Lossy(Loss loss) {}

  private static Loss loss(String text) {
    return BINDER.bind(Section.ofText(text, "job", Overrides.NONE), Lossy.class).loss();
  }

  @Test
  void lossesAreNamesOrBlocks() {
    assertThat(loss("loss { kind = softmax-cross-entropy, labelSmoothing = 0.1 }"))
        .isEqualTo(new SoftmaxCrossEntropy(0.1));
    assertThat(loss("loss { kind = multiclass-hinge, delta = 0.5 }"))
        .isEqualTo(new MulticlassHinge(0.5));
    assertThat(loss("loss { kind = huber, delta = 2 }")).isEqualTo(new Huber(2));
    assertThat(loss("loss = binary-cross-entropy")).isEqualTo(new BinaryCrossEntropy());
    assertThat(loss("loss = mae")).isEqualTo(new MeanAbsoluteError());
    assertThatThrownBy(() -> loss("loss { kind = softmax-cross-entropy, labelSmoothing = 1 }"))
        .hasMessage(
            "job:1: loss.labelSmoothing = 1: must be in [0, 1) for kind softmax-cross-entropy");
    assertThatThrownBy(() -> loss("loss { kind = huber, delta = 0 }"))
        .hasMessage("job:1: loss.delta = 0: must be positive for kind huber");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "activation { kind = elu, alpha = 0 }         | activation.alpha = 0: must be positive for kind elu",
        "activation { kind = leaky-relu, slope = 2 }  | activation.slope = 2: must be in (0, 1] for kind leaky-relu",
        "activation { kind = softplus, alpha = 1 }    | activation.alpha: unknown key of kind softplus; known are kind, beta",
        "activation { kind = swish }                  | activation.kind = \"swish\": unknown kind",
      })
  void mistakesAreTold(String key, String message) {
    assertThatThrownBy(() -> layers("layers = [ { type = dense, units = 2, " + key + " } ]"))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("layers[0]." + message);
  }
}
