package dev.schuss.checkpoint;

import dev.schuss.model.Json;
import dev.schuss.model.ModelException;
import dev.schuss.model.Safetensors;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a training, on any file system of Hadoop.
 *
 * <p>Each is a folder that nobody wrote into before, named {@code 000017-step-1200-3f9a2c1b}: a
 * running number, the step, and something random. {@code arrays.safetensors} and {@code state.json}
 * are written first; the {@linkplain Manifest manifest}, written last, makes it a checkpoint.
 * Nothing is renamed or overwritten, so it does not matter whether a file system can do that in one
 * piece: a folder without a whole manifest is an attempt that was cut short, and one whose files do
 * not match it is damaged. Older ones are deleted only when a new one was read back.
 */
public final class CheckpointFolder {
  private static final Logger log = LoggerFactory.getLogger(CheckpointFolder.class);

  private static final String ARRAYS = "arrays.safetensors";
  private static final String STATE = "state.json";
  private static final Pattern NAME = Pattern.compile("(\\d{6,18})-step-\\d+-[0-9a-f]{8}");
  private static final int BUFFER = 1 << 16;

  private final FileSystem files;
  private final Path folder;
  private final String given;

  /** Writes the bytes of one file. */
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * A checkpoint that was read.
   *
   * @param name where it lies, as the folder was named
   * @param passedOver newer ones that could not be used, and why; a line each
   */
  public record Found(String name, Manifest manifest, Snapshot snapshot, List<String> passedOver) {}

  private CheckpointFolder(FileSystem files, Path folder, String given) {
    this.files = files;
    this.folder = folder;
    this.given = given;
  }

  /**
   * Names a folder; nothing is read or written.
   *
   * @param dir a path of any file system of Hadoop
   * @throws CheckpointException if there is no such file system
   */
  public static CheckpointFolder at(String dir, Configuration hadoop) {
    try {
      FileSystem files = new Path(dir).getFileSystem(hadoop);
      // The checksumming view of the local file system would litter .crc files.
      FileSystem raw = files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
      return new CheckpointFolder(raw, raw.makeQualified(new Path(dir)), dir);
    } catch (IOException | RuntimeException e) {
      throw new CheckpointException(
          "%s is no folder for checkpoints (%s): name one that Hadoop can reach"
              .formatted(dir, reason(e)),
          e);
    }
  }

  /** The folder as it was named. */
  public String name() {
    return given;
  }

  /** Whether the folder is a single checkpoint, rather than one of checkpoints. */
  public boolean isCheckpoint() throws IOException {
    return files.exists(new Path(folder, Manifest.NAME));
  }

  /** Whether any checkpoint lies here, or an attempt at one. */
  public boolean isUsed() throws IOException {
    return !attempts().isEmpty();
  }

  /**
   * Reads the folder as a single checkpoint.
   *
   * @throws CheckpointException if it is damaged
   */
  public Found only() {
    try {
      return read(folder, given, List.of());
    } catch (Manifest.NewerException e) {
      throw newer(given, e);
    } catch (IOException | ModelException e) {
      throw new CheckpointException(
          "the checkpoint %s is damaged: %s; use another one".formatted(given, reason(e)), e);
    }
  }

  /**
   * Reads the newest checkpoint that is whole.
   *
   * @return null if there is none, and nothing but attempts that were cut short
   * @throws CheckpointException if there are some and none is whole, or the newest was written by
   *     another version, or the folder cannot be read
   */
  public Found newest() {
    List<String> passedOver = new ArrayList<>();
    boolean damaged = false;
    try {
      for (Path attempt : attempts()) {
        String name = show(attempt);
        if (!files.exists(new Path(attempt, Manifest.NAME))) {
          passedOver.add(name + " was not finished");
          continue;
        }
        try {
          return read(attempt, name, List.copyOf(passedOver));
        } catch (ModelException | FileNotFoundException e) {
          passedOver.add(name + " is damaged: " + reason(e));
          damaged = true;
        } catch (Manifest.NewerException e) {
          throw newer(name, e);
        }
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "the checkpoints in %s cannot be read (%s): is the path right, and may you read it?"
              .formatted(given, reason(e)),
          e);
    }
    if (damaged) {
      throw new CheckpointException(
          "no checkpoint in %s is whole: %s; restore one, or start anew with --set checkpoint.resume=never"
              .formatted(given, String.join("; ", passedOver)));
    }
    return null;
  }

  private static CheckpointException newer(String name, Manifest.NewerException e) {
    return new CheckpointException(
        "the checkpoint %s %s: go on with the Schuss that wrote it, or name another checkpoint.dir"
            .formatted(name, e.getMessage()),
        e);
  }

  /**
   * Writes a checkpoint, reads it back, and deletes the ones before it.
   *
   * @param keep how many are to remain, at least 1
   * @param versions of what writes it, by name
   * @return where it lies
   * @throws IOException if it could not be written; those that were there still are
   */
  public String save(Snapshot snapshot, Map<String, String> versions, int keep) throws IOException {
    Path attempt = null;
    try {
      List<Path> before = attempts();
      long number = before.isEmpty() ? 1 : number(before.get(0)) + 1;
      attempt = new Path(folder, name(number, snapshot.step()));
      if (!files.mkdirs(attempt)) {
        throw new IOException(show(attempt) + " cannot be created");
      }
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
      verify(attempt, manifest);
      prune(attempt, before, keep);
      return show(attempt);
    } catch (IOException | FSError | RuntimeException e) { // FSError where a local disk is full
      discard(attempt);
      throw e instanceof IOException io ? io : new IOException(reason(e), e);
    }
  }

  private static String name(long number, long step) {
    String random = UUID.randomUUID().toString().substring(0, 8);
    return "%06d-step-%d-%s".formatted(number, step, random);
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

  private void verify(Path attempt, Manifest wrote) throws IOException {
    try {
      if (!manifest(attempt).equals(wrote)) {
        throw new IOException(show(attempt) + ": the manifest reads otherwise than it was written");
      }
      byte[] buffer = new byte[BUFFER];
      for (Manifest.Entry file : wrote.files()) {
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
    } catch (ModelException | Manifest.NewerException e) {
      throw new IOException(show(attempt) + ": " + e.getMessage(), e);
    }
  }

  /** Deletes all but this checkpoint and the newest whole ones before it. */
  private void prune(Path saved, List<Path> before, int keep) {
    int kept = 1;
    for (Path old : before) {
      try {
        if (kept < keep && isWhole(old)) {
          kept++;
        } else {
          delete(old);
        }
      } catch (IOException | FSError | RuntimeException e) {
        log.warn(
            "{} is written; {} before it cannot be deleted: {}", show(saved), show(old), reason(e));
      }
    }
  }

  /** Whether its manifest is whole, and the files are there in their lengths. */
  private boolean isWhole(Path attempt) throws IOException {
    try {
      for (Manifest.Entry file : manifest(attempt).files()) {
        if (files.getFileStatus(new Path(attempt, file.name())).getLen() != file.bytes()) {
          return false;
        }
      }
      return true;
    } catch (FileNotFoundException | ModelException | Manifest.NewerException e) {
      return false;
    }
  }

  /** The manifest goes first: what is left of a deletion that is cut short is no checkpoint. */
  private void delete(Path attempt) throws IOException {
    Path manifest = new Path(attempt, Manifest.NAME);
    if (files.exists(manifest) && !files.delete(manifest, false)) {
      throw new IOException("cannot delete " + show(manifest));
    }
    if (!files.delete(attempt, true) && files.exists(attempt)) {
      throw new IOException("cannot delete " + show(attempt));
    }
  }

  private void discard(Path attempt) {
    try {
      if (attempt != null) {
        delete(attempt);
      }
    } catch (IOException | FSError | RuntimeException e) {
      log.debug("what there is of {} stays", attempt, e); // nobody will take it for a checkpoint
    }
  }

  /** All attempts, the newest first. */
  private List<Path> attempts() throws IOException {
    List<Path> attempts = new ArrayList<>();
    try {
      for (FileStatus status : files.listStatus(folder)) {
        if (status.isDirectory() && NAME.matcher(status.getPath().getName()).matches()) {
          attempts.add(status.getPath());
        }
      }
    } catch (FileNotFoundException e) {
      return List.of(); // nothing was saved yet
    }
    attempts.sort(
        Comparator.comparingLong(CheckpointFolder::number).thenComparing(Path::getName).reversed());
    return attempts;
  }

  private static long number(Path attempt) {
    Matcher name = NAME.matcher(attempt.getName());
    return name.matches() ? Long.parseLong(name.group(1)) : 0;
  }

  private Found read(Path attempt, String name, List<String> passedOver) throws IOException {
    Manifest manifest = manifest(attempt);
    Map<String, Object> tree = null;
    Safetensors arrays = null;
    for (Manifest.Entry file : manifest.files()) {
      CRC32C crc = new CRC32C();
      Path path = new Path(attempt, file.name());
      long length = files.getFileStatus(path).getLen();
      if (length != file.bytes()) { // before anything of a wrong size is read
        throw wrongLength(file, length);
      }
      try (InputStream in =
          new CheckedInputStream(new BufferedInputStream(files.open(path), BUFFER), crc)) {
        switch (file.name()) {
          case ARRAYS -> arrays = Safetensors.read(in, ARRAYS);
          case STATE ->
              tree = Json.parseObject(new String(in.readAllBytes(), StandardCharsets.UTF_8), STATE);
          default -> throw new ModelException(Manifest.NAME + ": names " + file.name());
        }
      }
      check(file, length, crc);
    }
    if (arrays == null || tree == null) {
      throw new ModelException(Manifest.NAME + ": names no " + (tree == null ? STATE : ARRAYS));
    }
    return new Found(
        name, manifest, new Snapshot(manifest.step(), arrays.tensors(), tree), passedOver);
  }

  private Manifest manifest(Path attempt) throws IOException {
    try (InputStream in = files.open(new Path(attempt, Manifest.NAME))) {
      return Manifest.read(in.readNBytes(Manifest.LONGEST));
    }
  }

  private static void check(Manifest.Entry file, long bytes, CRC32C crc) {
    if (bytes != file.bytes()) {
      throw wrongLength(file, bytes);
    }
    if (!Manifest.hex(crc.getValue()).equals(file.crc32c())) {
      throw new ModelException(
          "%s: its checksum is %s, the manifest says %s"
              .formatted(file.name(), Manifest.hex(crc.getValue()), file.crc32c()));
    }
  }

  private static ModelException wrongLength(Manifest.Entry file, long bytes) {
    return new ModelException(
        "%s: has %d bytes, the manifest says %d".formatted(file.name(), bytes, file.bytes()));
  }

  private String show(Path path) {
    String name = path.getName();
    return given.endsWith("/") ? given + name : given + "/" + name;
  }

  private static String reason(Throwable e) {
    String message = e.getMessage() == null ? "" : e.getMessage().strip();
    return message.isEmpty() ? e.getClass().getSimpleName() : message.lines().findFirst().get();
  }
}
