package dev.schuss.export;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.schuss.model.Build;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Json;
import dev.schuss.model.ModelException;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Dense;
import dev.schuss.nn.ForwardPass;
import dev.schuss.nn.Layer;
import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A model as ONNX: one graph from the columns of a row to what {@link dev.schuss.model.Predictor}
 * says of it, with preprocessing, labels and weights.
 *
 * <pre>{@code
 * Onnx.of(FittedModel.load(folder)).write(out);
 * }</pre>
 *
 * <p>The operators are those of the specification at github.com/onnx/onnx, Operators.md and
 * Operators-ml.md.
 */
public final class Onnx {
  /** The version of ONNX's operators that graphs use: LayerNormalization is there from it on. */
  public static final int OPSET = 17;

  /** The version of the operators for columns of texts. */
  public static final int ML_OPSET = 3;

  /** The version of the file format that belongs to {@link #OPSET}. */
  static final int IR_VERSION = 8;

  /** Bytes that protobuf can write as one message. */
  static final long MOST_BYTES = Integer.MAX_VALUE;

  /** What nodes and names take at most beside weights and texts. */
  private static final long NODES = 1 << 22;

  private final ModelProto proto;
  private final List<Port> inputs;
  private final List<Port> outputs;

  private Onnx(ModelProto proto, List<Port> inputs, List<Port> outputs) {
    this.proto = proto;
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
  }

  /**
   * Makes the graph of a model, which holds a copy of the weights.
   *
   * @throws ModelException if a layer has no form in ONNX, or the model is larger than such a file
   *     can be
   */
  public static Onnx of(FittedModel model) {
    Network network = model.network();
    Preprocessing columns = model.preprocessing();
    checkSize(network, columns);
    Graph graph = new Graph();
    OnnxOutputs.names(network).forEach(graph::reserve);
    OnnxInputs preprocessing = new OnnxInputs(graph, columns);
    Flow x = preprocessing.of(network);
    OnnxLayers layers = new OnnxLayers(graph, model);
    int codeLayer = codeLayer(network);
    String code = null;
    int codeWidth = 0;
    for (int i = 0; i < network.hidden().size(); i++) {
      Layer layer = network.hidden().get(i);
      x = layers.of(layer, layer.type() + i, x);
      if (i == codeLayer) {
        code = layers.flat(x);
        codeWidth = x.shape().size();
      }
    }
    int units = network.loss().units(network.task(), network.outputs());
    Flow last = layers.of(new Dense(units, Activation.IDENTITY), "output", x);
    new OnnxOutputs(graph, network, columns, preprocessing.finite())
        .of(last.tensor(), code, codeWidth);
    return new Onnx(proto(graph, model), graph.inputs(), graph.outputs());
  }

  /** The layer that an autoencoder's code comes from; -1 for other tasks, and without layers. */
  private static int codeLayer(Network network) {
    ForwardPass pass = network.forwardPass(new float[0]); // only asked for its shapes
    return network.task() == Task.RECONSTRUCTION ? pass.codeLayer() : -1;
  }

  /**
   * Refuses what protobuf cannot write, before the memory for it is taken.
   *
   * @throws ModelException with both numbers
   */
  static void checkSize(Network network, Preprocessing columns) {
    long texts =
        columns.inputs().stream()
            .filter(f -> f.isCategory())
            .flatMap(f -> f.categories().stream())
            .mapToLong(text -> 3L * text.length() + 16) // UTF-8, and its place
            .sum();
    long weights = 4L * network.layout().size();
    if (weights + texts + NODES > MOST_BYTES) {
      throw new ModelException(
          "the model's %,d weights take %,d bytes, and an ONNX file holds at most %,d: export it as safetensors"
              .formatted(network.layout().size(), weights, MOST_BYTES));
    }
  }

  private static ModelProto proto(Graph graph, FittedModel model) {
    String task = model.network().task().name().toLowerCase(Locale.ROOT);
    FittedModel.Provenance from = model.provenance();
    ModelProto.Builder proto =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("schuss")
            .setProducerVersion(Build.version())
            .setDomain("dev.schuss")
            .setModelVersion(1)
            .setDocString(
                "A %s network of %,d weights, trained in %,d steps by Schuss %s%s"
                    .formatted(
                        task,
                        model.network().layout().size(),
                        from.steps(),
                        from.version(),
                        from.spark() == null ? "" : " on Spark " + from.spark()))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .setGraph(graph.build("schuss", "From columns to predictions"));
    if (graph.usesMl()) {
      proto.addOpsetImport(
          OperatorSetIdProto.newBuilder().setDomain(Graph.ML).setVersion(ML_OPSET));
    }
    metadata(model)
        .forEach(
            (key, value) ->
                proto.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return proto.build();
  }

  /** What a program may want to know of a model beside its numbers; lists are JSON. */
  static Map<String, String> metadata(FittedModel model) {
    Preprocessing columns = model.preprocessing();
    FittedModel.Provenance from = model.provenance();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("task", model.network().task().name().toLowerCase(Locale.ROOT));
    metadata.put("features", Json.line(columns.features()));
    metadata.put("categorical", Json.line(columns.categorical()));
    metadata.put("labels", Json.line(columns.labels()));
    if (columns.classes() != null) {
      metadata.put("classes", Json.line(columns.classes().names()));
    }
    metadata.put("invalid", columns.invalid().name().toLowerCase(Locale.ROOT));
    metadata.put("schuss.version", from.version());
    if (from.spark() != null) {
      metadata.put("spark.version", from.spark());
    }
    metadata.put("seed", Long.toString(from.seed()));
    metadata.put("steps", Long.toString(from.steps()));
    return metadata;
  }

  /** What the graph is given. */
  public List<Port> inputs() {
    return inputs;
  }

  /** What the graph makes. */
  public List<Port> outputs() {
    return outputs;
  }

  /** Length of the file. */
  public long bytes() {
    return proto.getSerializedSize();
  }

  /**
   * Writes the file; the same model gives the same bytes.
   *
   * @param out left open
   */
  public void write(OutputStream out) throws IOException {
    proto.writeTo(out);
  }
}
