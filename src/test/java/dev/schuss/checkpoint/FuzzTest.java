package dev.schuss.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.model.Json;
import dev.schuss.model.ModelException;
import dev.schuss.model.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever bytes a checkpoint is made of: it is read, or refused in one line, with memory in
 * proportion to the bytes that are there. A model's folder is read by the same readers.
 */
class FuzzTest {
  private static final long FIXED = 4 << 20;
  private static final long PER_BYTE = 200;

  @TempDir Path temp;

  private interface Reader {
    void read() throws IOException;
  }

  /** Reads or refuses with one line, in bounded memory. */
  private static void survives(long bytes, Reader reader) {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      reader.read();
    } catch (ModelException | CheckpointException | Manifest.NewerException e) {
      assertThat(e.getMessage()).isNotBlank().doesNotContain("\n", "\r");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .as("bytes of memory for %d bytes", bytes)
        .isLessThan(FIXED + PER_BYTE * bytes);
  }

  private static void surviveAll(byte[] bytes) {
    survives(bytes.length, () -> Safetensors.read(bytes, "f"));
    survives(bytes.length, () -> Manifest.read(bytes));
    survives(bytes.length, () -> Manifest.read(sealed(bytes)));
    survives(bytes.length, () -> Json.parseObject(new String(bytes, StandardCharsets.UTF_8), "f"));
    survives(bytes.length, () -> Safetensors.read(behindLength(bytes), "f"));
  }

  /** With the checksum that a manifest's line must have. */
  private static byte[] sealed(byte[] bytes) {
    String line = new String(bytes, StandardCharsets.UTF_8).replace('\n', ' ') + "\n";
    CRC32C crc = new CRC32C();
    crc.update(line.getBytes(StandardCharsets.UTF_8));
    return (line + "{\"crc32c\":\"%08x\"}\n".formatted(crc.getValue()))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** As the header of a safetensors file. */
  private static byte[] behindLength(byte[] bytes) {
    return ByteBuffer.allocate(8 + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes.length)
        .put(bytes)
        .array();
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void randomBytes(@ForAll byte[] bytes) {
    surviveAll(bytes);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void textsThatAreNearlyRight(@ForAll("texts") String text) {
    surviveAll(text.getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"format\":\"schuss-checkpoint/1\"",
            "\"files\":[{\"name\":\"../../x\",\"bytes\":9223372036854775807,\"crc32c\":\"0\"}]",
            "\"step\":1",
            "\"versions\":{}",
            "\"../../etc/passwd\"",
            "{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647],\"data_offsets\":[0,9223372036854775807]}",
            "{\"dtype\":\"F32\",\"shape\":[268435456],\"data_offsets\":[0,1073741824]}",
            "\"__metadata__\"",
            "1e400",
            "-0",
            "99999999999999999999999999999999999999",
            "null",
            "\\u0000",
            "\"\\ud800\"",
            " ")
        .list()
        .ofMaxSize(12)
        .map(parts -> "{" + String.join("", parts) + "}");
  }

  @Test
  void deepLongAndHuge() {
    for (String piece :
        List.of("[", "{\"a\":", "[[],", "{\"a\":{},\"b\":", "\"", "9", "-", "\\u", " ")) {
      surviveAll(piece.repeat(50_000).getBytes(StandardCharsets.UTF_8));
      surviveAll(("{\"a\":" + piece.repeat(50_000)).getBytes(StandardCharsets.UTF_8));
    }
    for (long length : new long[] {-1, 0, 1, 1 << 26, Integer.MAX_VALUE, Long.MAX_VALUE}) {
      byte[] file = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
      surviveAll(file);
    }
    surviveAll(("{\"a\":1e" + "9".repeat(900) + "}").getBytes(StandardCharsets.UTF_8));
    surviveAll(("{\"a\":" + "9".repeat(1000) + "}").getBytes(StandardCharsets.UTF_8));
  }

  /** Files of a checkpoint that are not what its manifest names, and manifests that name others. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void manifestsThatNameOthers(@ForAll("names") String name, @ForAll long length)
      throws IOException {
    Path folder = Files.createTempDirectory("fuzz");
    try {
      Path attempt = Files.createDirectories(folder.resolve("000001-step-1-00000000"));
      Files.writeString(attempt.resolve("state.json"), "{}");
      Files.writeString(folder.resolve("outside"), "secret");
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      line.write(
          Json.line(
                  Map.of(
                      "format",
                      "schuss-checkpoint/1",
                      "step",
                      1,
                      "versions",
                      Map.of(),
                      "files",
                      List.of(Map.of("name", name, "bytes", length, "crc32c", "00000000"))))
              .getBytes(StandardCharsets.UTF_8));
      Files.write(attempt.resolve(Manifest.NAME), sealed(line.toByteArray()));
      CheckpointFolder found = CheckpointFolder.at(folder.toString(), new Configuration());
      survives(
          1000,
          () -> {
            found.newest();
            throw new IllegalStateException("a checkpoint of " + name + " was taken");
          });
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of(
        "../outside",
        "../../outside",
        "/etc/passwd",
        "file:/etc/passwd",
        "hdfs://127.0.0.1:1/x",
        "state.json/../../outside",
        "..",
        "",
        "\u0000",
        "state.json",
        "arrays.safetensors",
        "manifest.jsonl");
  }
}
