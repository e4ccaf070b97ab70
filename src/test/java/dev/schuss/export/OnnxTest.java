package dev.schuss.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.schuss.math.Mix;
import dev.schuss.model.BadValue;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.FittedModel;
import dev.schuss.model.InputRow;
import dev.schuss.model.Invalid;
import dev.schuss.model.ModelException;
import dev.schuss.model.Predictor;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Activation;
import dev.schuss.nn.BoundLayer;
import dev.schuss.nn.Dense;
import dev.schuss.nn.Elementwise;
import dev.schuss.nn.Layer;
import dev.schuss.nn.Network;
import dev.schuss.nn.Shape;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Task;
import dev.schuss.spec.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Graphs, run by ONNX Runtime beside {@link Predictor}. */
class OnnxTest {
  private static final FittedModel.Provenance HERE = FittedModel.Provenance.defaults("0.1.0", 1, 2);

  @Property(tries = 300)
  void anyModelGivesThePredictorsNumbers(
      @ForAll Task task,
      @ForAll boolean images,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll long seed) {
    Mix random = new Mix(seed);
    FittedModel model = RandomModel.of(task, images, random);
    assertSame(model, RandomModel.rows(model, rows, random));
  }

  static Stream<String> layers() {
    return Samples.layers().stream();
  }

  /** A new layer has no form in ONNX until it is given one. */
  @ParameterizedTest
  @MethodSource("layers")
  void everyRegisteredLayerIsExported(String name) {
    Mix random = new Mix(7);
    for (int i = 0; i < 10; i++) {
      FittedModel model = RandomModel.with(() -> Samples.layer(name, random), random);
      assertSame(model, RandomModel.rows(model, 5, random));
    }
  }

  static Stream<String> activations() {
    return Samples.activations().stream();
  }

  @ParameterizedTest
  @MethodSource("activations")
  void everyRegisteredActivationIsExported(String name) {
    Mix random = new Mix(8);
    for (int i = 0; i < 5; i++) {
      FittedModel model =
          RandomModel.with(() -> new Elementwise(Samples.activation(name, random)), random);
      assertSame(model, RandomModel.rows(model, 5, random));
    }
  }

  static void assertSame(FittedModel model, List<Map<String, Object>> rows) {
    Ran ran = Ran.of(model, rows);
    Predictor predictor = Predictor.of(model);
    Task task = model.network().task();
    String output =
        switch (task) {
          case CLASSIFICATION -> model.network().probabilities() ? "probabilities" : "scores";
          case REGRESSION -> "values";
          case RECONSTRUCTION -> "reconstruction";
        };
    for (int r = 0; r < rows.size(); r++) {
      Predictor.Prediction expected = predictor.predict(rows.get(r));
      assertClose(ran.floats(output, r), expected.values(), model);
      if (task == Task.CLASSIFICATION && isPlain(expected.values())) {
        ClassLabels classes = model.preprocessing().classes();
        Object label = ran.label(r);
        assertThat(label instanceof String text ? classes.index(text) : number(classes, label))
            .as("label %s", label)
            .isEqualTo(expected.classIndex());
        assertThat(label instanceof String).isEqualTo(classes.isText() || classes.isNamed());
      }
      if (task == Task.RECONSTRUCTION && predictor.codeWidth() > 0) {
        float[] code = new float[predictor.codeWidth()];
        predictor.code(row(model, rows.get(r)), code);
        assertClose(ran.floats("code", r), code, model);
      }
    }
    if (task == Task.RECONSTRUCTION) {
      assertThat(ran.outputs().containsKey("code")).isEqualTo(predictor.codeWidth() > 0);
    }
  }

  private static int number(ClassLabels classes, Object label) {
    return classes.index(((Number) label).doubleValue());
  }

  /** Not where rounding decides. */
  private static boolean isPlain(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - 1] - sorted[sorted.length - 2] > 1e-4;
  }

  private static void assertClose(float[] actual, float[] expected, FittedModel model) {
    assertThat(actual).hasSameSizeAs(expected);
    double scale = 1;
    for (float y : expected) {
      scale = Math.max(scale, Math.abs(y));
    }
    for (int j = 0; j < expected.length; j++) {
      assertThat((double) actual[j])
          .as(
              "%s %s %s",
              Arrays.toString(expected), model.network().hidden(), model.preprocessing())
          .isCloseTo(expected[j], org.assertj.core.data.Offset.offset(1e-5 * scale));
    }
  }

  private static float[] row(FittedModel model, Map<String, Object> named) {
    Preprocessing columns = model.preprocessing();
    InputRow row = new InputRow(columns.inputs(), false, columns.invalid());
    row.start();
    try {
      for (Feature feature : columns.inputs()) {
        row.add(named.get(feature.name()));
      }
    } catch (BadValue e) {
      throw new IllegalStateException(e);
    }
    row.end();
    return Arrays.copyOf(row.dense(), columns.width());
  }

  private static FittedModel table(Invalid invalid) {
    List<Feature> features =
        List.of(
            Feature.number("age"),
            Feature.category("colour", List.of("red", "blue"), false),
            Feature.number("hours"));
    Network network = Network.input(5).dense(4, Activation.RELU).output(2);
    Preprocessing columns =
        new Preprocessing(
            Task.CLASSIFICATION,
            features,
            List.of("rich"),
            ClassLabels.of(List.of("no", "yes")),
            invalid,
            new float[] {30, 0, 0, 0, 5},
            new float[] {2, 1, 1, 1, 3});
    return new FittedModel(network, network.initialWeights(5), columns, HERE);
  }

  private static ModelProto proto(FittedModel model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Onnx onnx = Onnx.of(model);
    onnx.write(out);
    assertThat(onnx.bytes()).isEqualTo(out.size());
    return ModelProto.parseFrom(out.toByteArray());
  }

  @Test
  void theGraphSaysWhatItTakesAndWhereItComesFrom() throws IOException {
    FittedModel model = table(Invalid.ERROR);
    Onnx onnx = Onnx.of(model);
    assertThat(onnx.inputs()).hasToString("[features float [N, 2], colour string [N, 1]]");
    assertThat(onnx.outputs()).hasToString("[label string [N], probabilities float [N, 2]]");
    ModelProto proto = proto(model);
    assertThat(proto.getIrVersion()).isEqualTo(8);
    assertThat(proto.getOpsetImportList())
        .extracting(o -> o.getDomain() + " " + o.getVersion())
        .containsExactly(" 17", "ai.onnx.ml 3");
    assertThat(proto.getProducerName()).isEqualTo("schuss");
    assertThat(proto.getMetadataPropsList())
        .extracting(p -> p.getKey() + "=" + p.getValue())
        .contains("classes=[\"no\",\"yes\"]", "features=[\"age\",\"colour\",\"hours\"]", "steps=2");
    assertThat(proto.getDocString()).contains("classification", "2 steps by Schuss 0.1.0");
    TensorProto weight =
        proto.getGraph().getInitializerList().stream()
            .filter(t -> t.getName().equals("dense0.weight"))
            .findFirst()
            .get();
    assertThat(weight.getDimsList()).containsExactly(4L, 5L);
    assertThat(proto(model)).isEqualTo(proto);
  }

  private static FittedModel named(Network network, ClassLabels classes, String... categories) {
    List<Feature> features = new ArrayList<>(List.of(Feature.number("age")));
    for (String category : categories) {
      features.add(Feature.category(category, List.of("red"), false));
    }
    Preprocessing columns =
        new Preprocessing(
            network.task(),
            features,
            network.task() == Task.RECONSTRUCTION ? List.of() : List.of("y"),
            classes,
            Invalid.KEEP,
            null,
            null);
    return new FittedModel(network, network.initialWeights(5), columns, HERE);
  }

  /** An input gives way to the outputs of its own graph, not to those of other tasks. */
  @Test
  void columnsKeepTheirNamesUnlessTheGraphHasThem() {
    String[] categories = {"label", "code", "values", "features", "scores"};
    Network classes = Network.input(1 + 2 * categories.length).output(2);
    assertThat(inputs(named(classes, ClassLabels.of(0, 1), categories)))
        .containsExactly("features", "label_2", "code", "values", "features_2", "scores");
    Network regression = Network.input(1 + 2 * categories.length).regression(1);
    assertThat(inputs(named(regression, null, categories)))
        .containsExactly("features", "label", "code", "values_2", "features_2", "scores");
  }

  private static List<String> inputs(FittedModel model) {
    return Onnx.of(model).inputs().stream().map(Port::name).toList();
  }

  /** The operators for texts only where a column has them. */
  @Test
  void aModelOfNumbersAloneNeedsOneDomain() throws IOException {
    Mix random = new Mix(3);
    FittedModel model = RandomModel.of(Task.CLASSIFICATION, true, random);
    assertThat(proto(model).getOpsetImportList()).hasSize(1);
  }

  @Test
  void aRowThatIsNoneGivesNaNRatherThanANumber() {
    Map<String, Object> good = Map.of("age", 41f, "colour", "red", "hours", 3f);
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      List<Map<String, Object>> rows =
          List.of(good, Map.of("age", bad, "colour", "red", "hours", 3f), good);
      for (Invalid invalid : List.of(Invalid.ERROR, Invalid.SKIP)) {
        Ran ran = Ran.of(table(invalid), rows);
        assertThat(ran.floats("probabilities", 1)).containsExactly(Float.NaN, Float.NaN);
        assertThat(ran.floats("probabilities", 0)).isEqualTo(ran.floats("probabilities", 2));
        assertThat(ran.floats("probabilities", 0)[0]).isBetween(0f, 1f);
      }
      assertSame(table(Invalid.KEEP), rows);
    }
  }

  @Test
  void whatIsTooLargeIsRefusedWithBothNumbers() {
    Network network =
        Network.input(40_000).dense(20_000, Activation.RELU).output(2); // no weights are made
    Preprocessing columns =
        new Preprocessing(
            Task.CLASSIFICATION,
            List.of(Feature.vector("v", 40_000)),
            List.of("y"),
            ClassLabels.of(0, 1),
            Invalid.ERROR,
            null,
            null);
    assertThatThrownBy(() -> Onnx.checkSize(network, columns))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "the model's 800,060,002 weights take 3,200,240,008 bytes, and an ONNX file holds at most 2,147,483,647: export it as safetensors");
  }

  /** A layer that nobody gave a form. */
  record Unknown() implements Layer {
    @Override
    public String type() {
      return "unknown";
    }

    @Override
    public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
      return new Dense(input.size(), Activation.IDENTITY).bind(name, input, layout);
    }
  }

  @Test
  void aLayerWithoutAFormIsNamed() {
    Network network = Network.input(2).layer(new Unknown()).regression(1);
    Preprocessing columns =
        new Preprocessing(
            Task.REGRESSION,
            List.of(Feature.vector("v", 2)),
            List.of("y"),
            null,
            Invalid.ERROR,
            null,
            null);
    FittedModel model = new FittedModel(network, network.initialWeights(1), columns, HERE);
    assertThatThrownBy(() -> Onnx.of(model))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "unknown0: the layer unknown has no form in ONNX here: leave it out, and train again");
    assertThatThrownBy(() -> PyTorch.code(model))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("unknown0: the layer unknown has no form in PyTorch here");
    assertThat(PyTorch.tensors(model, PyTorch.Names.SCHUSS).tensors())
        .containsKeys("unknown0.weight", "output.bias");
  }
}
