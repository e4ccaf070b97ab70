package dev.schuss.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

  private static byte[] bytes(Safetensors file) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      file.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A file of this header and so many bytes of data. */
  private static byte[] file(String header, int data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static Safetensors sample() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("b", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    tensors.put("a", new Tensor(new int[] {2}, new float[] {9, 7, 8, 9}, 1));
    return new Safetensors(tensors, Map.of("format", "x"));
  }

  @Test
  void writesTheFormat() {
    byte[] file = bytes(sample());
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long length = buffer.getLong();
    assertThat((8 + length) % 8).isZero();
    String header = new String(file, 8, (int) length, StandardCharsets.UTF_8);
    assertThat(header.stripTrailing())
        .isEqualTo(
            "{\"__metadata__\":{\"format\":\"x\"},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]}}");
    buffer.position((int) (8 + length));
    for (float expected : new float[] {1, 2, 3, 4, 5, 6, 7, 8}) {
      assertThat(buffer.getFloat()).isEqualTo(expected);
    }
    assertThat(buffer.hasRemaining()).isFalse();
  }

  @Test
  void readsWhatPythonWrote() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/safetensors/python.safetensors")) {
      Safetensors file = Safetensors.read(in, "python.safetensors");
      assertThat(file.metadata()).containsEntry("made by", "safetensors 0.8.0 for Python");
      assertThat(file.tensors())
          .containsOnly(
              Map.entry(
                  "dense0.weight",
                  Tensor.of(new float[] {0, 1 / 3f, 2 / 3f, 1, 4 / 3f, 5 / 3f}, 2, 3)),
              Map.entry("dense0.bias", Tensor.of(new float[] {Float.MIN_VALUE, -0f}, 2)),
              Map.entry("ü \"n\"\n", Tensor.of(new float[0], 0, 5)),
              Map.entry("scalar", Tensor.of(new float[] {Float.POSITIVE_INFINITY})));
    }
  }

  @Test
  void readsAHeaderInAnotherOrderThanItsData() {
    byte[] file =
        file(
            "{\"b\":{\"data_offsets\":[4,8],\"shape\":[],\"dtype\":\"F32\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
            8);
    assertThat(Safetensors.read(file, "f").tensors().keySet()).containsExactly("a", "b");
  }

  private static final String ONE =
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "F32|F16|a: is of type F16; only F32 is read, so convert it",
        "[2]|[3]|a: shape [3] is not of 8 bytes",
        "[2]|[-2]|a: -2 is no size",
        "[2]|[2.0]|a: 2.0 is no size",
        "[2]|[\"2\"]|a: STRING where NUMBER belongs",
        "[2]|[4294967298]|a: shape [4294967298] is more than 2147483647 floats",
        "[2]|[65536,65536,0,2]|a: shape [65536, 65536, 0, 2] is more than 2147483647 floats",
        "[2]|2|a: NUMBER where BEGIN_ARRAY belongs",
        "[0,8]|[8,0]|a: data_offsets [8, 0] are no range",
        "[0,8]|[0]|a: data_offsets [0] are no range",
        "[0,8]|[8,16]|a starts at byte 8, behind a gap, which ends at 0",
        "[0,8]|[0,999999999999999999]|a: shape [2] is not of 999999999999999999 bytes",
        "[0,8]|[0,9999999999999999999]|a: 9999999999999999999 is no size",
        "\"shape\":[2],||a: lacks dtype, shape or data_offsets",
        "\"shape\"|\"shape\":[2],\"shape\"|a: shape is there twice",
        "\"shape\"|\"x\":1,\"shape\"|a: unknown key x",
        "{\"a\":{|[{\"a\":{|the header: BEGIN_ARRAY where BEGIN_OBJECT belongs",
        "}}|}} x|header: is not JSON at line 1 column 57 path $",
        "}}|}|header: the JSON ends too early",
        "{\"a\"|{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},\"a\"|a is there"
            + " twice",
        "{\"a\"|{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},\"a\"|b starts at"
            + " byte 4, within the tensor before it, which ends at 8",
        "{\"a\"|{\"__metadata__\":3,\"a\"|__metadata__: NUMBER where BEGIN_OBJECT belongs",
        "{\"a\"|{\"__metadata__\":{\"k\":3},\"a\"|__metadata__ k: NUMBER where STRING belongs",
        "{\"a\"|{\"__metadata__\":{\"k\":\"\",\"k\":\"\"},\"a\"|__metadata__ k is there twice",
        "{\"a\"|{\"__metadata__\":{},\"__metadata__\":{},\"a\"|__metadata__ is there twice",
      })
  void refusesAWrongHeader(String part, String replacement, String message) {
    assertThat(ONE).contains(part);
    String header = ONE.replace(part, replacement == null ? "" : replacement);
    assertThatThrownBy(() -> Safetensors.read(file(header, 8), "f"))
        .isInstanceOf(ModelException.class)
        .hasMessage("f: " + message);
  }

  @Test
  void refusesWrongLengths() {
    byte[] good = file(ONE, 8);
    assertThat(Safetensors.read(good, "f").tensors()).containsOnlyKeys("a");
    assertThatThrownBy(() -> Safetensors.read(Arrays.copyOf(good, good.length + 1), "f"))
        .hasMessage("f: goes on behind its last tensor");
    assertThatThrownBy(() -> Safetensors.read(Arrays.copyOf(good, good.length - 1), "f"))
        .hasMessage("f: cut off: 7 of 8 bytes of a are there");
    assertThatThrownBy(() -> Safetensors.read(Arrays.copyOf(good, 20), "f"))
        .hasMessage("f: cut off: 12 of " + ONE.length() + " header bytes are there");
    assertThatThrownBy(() -> Safetensors.read(new byte[3], "f"))
        .hasMessage("f: 3 bytes are no safetensors file, which starts with 8");
    byte[] huge = new byte[9];
    Arrays.fill(huge, (byte) 0xff);
    assertThatThrownBy(() -> Safetensors.read(huge, "f"))
        .hasMessage(
            "f: not a safetensors file: a header of 18446744073709551615 bytes, allowed are 2 to"
                + " 100000000");
    byte[] notText = file("{\"?\":1}", 0);
    notText[10] = (byte) 0xff;
    assertThatThrownBy(() -> Safetensors.read(notText, "f"))
        .hasMessage("f: the header is not UTF-8");
  }

  /** 8 GB are claimed and 16 bytes there: the heap of the tests has 2 GB. */
  @Test
  void aLyingHeaderCostsNothing() {
    String header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2000000000],\"data_offsets\":[0,8000000000]}}";
    assertThatThrownBy(() -> Safetensors.read(new ByteArrayInputStream(file(header, 16)), "f"))
        .hasMessage("f: cut off: 16 of 8000000000 bytes of a are there");
  }

  @Test
  void refusesNamesThatTheFormatCannotHold() {
    Tensor one = Tensor.of(new float[1], 1);
    assertThatThrownBy(() -> bytes(new Safetensors(Map.of("__metadata__", one), Map.of())))
        .hasMessage("a tensor cannot be named __metadata__");
    assertThatThrownBy(() -> bytes(new Safetensors(Map.of("\ud800", one), Map.of())))
        .hasMessage("a name is not valid Unicode");
    assertThatThrownBy(() -> Tensor.of(new float[5], 2, 3))
        .hasMessage("5 floats are not of shape [2, 3]");
    assertThatThrownBy(() -> new Tensor(new int[] {4}, new float[5], 2))
        .hasMessage("shape [4] from 2 does not fit into 5 floats");
  }

  @Provide
  Arbitrary<Safetensors> files() {
    Arbitrary<String> names =
        Arbitraries.strings()
            .ofMaxLength(10)
            .filter(
                s -> StandardCharsets.UTF_8.newEncoder().canEncode(s) && !s.equals("__metadata__"));
    Arbitrary<Tensor> tensors =
        Arbitraries.integers()
            .between(0, 5)
            .array(int[].class)
            .ofMaxSize(3)
            .map(
                shape -> {
                  float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
                  for (int i = 0; i < values.length; i++) {
                    values[i] = Float.intBitsToFloat(i * 0x1234567);
                  }
                  return Tensor.of(values, shape);
                });
    return Combinators.combine(
            Arbitraries.maps(names, tensors).ofMaxSize(5),
            Arbitraries.maps(names, names).ofMaxSize(3))
        .as(Safetensors::new);
  }

  /** As PyTorch's normalisations have them: how many batches they saw. */
  @Test
  void countsComeBack() {
    Tensor tensor = Tensor.of(new float[] {1, 2}, 2);
    Safetensors file =
        new Safetensors(
            Map.of("1.running_mean", tensor),
            Map.of("1.num_batches_tracked", Long.MIN_VALUE),
            Map.of());
    byte[] bytes = bytes(file);
    assertThat(Safetensors.read(bytes, "f")).isEqualTo(file);
    assertThatThrownBy(() -> Safetensors.read(Arrays.copyOf(bytes, bytes.length - 12), "f"))
        .hasMessage("f: cut off: 4 of 8 bytes of 1.num_batches_tracked are there");
    String header = "{\"a\":{\"dtype\":\"I64\",\"shape\":[%s],\"data_offsets\":[0,%d]}}";
    assertThatThrownBy(() -> Safetensors.read(file(header.formatted("", 4), 4), "f"))
        .hasMessage("f: a: shape [] is not of 4 bytes");
    assertThatThrownBy(() -> Safetensors.read(file(header.formatted("1", 8), 8), "f"))
        .hasMessage("f: a: is of type I64; only F32 is read, so convert it");
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void comesBack(@ForAll("files") Safetensors file) {
    Safetensors back = Safetensors.read(bytes(file), "f");
    // Tensors without content share their place, so only their order may differ.
    assertThat(back).isEqualTo(file);
    if (file.tensors().values().stream().allMatch(t -> t.length() > 0)) {
      assertThat(bytes(back)).isEqualTo(bytes(file));
    }
  }

  @Test
  void largeTensorsComeBack() {
    float[] values = new float[300_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Safetensors file =
        new Safetensors(
            Map.of("a", Tensor.of(values, values.length), "b", Tensor.of(values, 1, 300_001)),
            Map.of());
    assertThat(Safetensors.read(bytes(file), "f")).isEqualTo(file);
  }

  /** Damage of any kind: either it is refused by a ModelException, or it changed numbers alone. */
  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void survivesDamage(@ForAll("files") Safetensors file, @ForAll("damage") List<int[]> damage) {
    byte[] bytes = bytes(file);
    for (int[] d : damage) {
      int at = Math.floorMod(d[1], Math.max(1, Math.min(bytes.length, 200)));
      switch (d[0]) {
        case 0 -> bytes[at % bytes.length] = (byte) d[2];
        case 1 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        case 2 -> {
          byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + at);
          System.arraycopy(bytes, at % bytes.length, longer, at, bytes.length - at % bytes.length);
          bytes = longer;
        }
        default -> bytes[at % bytes.length] ^= (byte) (1 << (d[2] & 7));
      }
    }
    refusesOrReads(bytes);
  }

  @Provide
  Arbitrary<List<int[]>> damage() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 3), Arbitraries.integers(), Arbitraries.integers())
        .as((kind, at, value) -> new int[] {kind, at, value})
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void survivesNoise(@ForAll byte[] noise, @ForAll boolean asHeader) {
    byte[] bytes = noise;
    if (asHeader) {
      bytes =
          ByteBuffer.allocate(8 + noise.length)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(noise.length)
              .put(noise)
              .array();
    }
    refusesOrReads(bytes);
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void survivesJsonOfAnyShape(@ForAll("headers") String header, @ForAll boolean data) {
    refusesOrReads(file(header, data ? 8 : 0));
  }

  @Provide
  Arbitrary<String> headers() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"a\"",
            "\"dtype\"",
            "\"shape\"",
            "\"data_offsets\"",
            "\"F32\"",
            "\"__metadata__\"",
            "0",
            "8",
            "2",
            "-1",
            "1e9",
            "null",
            "true",
            ONE,
            " ")
        .list()
        .ofMaxSize(12)
        .map(parts -> "{" + String.join("", parts) + "}");
  }

  private static void refusesOrReads(byte[] bytes) {
    try {
      Safetensors read = Safetensors.read(bytes, "f");
      long floats = read.tensors().values().stream().mapToLong(Tensor::length).sum();
      assertThat(4 * floats).isLessThanOrEqualTo(bytes.length - 8);
    } catch (ModelException e) {
      assertThat(e.getMessage()).startsWith("f: ").doesNotContain("\n", "\r");
    }
  }
}
