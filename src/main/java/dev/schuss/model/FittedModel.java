package dev.schuss.model;

import dev.schuss.math.Vectors;
import dev.schuss.nn.Network;
import dev.schuss.nn.Shape;
import dev.schuss.objective.Segment;
import dev.schuss.objective.Task;
import dev.schuss.spec.Binder;
import dev.schuss.spec.Overrides;
import dev.schuss.spec.Section;
import dev.schuss.spec.SpecException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * A trained network with all that is needed to use it. On disk it is {@code model.safetensors} (the
 * weights under their layout names) and {@code model.json} (the rest); the same model gives the
 * same bytes. It is serializable for the way to Spark's tasks alone.
 *
 * @param weights network.layout().size() finite floats; not copied
 */
public record FittedModel(
    Network network, float[] weights, Preprocessing preprocessing, Provenance provenance)
    implements Serializable {
  /** The file of the weights. */
  public static final String WEIGHTS = "model.safetensors";

  /** The file of all else. */
  public static final String DESCRIPTION = "model.json";

  private static final Binder BINDER = Description.BINDER;

  /**
   * Checks that the parts belong together.
   *
   * @throws ModelException naming what does not fit
   */
  public FittedModel {
    require(weights.length == network.layout().size(), weights.length + " weights", network);
    for (Segment segment : network.layout().segments()) {
      if (!Vectors.allFinite(weights, segment.offset(), segment.end())) {
        throw new ModelException("the weights " + segment.name() + " are not all finite");
      }
    }
    require(preprocessing.task() == network.task(), "a " + preprocessing.task(), network);
    require(
        preprocessing.width() == network.inputs(), preprocessing.width() + " features", network);
    List<Shape.Category> known = network.input().categories();
    if (!known.isEmpty() && !known.equals(preprocessing.categories())) {
      throw new ModelException(
          "the network's categories %s are not those of the feature columns, %s"
              .formatted(known, preprocessing.categories()));
    }
    if (network.task() == Task.CLASSIFICATION) {
      int classes = preprocessing.classes().size();
      require(classes == network.outputs(), classes + " classes", network);
    } else if (network.task() == Task.REGRESSION) {
      int labels = preprocessing.labels().size();
      require(labels == network.outputs(), labels + " labels", network);
    }
  }

  private static void require(boolean fits, String what, Network network) {
    if (!fits) {
      throw new ModelException(
          what
              + " do not fit a "
              + network.task()
              + " network of "
              + network.inputs()
              + " inputs, "
              + network.outputs()
              + " outputs and "
              + network.layout().size()
              + " weights");
    }
  }

  /**
   * Where a model comes from. There is no date, so that the same run gives the same bytes.
   *
   * @param version of this library
   * @param spark version of Spark; null if there was none
   * @param steps updates made
   */
  public record Provenance(String version, String spark, long seed, long steps)
      implements Serializable {
    /** Without Spark. */
    public static Provenance defaults(String version, long seed, long steps) {
      return new Provenance(version, null, seed, steps);
    }
  }

  /** Writes both files, the description last: it holds a checksum of the weights. */
  public void save(FileSink sink) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Segment s : network.layout().segments()) {
      tensors.put(s.name(), new Tensor(s.shape(), weights, s.offset()));
    }
    CRC32C sum = new CRC32C();
    try (OutputStream out = new CheckedOutputStream(sink.create(WEIGHTS), sum)) {
      new Safetensors(tensors, Map.of("format", Description.FORMAT)).write(out);
    }
    Description description =
        new Description(
            Description.FORMAT,
            network,
            Description.Columns.of(preprocessing),
            new Description.WeightsFile(WEIGHTS, hex(sum.getValue())),
            provenance);
    try (OutputStream out = sink.create(DESCRIPTION)) {
      out.write(Json.pretty(BINDER.toTree(description)).getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Reads a model.
   *
   * @throws ModelException if a file is missing or damaged, or the two do not belong together
   */
  public static FittedModel load(FileSource source) throws IOException {
    try {
      return read(source);
    } catch (ModelException e) {
      throw e.ofFile();
    }
  }

  private static FittedModel read(FileSource source) throws IOException {
    String place = source.path(DESCRIPTION);
    Description description = describe(source, place);
    String weightsPlace = source.path(description.weights().file());
    CRC32C sum = new CRC32C();
    Safetensors file;
    try (InputStream in = new CheckedInputStream(open(source, description.weights().file()), sum)) {
      file = Safetensors.read(in, weightsPlace);
    }
    String expected = description.weights().crc32c();
    if (expected != null && !expected.equals(hex(sum.getValue()))) {
      throw ModelException.mendable(
          weightsPlace
              + ": is not the file that "
              + place
              + " was written with (its checksum is "
              + hex(sum.getValue())
              + ", not "
              + expected
              + "); copy the model again, or take weights.crc32c out there to use it all the same",
          null);
    }
    float[] weights = weights(file, description.network(), weightsPlace);
    try {
      return new FittedModel(
          description.network(),
          weights,
          description.preprocessing().preprocessing(),
          description.provenance());
    } catch (IllegalArgumentException | ModelException e) {
      throw new ModelException(place + ": " + e.getMessage(), e);
    }
  }

  static ModelDescription readDescription(FileSource source) throws IOException {
    String place = source.path(DESCRIPTION);
    try {
      Description d = describe(source, place);
      return new ModelDescription(
          d.network(),
          d.preprocessing().preprocessing(),
          d.provenance(),
          d.weights().file(),
          d.weights().crc32c());
    } catch (IllegalArgumentException e) {
      throw new ModelException(place + ": " + e.getMessage(), e).ofFile();
    } catch (ModelException e) {
      throw e.ofFile();
    }
  }

  private static Description describe(FileSource source, String place) throws IOException {
    String json;
    try (InputStream in = open(source, DESCRIPTION)) {
      json =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readAllBytes())).toString();
    } catch (CharacterCodingException e) {
      throw new ModelException(place + ": is not UTF-8", e);
    }
    Object format = Json.parseObject(json, place).get("format");
    if (format == null) {
      throw ModelException.mendable(
          place + ": is no model of Schuss: it has no format; name a folder that train wrote",
          null);
    }
    if (!Description.FORMAT.equals(format)) {
      throw ModelException.mendable(
          place
              + ": format is "
              + format
              + ", which a newer Schuss wrote; this one reads "
              + Description.FORMAT
              + ": use that version",
          null);
    }
    try {
      return BINDER.bind(Section.ofText(json, place, Overrides.NONE), Description.class);
    } catch (SpecException e) {
      throw ModelException.mendable(e.getMessage(), e);
    }
  }

  private static float[] weights(Safetensors file, Network network, String place) {
    float[] weights = new float[network.layout().size()];
    Map<String, Tensor> left = new LinkedHashMap<>(file.tensors());
    for (Segment s : network.layout().segments()) {
      Tensor tensor = left.remove(s.name());
      if (tensor == null) {
        throw new ModelException(
            place + ": lacks " + s.name() + "; it has " + file.tensors().keySet());
      }
      if (!Arrays.equals(tensor.shape(), s.shape())) {
        throw new ModelException(
            place
                + ": "
                + s.name()
                + " is of shape "
                + Arrays.toString(tensor.shape())
                + ", but the network's is "
                + Arrays.toString(s.shape()));
      }
      System.arraycopy(tensor.array(), tensor.from(), weights, s.offset(), s.length());
    }
    if (!left.isEmpty()) {
      throw new ModelException(place + ": the network has no " + left.keySet());
    }
    return weights;
  }

  private static InputStream open(FileSource source, String name) throws IOException {
    try {
      return source.open(name);
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw ModelException.mendable(
          source.path(name)
              + ": no such file; a model is a folder of both its files: copy it again, or train again",
          e);
    }
  }

  private static String hex(long checksum) {
    return String.format("%08x", checksum);
  }
}
