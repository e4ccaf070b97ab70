package dev.schuss.export;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;

/**
 * An input or output of an exported graph.
 *
 * @param width numbers or texts of a row; 0 where there is one, and its tensor has no second axis
 */
public record Port(String name, Type type, int width) {

  /** What a tensor holds. */
  public enum Type {
    /** 32-bit floats. */
    FLOAT(DataType.FLOAT),

    /** 64-bit floats. */
    DOUBLE(DataType.DOUBLE),

    /** 64-bit whole numbers. */
    INT64(DataType.INT64),

    /** Texts. */
    STRING(DataType.STRING);

    private final int number;

    Type(DataType type) {
      this.number = type.getNumber();
    }

    /** ONNX's own number of the type. */
    int number() {
      return number;
    }

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The shape as people write it: {@code [N, 64]}. */
  public String shape() {
    return width == 0 ? "[" + Graph.ROWS + "]" : "[" + Graph.ROWS + ", " + width + "]";
  }

  @Override
  public String toString() {
    return name + " " + type + " " + shape();
  }
}
