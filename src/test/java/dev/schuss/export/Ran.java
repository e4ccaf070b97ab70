package dev.schuss.export;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.schuss.model.Feature;
import dev.schuss.model.FittedModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What ONNX Runtime makes of a graph: its outputs by name, as Java's arrays. */
public record Ran(Map<String, Object> outputs) {

  /**
   * Runs a model, whose inputs are a row's columns as {@code Predictor.predict} takes them.
   *
   * @param rows numbers, {@code float[]} and texts by the column's name
   */
  public static Ran of(FittedModel model, List<? extends Map<String, ?>> rows) {
    Onnx onnx = Onnx.of(model);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      onnx.write(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String[]> texts = new LinkedHashMap<>();
    List<float[]> numbers = new ArrayList<>();
    List<Feature> features = model.preprocessing().inputs();
    List<Port> ports = onnx.inputs();
    for (int r = 0; r < rows.size(); r++) {
      List<Float> row = new ArrayList<>();
      int port = ports.get(0).type() == Port.Type.FLOAT ? 1 : 0;
      for (Feature feature : features) {
        Object value = rows.get(r).get(feature.name());
        if (feature.isCategory()) {
          texts.computeIfAbsent(ports.get(port++).name(), n -> new String[rows.size()])[r] =
              (String) value;
        } else if (value instanceof float[] vector) {
          for (float x : vector) {
            row.add(x);
          }
        } else {
          row.add(((Number) value).floatValue());
        }
      }
      float[] flat = new float[row.size()];
      for (int i = 0; i < flat.length; i++) {
        flat[i] = row.get(i);
      }
      numbers.add(flat);
    }
    return of(file.toByteArray(), numbers, texts);
  }

  /**
   * Runs a file.
   *
   * @param numbers the input {@code features}, row by row; rows of length 0 where it has none
   * @param texts the inputs of categories
   */
  public static Ran of(byte[] file, List<float[]> numbers, Map<String, String[]> texts) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(file, options)) {
        int width = numbers.isEmpty() ? 0 : numbers.get(0).length;
        if (width > 0) {
          FloatBuffer all = FloatBuffer.allocate(numbers.size() * width);
          numbers.forEach(all::put);
          all.rewind();
          inputs.put(
              "features",
              OnnxTensor.createTensor(environment, all, new long[] {numbers.size(), width}));
        }
        for (Map.Entry<String, String[]> column : texts.entrySet()) {
          long[] shape = {column.getValue().length, 1};
          inputs.put(
              column.getKey(), OnnxTensor.createTensor(environment, column.getValue(), shape));
        }
        Map<String, Object> outputs = new LinkedHashMap<>();
        try (OrtSession.Result result = session.run(inputs)) {
          for (Map.Entry<String, OnnxValue> output : result) {
            outputs.put(output.getKey(), output.getValue().getValue());
          }
        }
        return new Ran(outputs);
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  /** Floats of a row of an output. */
  public float[] floats(String output, int row) {
    return ((float[][]) outputs.get(output))[row];
  }

  /** The class of a row: a String, Long or Double. */
  public Object label(int row) {
    Object labels = outputs.get("label");
    if (labels instanceof String[] texts) {
      return texts[row];
    }
    return labels instanceof long[] whole ? (Object) whole[row] : ((double[]) labels)[row];
  }
}
