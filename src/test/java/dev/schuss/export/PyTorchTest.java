package dev.schuss.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.schuss.math.Mix;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Invalid;
import dev.schuss.model.Preprocessing;
import dev.schuss.model.Safetensors;
import dev.schuss.model.Tensor;
import dev.schuss.nn.Activation;
import dev.schuss.nn.BatchNorm;
import dev.schuss.nn.Conv2d;
import dev.schuss.nn.Dense;
import dev.schuss.nn.Embedding;
import dev.schuss.nn.LayerNorm;
import dev.schuss.nn.MaxPool2d;
import dev.schuss.nn.Network;
import dev.schuss.nn.RandomFlip;
import dev.schuss.nn.Residual;
import dev.schuss.nn.Shape;
import dev.schuss.objective.Segment;
import dev.schuss.objective.Task;
import dev.schuss.spec.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names, shapes and values as PyTorch's state_dict has them. */
class PyTorchTest {

  static Stream<String> layers() {
    return Samples.layers().stream();
  }

  /** A new layer has no form in PyTorch until it is given one. */
  @ParameterizedTest
  @MethodSource("layers")
  void everyWeightOfEveryRegisteredLayerIsThereOnce(String name) {
    Mix random = new Mix(9);
    for (int i = 0; i < 10; i++) {
      FittedModel model = RandomModel.with(() -> Samples.layer(name, random), random);
      Safetensors file = PyTorch.tensors(model, PyTorch.Names.PYTORCH);
      float[] all = new float[model.weights().length];
      int at = 0;
      for (Tensor tensor : file.tensors().values()) {
        System.arraycopy(tensor.array(), tensor.from(), all, at, tensor.length());
        at += tensor.length();
      }
      assertThat(at).isEqualTo(all.length);
      float[] expected = model.weights().clone();
      Arrays.sort(expected);
      Arrays.sort(all);
      assertThat(all).isEqualTo(expected);
      String code = file.metadata().get("pytorch");
      assertThat(code).isEqualTo(PyTorch.code(model)).endsWith(")\n");
      assertThat(code.chars().filter(c -> c == '(').count())
          .isEqualTo(code.chars().filter(c -> c == ')').count());
    }
  }

  private static FittedModel model(Network network, Feature... features) {
    Preprocessing columns =
        new Preprocessing(
            Task.CLASSIFICATION,
            List.of(features),
            List.of("y"),
            ClassLabels.of(0, 1, 2),
            Invalid.ERROR,
            null,
            null);
    float[] weights = network.initialWeights(3);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += i; // each its own
    }
    return new FittedModel(
        network, weights, columns, new FittedModel.Provenance("0.1.0", null, 1, 77));
  }

  private static FittedModel images() {
    Network network =
        Network.input(1, 8, 8)
            .layer(new RandomFlip(0.5))
            .layer(new Conv2d(4, 3, 1, 1, false, Activation.IDENTITY))
            .layer(BatchNorm.DEFAULTS)
            .layer(
                new Residual(
                    List.of(new Conv2d(6, 3, 2, 1, true, Activation.TANH), LayerNorm.DEFAULTS),
                    Activation.RELU))
            .layer(new MaxPool2d(2, null, 0))
            .dense(5, new Activation.LeakyRelu(0.1))
            .output(3);
    return model(network, Feature.vector("pixels", 64));
  }

  @Test
  void modulesAreCountedAsSequentialCountsThem() {
    Safetensors file = PyTorch.tensors(images(), PyTorch.Names.PYTORCH);
    assertThat(file.tensors().entrySet().stream().map(e -> e.getKey() + e.getValue()))
        .containsExactly(
            "0.weightTensor[4, 1, 3, 3]",
            "1.weightTensor[4]",
            "1.biasTensor[4]",
            "1.running_meanTensor[4]",
            "1.running_varTensor[4]",
            "2.layers.0.weightTensor[6, 4, 3, 3]",
            "2.layers.0.biasTensor[6]",
            "2.layers.2.weightTensor[6, 4, 4]",
            "2.layers.2.biasTensor[6, 4, 4]",
            "2.projection.weightTensor[6, 4, 1, 1]",
            "5.weightTensor[5, 24]",
            "5.biasTensor[5]",
            "7.weightTensor[3, 5]",
            "7.biasTensor[3]");
    assertThat(file.counts()).containsOnlyKeys("1.num_batches_tracked").containsValue(77L);
    assertThat(PyTorch.code(images()))
        .endsWith(
            """
            model = nn.Sequential(
                nn.Conv2d(1, 4, 3, stride=1, padding=1, bias=False),
                nn.BatchNorm2d(4, eps=1.0E-5, momentum=0.1),
                Residual(nn.Sequential(
                    nn.Conv2d(4, 6, 3, stride=2, padding=1, bias=True),
                    nn.Tanh(),
                    nn.LayerNorm([6, 4, 4], eps=1.0E-5),
                ), nn.Conv2d(4, 6, 1, stride=2, padding=0, bias=False), nn.ReLU()),
                nn.MaxPool2d(2, stride=2, padding=0),
                nn.Flatten(),
                nn.Linear(24, 5),
                nn.LeakyReLU(0.1),
                nn.Linear(5, 3),
            )
            """)
        .contains("class Residual(nn.Module)")
        .doesNotContain("class Embeddings");
  }

  /** Each tensor holds what the layout has under the layer's own name. */
  @Test
  void valuesAreThoseOfTheLayers() {
    FittedModel model = images();
    Safetensors file = PyTorch.tensors(model, PyTorch.Names.PYTORCH);
    assertValues(model, file, "0.weight", "conv2d1.weight");
    assertValues(model, file, "1.running_var", "batch-norm2.running_var");
    assertValues(model, file, "2.layers.2.bias", "residual3.layer-norm1.bias");
    assertValues(model, file, "2.projection.weight", "residual3.projection.weight");
    assertValues(model, file, "7.weight", "output.weight");
  }

  private static void assertValues(
      FittedModel model, Safetensors file, String torch, String schuss) {
    Segment s = model.network().layout().segment(schuss);
    assertThat(file.tensors().get(torch).toArray())
        .isEqualTo(Arrays.copyOfRange(model.weights(), s.offset(), s.end()));
  }

  @Test
  void eachCategoryHasATable() {
    Shape row = Shape.flat(8).with(List.of(new Shape.Category(1, 3), new Shape.Category(5, 2)));
    FittedModel model =
        model(
            Network.input(row)
                .layer(new Embedding(4))
                .layer(new Dense(2, Activation.GELU))
                .output(3),
            Feature.number("a"),
            Feature.category("b", List.of("x", "y"), true),
            Feature.number("c"),
            Feature.category("d", List.of("z"), false),
            Feature.number("e"));
    Safetensors file = PyTorch.tensors(model, PyTorch.Names.PYTORCH);
    Segment table = model.network().layout().segment("embedding0.weight");
    assertThat(file.tensors().get("0.tables.1.weight").shape()).containsExactly(2, 4);
    assertThat(file.tensors().get("0.tables.1.weight").toArray())
        .isEqualTo(Arrays.copyOfRange(model.weights(), table.offset() + 12, table.offset() + 20));
    assertThat(PyTorch.code(model))
        .contains("class Embeddings(nn.Module)", "    Embeddings(8, [(1, 4), (5, 7)], 4),\n");
  }

  /** The file by its bytes, as another reader would take it. */
  @Test
  void wholeNumbersLieAtMultiplesOfEightBytes() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PyTorch.write(images(), PyTorch.Names.PYTORCH, out);
    ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) bytes.getLong(0);
    JsonObject json =
        JsonParser.parseString(new String(bytes.array(), 8, header, StandardCharsets.UTF_8))
            .getAsJsonObject();
    JsonObject count = json.getAsJsonObject("1.num_batches_tracked");
    assertThat(count).hasToString("{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]}");
    assertThat(bytes.getLong(8 + header)).isEqualTo(77);
    JsonObject first = json.getAsJsonObject("0.weight");
    assertThat(first.getAsJsonArray("data_offsets").get(0).getAsInt()).isEqualTo(8);
    Segment s = images().network().layout().segment("conv2d1.weight");
    assertThat(bytes.getFloat(8 + header + 8)).isEqualTo(images().weights()[s.offset()]);
    assertThat(json.getAsJsonObject("__metadata__").get("format").getAsString()).isEqualTo("pt");
  }

  @Test
  void ourOwnNamesAreThoseOfTheModelsFile() {
    FittedModel model = images();
    Safetensors file = PyTorch.tensors(model, PyTorch.Names.SCHUSS);
    assertThat(file.tensors().keySet())
        .containsExactlyElementsOf(
            model.network().layout().segments().stream().map(Segment::name).toList());
    assertThat(file.metadata()).containsEntry("classes", "[\"0\",\"1\",\"2\"]");
    assertThat(file.counts()).isEmpty();
  }
}
