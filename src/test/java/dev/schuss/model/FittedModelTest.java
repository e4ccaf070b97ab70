package dev.schuss.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.nn.Activation;
import dev.schuss.nn.Embedding;
import dev.schuss.nn.Network;
import dev.schuss.nn.Shape;
import dev.schuss.objective.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FittedModelTest {
  private static final String MEND = "; copy the model again, or train again";
  private static final Network NETWORK = Network.input(3).dense(4, Activation.TANH).output(2);
  private static final Preprocessing COLUMNS =
      new Preprocessing(
          Task.CLASSIFICATION,
          List.of(Feature.number("a"), Feature.number("x.y"), Feature.number("\"q\" ü")),
          List.of("label"),
          ClassLabels.of(-1, 0.1),
          Invalid.ERROR,
          new float[] {0.1f, 0, -1e-30f},
          new float[] {1, 255, 3e38f});
  private static final FittedModel MODEL =
      new FittedModel(
          NETWORK,
          NETWORK.initialWeights(7),
          COLUMNS,
          new FittedModel.Provenance("0.1.0", "4.1.0", Long.MIN_VALUE, 360));

  @TempDir Path folder;

  @BeforeEach
  void save() throws IOException {
    MODEL.save(new LocalFolder(folder));
  }

  private FittedModel load() throws IOException {
    return FittedModel.load(new LocalFolder(folder));
  }

  @Test
  void comesBack() throws IOException {
    FittedModel back = load();
    assertThat(back.weights()).isEqualTo(MODEL.weights());
    assertThat(back.network().layout()).isEqualTo(NETWORK.layout());
    assertThat(back.preprocessing()).isEqualTo(COLUMNS);
    assertThat(back.provenance()).isEqualTo(MODEL.provenance());
  }

  /** Weights that PyTorch trained on come with the counts of its normalisations. */
  @Test
  void countsBesideTheWeightsArePassedOver() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Safetensors written = Safetensors.read(Files.readAllBytes(file), "w");
    try (OutputStream out = Files.newOutputStream(file)) {
      new Safetensors(written.tensors(), Map.of("norm1.num_batches_tracked", 77L), Map.of())
          .write(out);
    }
    Path json = folder.resolve("model.json");
    Files.writeString(
        json, Files.readString(json).replaceFirst(",\\s*\"crc32c\": \"[0-9a-f]+\"", ""));
    assertThat(load().weights()).isEqualTo(MODEL.weights());
  }

  @Test
  void numbersOfClassesMayHaveNames(@TempDir Path other) throws IOException {
    ClassLabels named = ClassLabels.of(0, 1).named(List.of("no", "yes"));
    FittedModel model =
        new FittedModel(
            NETWORK,
            NETWORK.initialWeights(7),
            new Preprocessing(
                Task.CLASSIFICATION,
                COLUMNS.inputs(),
                List.of("label"),
                named,
                Invalid.ERROR,
                null,
                null),
            MODEL.provenance());
    model.save(new LocalFolder(other));
    assertThat(Files.readString(other.resolve("model.json")))
        .contains("\"numbers\": [0.0,1.0]", "\"names\": [\"no\",\"yes\"]");
    FittedModel back = FittedModel.load(new LocalFolder(other));
    assertThat(back.preprocessing()).isEqualTo(model.preprocessing());
    Predictor predictor = Predictor.of(back);
    double[] row = {1, 2, 3};
    assertThat(predictor.label(row)).isEqualTo(named.name(predictor.classIndex(row)));
    assertThat(named.names()).containsExactly("no", "yes");
    assertThat(named.list()).isEqualTo("0 = no, 1 = yes");
    assertThat(named.index("yes")).isEqualTo(1);
    assertThat(named.index(1)).isEqualTo(1);
    assertThat(named.index("1.0")).isEqualTo(1);
    assertThat(named.index("maybe")).isNegative();
    assertThat(named).isNotEqualTo(ClassLabels.of(0, 1));
    assertThat(named.isLike(ClassLabels.of(0, 1))).isTrue();
    assertThat(named.isLike(ClassLabels.of(0, 2))).isFalse();
    assertThat(named.isLike(ClassLabels.of(0, 1).named(List.of("yes", "no")))).isFalse();
    assertThatThrownBy(() -> ClassLabels.of(0, 1).named(List.of("no")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 names for the classes 0, 1");
    assertThatThrownBy(() -> ClassLabels.of(List.of("a", "b")).named(List.of("no", "yes")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNetworksCategoriesAreThoseOfTheColumns() {
    Shape row = Shape.flat(4).with(List.of(new Shape.Category(0, 3)));
    Network network = Network.input(row).layer(new Embedding(2)).output(2);
    Feature number = Feature.number("a");
    Feature colour = Feature.category("colour", List.of("red", "blue"), false);
    assertThat(categories(network, colour, number).network()).isSameAs(network);
    assertThatThrownBy(() -> categories(network, number, colour))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "the network's categories [Category[from=0, width=3]] are not those of the feature columns, [Category[from=1, width=3]]");
    Network dense = Network.input(4).output(2);
    assertThat(categories(dense, number, colour).network()).isSameAs(dense);
  }

  private static FittedModel categories(Network network, Feature... inputs) {
    Preprocessing columns =
        new Preprocessing(
            Task.CLASSIFICATION,
            List.of(inputs),
            List.of("label"),
            ClassLabels.of(0, 1),
            Invalid.ERROR,
            null,
            null);
    return new FittedModel(network, network.initialWeights(1), columns, MODEL.provenance());
  }

  @Test
  void withoutScalingClassesAndSparkToo(@TempDir Path other) throws IOException {
    Network network = Network.input(2).dense(1, Activation.RELU).reconstruction();
    Preprocessing columns =
        new Preprocessing(
            Task.RECONSTRUCTION,
            List.of(Feature.vector("v", 2)),
            List.of(),
            null,
            Invalid.ERROR,
            null,
            null);
    FittedModel model =
        new FittedModel(
            network,
            network.initialWeights(1),
            columns,
            FittedModel.Provenance.defaults("0.1.0", 1, 2));
    model.save(new LocalFolder(other));
    FittedModel back = FittedModel.load(new LocalFolder(other));
    assertThat(back.preprocessing()).isEqualTo(columns);
    assertThat(back.provenance()).isEqualTo(model.provenance());
  }

  @Test
  void isWrittenForPeopleAndPython() throws IOException {
    assertThat(Files.readString(folder.resolve("model.json")))
        .startsWith(
            """
            {
              "format": "schuss-model/1",
              "network": {
                "task": "classification",
                "inputs": 3,
                "layers": [
                  {
                    "type": "dense",
                    "units": 4,
                    "activation": "tanh"
                  }
                ],
                "outputs": 2,
                "loss": {
                  "kind": "softmax-cross-entropy",
                  "labelSmoothing": 0.0
                },
                "initializer": "he"
              },
              "preprocessing": {
                "task": "classification",
                "features": ["a","x.y","\\"q\\" ü"],
            """);
    byte[] file = Files.readAllBytes(folder.resolve("model.safetensors"));
    Safetensors weights = Safetensors.read(file, "w");
    assertThat(weights.tensors().keySet())
        .containsExactly("dense0.weight", "dense0.bias", "output.weight", "output.bias");
    assertThat(weights.tensors().get("dense0.weight").shape()).containsExactly(4, 3);
  }

  @Test
  void theSameModelGivesTheSameBytes(@TempDir Path other) throws IOException {
    load().save(new LocalFolder(other));
    for (String name : List.of("model.json", "model.safetensors")) {
      assertThat(other.resolve(name)).hasSameBinaryContentAs(folder.resolve(name));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "schuss-model/1|schuss-model/2|: format is schuss-model/2, which a newer Schuss wrote;"
            + " this one reads schuss-model/1: use that version",
        "\"units\": 4|\"units\": 0|:9: network.layers[0].units = 0: must be at least 1",
        "\"type\": \"dense\"|\"type\": \"lstm\"|:8: network.layers[0].type = \"lstm\": unknown type;"
            + " known are dense",
        "\"units\"|\"unitz\"|:9: network.layers[0].unitz: unknown key of type dense; did you mean units?",
        "\"seed\"|\"sead\"|:36: provenance.sead: unknown key; did you mean seed?",
        "\"outputs\": 2|\"outputs\": 3|: 2 classes do not fit a CLASSIFICATION network of 3 inputs,"
            + " 3 outputs and 31 weights",
        "[\"a\",\"x.y\",|[\"a\",|: 3 shifts and 3 divisors for 2 features",
        "\"network\"|\"network|: is not JSON at line 4 column ",
      })
  void saysWhatIsWrongInTheDescription(String part, String replacement, String message)
      throws IOException {
    Path json = folder.resolve("model.json");
    String text = Files.readString(json);
    assertThat(text).contains(part);
    Files.writeString(json, text.replace(part, replacement));
    if (message.contains("31 weights")) {
      Network larger = Network.input(3).dense(4, Activation.TANH).output(3);
      writeWeights(larger);
      Files.writeString(
          json, Files.readString(json).replaceAll(",\\s*\"crc32c\": \"[0-9a-f]+\"", ""));
    }
    assertThatThrownBy(this::load)
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(json + message)
        .hasMessageNotContaining("\n");
  }

  private void writeWeights(Network network) throws IOException {
    Map<String, Tensor> tensors = new java.util.LinkedHashMap<>();
    network
        .layout()
        .segments()
        .forEach(s -> tensors.put(s.name(), Tensor.of(new float[s.length()], s.shape())));
    try (var out = new LocalFolder(folder).create("model.safetensors")) {
      new Safetensors(tensors, Map.of()).write(out);
    }
  }

  @Test
  void aMixtureOfTwoModelsIsRefused() throws IOException {
    Path weights = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertThatThrownBy(this::load)
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(
            weights
                + ": is not the file that "
                + folder.resolve("model.json")
                + " was written with")
        .hasMessageEndingWith(
            "copy the model again, or take weights.crc32c out there to use it all the same");
    Path json = folder.resolve("model.json");
    Files.writeString(
        json, Files.readString(json).replaceAll(",\\s*\"crc32c\": \"[0-9a-f]+\"", ""));
    assertThat(load().weights()).isNotEqualTo(MODEL.weights());
    writeWeights(Network.input(3).dense(5, Activation.TANH).output(2));
    assertThatThrownBy(this::load)
        .hasMessage(
            weights + ": dense0.weight is of shape [5, 3], but the network's is [4, 3]" + MEND);
    writeWeights(Network.input(3).output(2));
    assertThatThrownBy(this::load)
        .hasMessage(weights + ": lacks dense0.weight; it has [output.weight, output.bias]" + MEND);
    writeWeights(Network.input(3).dense(4, Activation.TANH).dense(4, Activation.TANH).output(2));
    assertThatThrownBy(this::load)
        .hasMessage(weights + ": the network has no [dense1.weight, dense1.bias]" + MEND);
  }

  @ParameterizedTest
  @CsvSource({"model.json", "model.safetensors"})
  void missingAndCutFilesAreNamed(String name) throws IOException {
    Path file = folder.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    for (int length = 0; length < bytes.length - 1; length += 1 + length / 20) {
      Files.write(file, java.util.Arrays.copyOf(bytes, length));
      assertThatThrownBy(this::load)
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith(file.toString())
          .hasMessageEndingWith("again")
          .hasMessageNotContaining("\n");
    }
    Files.delete(file);
    assertThatThrownBy(this::load)
        .isInstanceOf(ModelException.class)
        .hasMessage(
            file
                + ": no such file; a model is a folder of both its files: copy it again, or train again");
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    float[] weights = NETWORK.initialWeights(1);
    weights[13] = Float.NaN;
    assertThatThrownBy(() -> new FittedModel(NETWORK, weights, COLUMNS, MODEL.provenance()))
        .hasMessage("the weights dense0.bias are not all finite");
    assertThatThrownBy(() -> new FittedModel(NETWORK, new float[3], COLUMNS, MODEL.provenance()))
        .hasMessage(
            "3 weights do not fit a CLASSIFICATION network of 3 inputs, 2 outputs and 26 weights");
    Preprocessing other =
        new Preprocessing(
            Task.REGRESSION,
            List.of(Feature.vector("a", 3)),
            List.of("y"),
            null,
            Invalid.ERROR,
            null,
            null);
    assertThatThrownBy(
            () -> new FittedModel(NETWORK, NETWORK.initialWeights(1), other, MODEL.provenance()))
        .hasMessageStartingWith("a REGRESSION do not fit a CLASSIFICATION network");
  }
}
