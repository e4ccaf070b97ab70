package dev.schuss.checkpoint;

import dev.schuss.model.Json;
import dev.schuss.model.ModelException;
import dev.schuss.model.Safetensors;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The three files of a checkpoint: arrays and state, written first, and the manifest with their
 * lengths and checksums.
 */
final class CheckpointFiles {
  private static final String ARRAYS = "arrays.safetensors";
  private static final String STATE = "state.json";
  private static final int BUFFER = 1 << 16;

  private final FileSystem files;

  CheckpointFiles(FileSystem files) {
    this.files = files;
  }

  /** Writes the bytes of one file. */
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a checkpoint, the manifest last.
   *
   * @param attempt an empty folder
   * @param versions of what writes it, by name
   */
  Manifest write(Path attempt, Snapshot snapshot, Map<String, String> versions) throws IOException {
    Safetensors arrays = new Safetensors(snapshot.arrays(), Map.of());
    byte[] state = Json.pretty(snapshot.tree()).getBytes(StandardCharsets.UTF_8);
    Manifest manifest =
        new Manifest(
            snapshot.step(),
            versions,
            List.of(
                write(attempt, ARRAYS, arrays::write),
                write(attempt, STATE, out -> out.write(state))));
    write(attempt, Manifest.NAME, out -> out.write(manifest.bytes()));
    return manifest;
  }

  /** Writes one file through to the disks where the file system can tell. */
  private Manifest.Entry write(Path attempt, String name, Content content) throws IOException {
    CRC32C crc = new CRC32C();
    Path path = new Path(attempt, name);
    try (FSDataOutputStream out = files.create(path, false, BUFFER)) {
      CheckedOutputStream checked = new CheckedOutputStream(out, crc);
      content.writeTo(checked);
      checked.flush();
      if (out.hasCapability("hsync")) {
        out.hsync();
      }
      return new Manifest.Entry(name, out.getPos(), Manifest.hex(crc.getValue()));
    }
  }

  Manifest manifest(Path attempt) throws IOException {
    try (InputStream in = files.open(new Path(attempt, Manifest.NAME))) {
      return Manifest.read(in.readNBytes(Manifest.LONGEST));
    }
  }

  /**
   * Reads a file and compares its length and checksum.
   *
   * @throws ModelException if they are not what the manifest says
   */
  void verify(Path attempt, Manifest.Entry file) throws IOException {
    byte[] buffer = new byte[BUFFER];
    CRC32C crc = new CRC32C();
    long bytes = 0;
    try (InputStream in = files.open(new Path(attempt, file.name()))) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        crc.update(buffer, 0, n);
        bytes += n;
      }
    }
    check(file, bytes, crc);
  }

  /**
   * Verifies both files, and reads all but the arrays.
   *
   * @throws ModelException if the manifest names others, or they are not what it says
   */
  Map<String, Object> verifiedTree(Path attempt, Manifest manifest) throws IOException {
    Set<String> names = new HashSet<>();
    for (Manifest.Entry file : manifest.files()) {
      if (!Set.of(ARRAYS, STATE).contains(file.name()) || !names.add(file.name())) {
        throw new ModelException(Manifest.NAME + ": names " + file.name());
      }
      verify(attempt, file);
    }
    if (names.size() < 2) {
      throw new ModelException(Manifest.NAME + ": names " + names + " alone");
    }
    try (InputStream in = files.open(new Path(attempt, STATE))) {
      return Json.parseObject(new String(in.readAllBytes(), StandardCharsets.UTF_8), STATE);
    }
  }

  /**
   * Reads the arrays.
   *
   * @throws ModelException if they are not what the manifest says
   */
  Safetensors arrays(Path attempt, Manifest manifest) throws IOException {
    Manifest.Entry file =
        manifest.files().stream().filter(f -> f.name().equals(ARRAYS)).findFirst().orElseThrow();
    CRC32C crc = new CRC32C();
    try (InputStream in =
        new CheckedInputStream(
            new BufferedInputStream(files.open(new Path(attempt, ARRAYS)), BUFFER), crc)) {
      Safetensors arrays = Safetensors.read(in, ARRAYS);
      check(file, file.bytes(), crc);
      return arrays;
    }
  }

  private static void check(Manifest.Entry file, long bytes, CRC32C crc) {
    if (bytes != file.bytes()) {
      throw new ModelException(
          "%s: has %d bytes, the manifest says %d".formatted(file.name(), bytes, file.bytes()));
    }
    if (!Manifest.hex(crc.getValue()).equals(file.crc32c())) {
      throw new ModelException(
          "%s: its checksum is %s, the manifest says %s"
              .formatted(file.name(), Manifest.hex(crc.getValue()), file.crc32c()));
    }
  }
}
