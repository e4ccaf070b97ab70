package dev.schuss.checkpoint;

import dev.schuss.model.Json;
import dev.schuss.model.ModelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The file that makes a checkpoint one: written last, it names the others with their lengths and
 * checksums. Its first line is JSON, its second one the checksum of the first, so that a manifest
 * that is cut short or altered anywhere is none.
 *
 * @param step the updates made
 * @param versions of what wrote it, by name
 * @param files all files of the checkpoint but this one
 */
public record Manifest(long step, Map<String, String> versions, List<Entry> files) {
  /** The name of the file. */
  static final String NAME = "manifest.jsonl";

  /** What this version writes, and the only one it reads. */
  private static final String FORMAT = "schuss-checkpoint/1";

  /** No manifest is longer, in bytes. */
  static final int LONGEST = 1 << 16;

  /** One file. */
  public record Entry(String name, long bytes, String crc32c) {}

  /** A manifest whose form a newer Schuss made. */
  static final class NewerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NewerException(String format) {
      super("is of the form " + format + ", this Schuss reads " + FORMAT);
    }
  }

  byte[] bytes() {
    List<Object> entries = new ArrayList<>();
    for (Entry file : files) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", file.name());
      entry.put("bytes", file.bytes());
      entry.put("crc32c", file.crc32c());
      entries.add(entry);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("step", step);
    json.put("versions", versions);
    json.put("files", entries);
    String line = Json.line(json) + "\n";
    return (line + seal(line)).getBytes(StandardCharsets.UTF_8);
  }

  private static String seal(String line) {
    CRC32C crc = new CRC32C();
    crc.update(line.getBytes(StandardCharsets.UTF_8));
    return "{\"crc32c\":\"%s\"}\n".formatted(hex(crc.getValue()));
  }

  static String hex(long crc) {
    return "%08x".formatted(crc);
  }

  /**
   * Reads a manifest.
   *
   * @throws ModelException if it is not whole, or none
   * @throws NewerException if it is whole, and of another form
   */
  static Manifest read(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.indexOf('\n') + 1;
    if (end == 0 || !text.substring(end).equals(seal(text.substring(0, end)))) {
      throw new ModelException(NAME + ": is cut short or altered");
    }
    Map<String, Object> json = Json.parseObject(text.substring(0, end), NAME);
    String format = String.valueOf(json.get("format"));
    if (!format.equals(FORMAT)) {
      throw new NewerException(format);
    }
    Map<String, String> versions = new LinkedHashMap<>();
    object(json.get("versions")).forEach((k, v) -> versions.put(k, String.valueOf(v)));
    List<Entry> files = new ArrayList<>();
    for (Object entry : json.get("files") instanceof List<?> list ? list : List.of()) {
      Map<String, Object> file = object(entry);
      files.add(
          new Entry(
              String.valueOf(file.get("name")),
              number(file.get("bytes")),
              String.valueOf(file.get("crc32c"))));
    }
    return new Manifest(number(json.get("step")), versions, List.copyOf(files));
  }

  private static long number(Object value) {
    if (value instanceof Long number && number >= 0) {
      return number;
    }
    throw new ModelException(NAME + ": " + value + " is no count");
  }

  private static Map<String, Object> object(Object value) {
    Map<String, Object> object = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((k, v) -> object.put(String.valueOf(k), v));
      return object;
    }
    throw new ModelException(NAME + ": " + value + " is no object");
  }
}
