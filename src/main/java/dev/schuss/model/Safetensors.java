package dev.schuss.model;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Named float32 tensors in one file, in the format that Python reads with {@code
 * safetensors.numpy.load_file}: 8 bytes of header length (little endian), a JSON header that spaces
 * fill up to a multiple of 8 bytes, then the floats (little endian), tensor after tensor without
 * gaps. Source: the format section of the README of github.com/huggingface/safetensors.
 *
 * @param tensors by name, in the order of the file
 * @param counts single whole numbers (I64, without a shape) by name, such as PyTorch's {@code
 *     num_batches_tracked}; they are written before the tensors, so that they lie at multiples of 8
 *     bytes
 * @param metadata texts by key; empty where the file has none
 */
public record Safetensors(
    Map<String, Tensor> tensors, Map<String, Long> counts, Map<String, String> metadata) {
  private static final String METADATA = "__metadata__";

  /** The limit of the format's reference reader. */
  private static final int LARGEST_HEADER = 100_000_000;

  private static final int CHUNK = 1 << 16;
  private static final Pattern WHOLE = Pattern.compile("\\d{1,18}");

  public Safetensors {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** Tensors alone. */
  public Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
    this(tensors, Map.of(), metadata);
  }

  /** Where a tensor lies in the part behind the header, in bytes. */
  private record Entry(String name, boolean count, int[] shape, long begin, long end) {}

  /**
   * Writes these tensors; the same tensors give the same bytes.
   *
   * @param out left open
   * @throws IllegalArgumentException if a name is {@code __metadata__} or no valid Unicode
   */
  public void write(OutputStream out) throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      header.put(METADATA, metadata);
    }
    long at = 0;
    for (String name : counts.keySet()) {
      at = describe(header, name, "I64", List.of(), at, Long.BYTES);
    }
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      List<Integer> shape = Arrays.stream(tensor.shape()).boxed().toList();
      at = describe(header, entry.getKey(), "F32", shape, at, 4L * tensor.length());
    }
    ByteBuffer json = encode(Json.line(header));
    int padding = -json.remaining() & 7;
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    length.putLong(0, json.remaining() + padding);
    out.write(length.array());
    out.write(json.array(), json.arrayOffset(), json.remaining());
    out.write("       ".substring(0, padding).getBytes(StandardCharsets.US_ASCII));
    ByteBuffer numbers =
        ByteBuffer.allocate(Long.BYTES * counts.size()).order(ByteOrder.LITTLE_ENDIAN);
    counts.values().forEach(numbers::putLong);
    out.write(numbers.array());
    for (Tensor tensor : tensors.values()) {
      writeFloats(out, tensor);
    }
  }

  /** Adds what lies from a byte on; returns the byte behind it. */
  private static long describe(
      Map<String, Object> header,
      String name,
      String type,
      List<Integer> shape,
      long at,
      long bytes) {
    if (name.equals(METADATA)) {
      throw new IllegalArgumentException("a tensor cannot be named " + METADATA);
    }
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("dtype", type);
    description.put("shape", shape);
    description.put("data_offsets", List.of(at, at + bytes));
    if (header.put(name, description) != null) {
      throw new IllegalArgumentException("two tensors are named " + name);
    }
    return at + bytes;
  }

  private static ByteBuffer encode(String text) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a name is not valid Unicode", e);
    }
  }

  private static void writeFloats(OutputStream out, Tensor tensor) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    int to = tensor.from() + tensor.length();
    for (int from = tensor.from(); from < to; from += CHUNK / 4) {
      int n = Math.min(CHUNK / 4, to - from);
      buffer.asFloatBuffer().put(tensor.array(), from, n);
      out.write(buffer.array(), 0, 4 * n);
    }
  }

  /**
   * Reads a file to its end. Memory stays in proportion to the bytes that are really there,
   * whatever the header says.
   *
   * @param in left open
   * @param name what errors call the file
   * @throws ModelException if it is not such a file, whole and without gaps, of float32 and counts
   *     alone
   */
  public static Safetensors read(InputStream in, String name) throws IOException {
    byte[] length = in.readNBytes(8);
    if (length.length < 8) {
      throw new ModelException(
          name + ": " + length.length + " bytes are no safetensors file, which starts with 8");
    }
    long size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (size < 2 || size > LARGEST_HEADER) {
      throw new ModelException(
          name
              + ": not a safetensors file: a header of "
              + Long.toUnsignedString(size)
              + " bytes, allowed are 2 to "
              + LARGEST_HEADER);
    }
    byte[] header = in.readNBytes((int) size);
    if (header.length < size) {
      throw new ModelException(
          name + ": cut off: " + header.length + " of " + size + " header bytes are there");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> entries = readHeader(header, name, metadata);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Entry entry : entries) {
      if (entry.count) {
        counts.put(entry.name, readCount(in, entry, name));
        continue;
      }
      int floats = (int) ((entry.end - entry.begin) / 4);
      tensors.put(entry.name, Tensor.of(readFloats(in, floats, entry, name), entry.shape));
    }
    if (in.read() != -1) {
      throw new ModelException(name + ": goes on behind its last tensor");
    }
    return new Safetensors(tensors, counts, metadata);
  }

  /** {@link #read(InputStream, String)} from memory. */
  public static Safetensors read(byte[] file, String name) {
    try {
      return read(new ByteArrayInputStream(file), name);
    } catch (IOException e) {
      throw new ModelException(name + ": " + e.getMessage(), e);
    }
  }

  private static long readCount(InputStream in, Entry entry, String name) throws IOException {
    byte[] bytes = in.readNBytes(Long.BYTES);
    if (bytes.length < Long.BYTES) {
      throw cutOff(bytes.length, entry, name);
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static ModelException cutOff(long bytes, Entry entry, String name) {
    return new ModelException(
        "%s: cut off: %d of %d bytes of %s are there"
            .formatted(name, bytes, entry.end - entry.begin, entry.name));
  }

  private static float[] readFloats(InputStream in, int floats, Entry entry, String name)
      throws IOException {
    // Grows with what arrives, so that a lying header costs nothing.
    float[] values = new float[Math.min(floats, CHUNK)];
    int got = 0;
    while (got < floats) {
      if (got == values.length) {
        values = Arrays.copyOf(values, (int) Math.min(floats, 2L * got));
      }
      int n = Math.min(values.length - got, CHUNK / 4);
      byte[] bytes = in.readNBytes(4 * n);
      if (bytes.length < 4 * n) {
        throw cutOff(4L * got + bytes.length, entry, name);
      }
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values, got, n);
      got += n;
    }
    return values;
  }

  /** The entries in the order of their data. */
  private static List<Entry> readHeader(byte[] header, String name, Map<String, String> metadata) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header)).toString();
    } catch (CharacterCodingException e) {
      throw new ModelException(name + ": the header is not UTF-8", e);
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    boolean hasMetadata = false;
    try (JsonReader json = new JsonReader(new StringReader(text))) {
      expect(json, JsonToken.BEGIN_OBJECT, name, "the header");
      json.beginObject();
      while (json.hasNext()) {
        String key = json.nextName();
        if (key.equals(METADATA) ? hasMetadata : entries.containsKey(key)) {
          throw new ModelException(name + ": " + key + " is there twice");
        }
        if (key.equals(METADATA)) {
          readMetadata(json, name, metadata);
          hasMetadata = true;
        } else {
          entries.put(key, readEntry(json, name, key));
        }
      }
      json.endObject();
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw new ModelException(name + ": the header goes on behind its JSON");
      }
    } catch (IOException e) {
      throw Json.noJson(name + ": header", e);
    }
    List<Entry> ordered = new ArrayList<>(entries.values());
    ordered.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long at = 0;
    for (Entry entry : ordered) {
      if (entry.begin != at) {
        throw new ModelException(
            name
                + ": "
                + entry.name
                + " starts at byte "
                + entry.begin
                + (entry.begin < at ? ", within the tensor before it" : ", behind a gap")
                + ", which ends at "
                + at);
      }
      at = entry.end;
    }
    return ordered;
  }

  private static void readMetadata(JsonReader json, String name, Map<String, String> metadata)
      throws IOException {
    expect(json, JsonToken.BEGIN_OBJECT, name, METADATA);
    json.beginObject();
    while (json.hasNext()) {
      String key = json.nextName();
      expect(json, JsonToken.STRING, name, METADATA + " " + key);
      if (metadata.put(key, json.nextString()) != null) {
        throw new ModelException(name + ": " + METADATA + " " + key + " is there twice");
      }
    }
    json.endObject();
  }

  private static Entry readEntry(JsonReader json, String name, String tensor) throws IOException {
    expect(json, JsonToken.BEGIN_OBJECT, name, tensor);
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    json.beginObject();
    while (json.hasNext()) {
      String key = json.nextName();
      switch (key) {
        case "dtype" -> {
          expect(json, JsonToken.STRING, name, tensor + " dtype");
          type = once(type, json.nextString(), name, tensor, key);
        }
        case "shape" -> shape = once(shape, wholeNumbers(json, name, tensor), name, tensor, key);
        case "data_offsets" ->
            offsets = once(offsets, wholeNumbers(json, name, tensor), name, tensor, key);
        default -> throw new ModelException(name + ": " + tensor + ": unknown key " + key);
      }
    }
    json.endObject();
    if (type == null || shape == null || offsets == null) {
      throw new ModelException(name + ": " + tensor + ": lacks dtype, shape or data_offsets");
    }
    boolean count = type.equals("I64") && shape.isEmpty();
    if (!count && !type.equals("F32")) {
      throw ModelException.mendable(
          name + ": " + tensor + ": is of type " + type + "; only F32 is read, so convert it",
          null);
    }
    return entry(tensor, count, shape, offsets, name);
  }

  private static Entry entry(
      String tensor, boolean count, List<Long> shape, List<Long> offsets, String name) {
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw new ModelException(
          name + ": " + tensor + ": data_offsets " + offsets + " are no range");
    }
    long bytes = offsets.get(1) - offsets.get(0);
    long floats = 1;
    for (long size : shape) {
      // 18 digits each: the product is checked before it can overflow.
      if (size > Integer.MAX_VALUE || (size > 0 && floats > Integer.MAX_VALUE / size)) {
        throw new ModelException(
            name + ": " + tensor + ": shape " + shape + " is more than 2147483647 floats");
      }
      floats *= size;
    }
    if (bytes != (count ? Long.BYTES : Float.BYTES * floats)) {
      throw new ModelException(
          name + ": " + tensor + ": shape " + shape + " is not of " + bytes + " bytes");
    }
    int[] sizes = shape.stream().mapToInt(Long::intValue).toArray();
    return new Entry(tensor, count, sizes, offsets.get(0), offsets.get(1));
  }

  private static <T> T once(T before, T now, String name, String tensor, String key) {
    if (before != null) {
      throw new ModelException(name + ": " + tensor + ": " + key + " is there twice");
    }
    return now;
  }

  private static List<Long> wholeNumbers(JsonReader json, String name, String tensor)
      throws IOException {
    expect(json, JsonToken.BEGIN_ARRAY, name, tensor);
    List<Long> numbers = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      expect(json, JsonToken.NUMBER, name, tensor);
      String number = json.nextString();
      if (!WHOLE.matcher(number).matches()) {
        throw new ModelException(name + ": " + tensor + ": " + number + " is no size");
      }
      numbers.add(Long.valueOf(number));
    }
    json.endArray();
    return numbers;
  }

  private static void expect(JsonReader json, JsonToken wanted, String name, String what)
      throws IOException {
    if (json.peek() != wanted) {
      throw new ModelException(
          name + ": " + what + ": " + json.peek() + " where " + wanted + " belongs");
    }
  }
}
