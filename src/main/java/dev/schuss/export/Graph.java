package dev.schuss.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A graph of ONNX as it grows: nodes in the order of the computation, and the constants that they
 * take. Tensors are told by their names, which are made here.
 */
final class Graph {
  /** The domain of the operators that classical models need; that of all others is empty. */
  static final String ML = "ai.onnx.ml";

  /** What the number of rows is called in the shapes of inputs and outputs. */
  static final String ROWS = "N";

  private final GraphProto.Builder proto = GraphProto.newBuilder();
  private final Set<String> taken = new HashSet<>();
  private final List<Port> inputs = new ArrayList<>();
  private final List<Port> outputs = new ArrayList<>();
  private String scope = "";
  private boolean usesMl;

  /**
   * An attribute of a node.
   *
   * @param value a Long, Float, long[] or List of String
   */
  record Attribute(String name, Object value) {}

  static Attribute attribute(String name, Object value) {
    return new Attribute(name, value);
  }

  /** Keeps a name for later. */
  void reserve(String name) {
    taken.add(name);
  }

  /** Names of tensors begin with this from now on; returns what they began with before. */
  String scope(String name) {
    String before = scope;
    scope = name;
    return before;
  }

  /** Whether there is a node of {@link #ML}. */
  boolean usesMl() {
    return usesMl;
  }

  List<Port> inputs() {
    return inputs;
  }

  List<Port> outputs() {
    return outputs;
  }

  /** Adds an input of the whole graph, under this name unless another tensor has it. */
  String input(String name, Port.Type type, int width) {
    Port port = new Port(unique(name), type, width);
    inputs.add(port);
    proto.addInput(info(port));
    return port.name();
  }

  /** Makes a tensor an output of the whole graph, under a name that was reserved. */
  void output(String tensor, String name, Port.Type type, int width) {
    Port port = new Port(name, type, width);
    outputs.add(port);
    proto.addOutput(info(port));
    proto.addNode(
        NodeProto.newBuilder()
            .setOpType("Identity")
            .setName(unique("Identity"))
            .addInput(tensor)
            .addOutput(name));
  }

  /** Adds a node; returns the name of the tensor that it makes. */
  String node(String operator, List<String> inputs, Attribute... attributes) {
    return node("", operator, inputs, attributes);
  }

  /** Adds a node of {@link #ML}. */
  String mlNode(String operator, List<String> inputs, Attribute... attributes) {
    usesMl = true;
    return node(ML, operator, inputs, attributes);
  }

  private String node(
      String domain, String operator, List<String> inputs, Attribute... attributes) {
    String name = unique(operator);
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setDomain(domain)
            .setOpType(operator)
            .setName(name)
            .addAllInput(inputs)
            .addOutput(name);
    for (Attribute attribute : attributes) {
      node.addAttribute(encode(attribute));
    }
    proto.addNode(node);
    return name;
  }

  /** Adds constant floats. */
  String floats(String name, float[] values, int from, long... shape) {
    int n = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    ByteBuffer bytes = ByteBuffer.allocate(4 * n).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values, from, n);
    return constant(name, TensorProto.DataType.FLOAT, bytes, shape);
  }

  /** Adds a constant float without a shape, which goes with any tensor. */
  String number(float value) {
    return floats("constant", new float[] {value}, 0);
  }

  /** Adds constant whole numbers in a row. */
  String longs(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return constant("constant", TensorProto.DataType.INT64, bytes, values.length);
  }

  /** Adds constant doubles in a row. */
  String doubles(double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return constant("constant", TensorProto.DataType.DOUBLE, bytes, values.length);
  }

  /** Adds constant texts in a row. */
  String texts(List<String> values) {
    String name = unique("constant");
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.STRING.getNumber())
            .addDims(values.size());
    values.forEach(value -> tensor.addStringData(ByteString.copyFromUtf8(value)));
    proto.addInitializer(tensor);
    return name;
  }

  private String constant(String name, TensorProto.DataType type, ByteBuffer bytes, long... shape) {
    String unique = unique(name);
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(unique)
            .setDataType(type.getNumber())
            .setRawData(UnsafeByteOperations.unsafeWrap(bytes)); // a copy would double the memory
    for (long size : shape) {
      tensor.addDims(size);
    }
    proto.addInitializer(tensor);
    return unique;
  }

  /** The whole graph. */
  GraphProto build(String name, String doc) {
    return proto.setName(name).setDocString(doc).build();
  }

  private String unique(String name) {
    String scoped = scope.isEmpty() ? name : scope + "/" + name;
    String unique = scoped;
    for (int i = 2; !taken.add(unique); i++) {
      unique = scoped + "_" + i;
    }
    return unique;
  }

  private static ValueInfoProto info(Port port) {
    TensorShapeProto.Builder shape =
        TensorShapeProto.newBuilder().addDim(Dimension.newBuilder().setDimParam(ROWS));
    if (port.width() > 0) {
      shape.addDim(Dimension.newBuilder().setDimValue(port.width()));
    }
    return ValueInfoProto.newBuilder()
        .setName(port.name())
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(port.type().number())
                        .setShape(shape)))
        .build();
  }

  private static AttributeProto encode(Attribute attribute) {
    AttributeProto.Builder proto = AttributeProto.newBuilder().setName(attribute.name);
    if (attribute.value instanceof Long number) {
      return proto.setType(AttributeType.INT).setI(number).build();
    } else if (attribute.value instanceof Float number) {
      return proto.setType(AttributeType.FLOAT).setF(number).build();
    } else if (attribute.value instanceof long[] numbers) {
      Arrays.stream(numbers).forEach(proto::addInts);
      return proto.setType(AttributeType.INTS).build();
    } else if (attribute.value instanceof List<?> texts) {
      texts.forEach(text -> proto.addStrings(ByteString.copyFromUtf8((String) text)));
      return proto.setType(AttributeType.STRINGS).build();
    }
    throw new IllegalArgumentException("no attribute of ONNX: " + attribute);
  }
}
