package dev.schuss.checkpoint;

import dev.schuss.model.ModelException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
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

  private static final Pattern NAME = Pattern.compile("(\\d{6,18})-step-\\d+-[0-9a-f]{8}");

  private final FileSystem files;
  private final CheckpointFiles content;
  private final Path folder;
  private final String given;
  private final Set<Path> verified = ConcurrentHashMap.newKeySet(); // here, by their checksums

  /** A checkpoint whose files are whole; the arrays are not in memory. */
  public final class Found {
    private final Path attempt;
    private final String name;
    private final Manifest manifest;
    private final Map<String, Object> tree;
    private final List<String> passedOver;

    private Found(
        Path attempt,
        String name,
        Manifest manifest,
        Map<String, Object> tree,
        List<String> passedOver) {
      this.attempt = attempt;
      this.name = name;
      this.manifest = manifest;
      this.tree = tree;
      this.passedOver = passedOver;
    }

    /** Where it lies, as the folder was named. */
    public String name() {
      return name;
    }

    /** What it says of itself. */
    public Manifest manifest() {
      return manifest;
    }

    /** All but the arrays. */
    public Map<String, Object> tree() {
      return tree;
    }

    /** Newer ones that could not be used, and why; a line each. */
    public List<String> passedOver() {
      return passedOver;
    }

    /**
     * Reads all of it.
     *
     * @throws CheckpointException if it was damaged since it was found
     */
    public Snapshot snapshot() {
      try {
        return new Snapshot(manifest.step(), content.arrays(attempt, manifest).tensors(), tree);
      } catch (IOException | ModelException e) {
        throw new CheckpointException(
            "the checkpoint %s cannot be read any more: %s".formatted(name, reason(e)), e);
      }
    }
  }

  private CheckpointFolder(FileSystem files, Path folder, String given) {
    this.files = files;
    this.content = new CheckpointFiles(files);
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
      return find(folder, given, List.of());
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
        if (isUnfinished(attempt)) {
          passedOver.add(name + " was not finished");
          continue;
        }
        try {
          return find(attempt, name, List.copyOf(passedOver));
        } catch (ModelException | IOException e) {
          if (e instanceof IOException io && !isDamage(io)) {
            throw io; // a file system that is away would send the training back for nothing
          }
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

  /** A driver that is killed leaves no manifest, or one that nothing was written into yet. */
  private boolean isUnfinished(Path attempt) throws IOException {
    try {
      return files.getFileStatus(new Path(attempt, Manifest.NAME)).getLen() == 0;
    } catch (FileNotFoundException e) {
      return true;
    }
  }

  /** Whether a file is lost for good, rather than its file system away for a while. */
  private static boolean isDamage(IOException e) {
    return e instanceof FileNotFoundException
        || e instanceof EOFException
        || e instanceof ChecksumException
        || e.getClass().getSimpleName().equals("BlockMissingException"); // HDFS
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
      Manifest manifest = content.write(attempt, snapshot, versions);
      verify(attempt, manifest);
      verified.add(attempt);
      prune(attempt, before, keep);
      return show(attempt);
    } catch (IOException | FSError | RuntimeException e) { // FSError where a local disk is full
      discard(attempt);
      throw e instanceof IOException io ? io : new IOException(reason(e), e);
    }
  }

  /**
   * Deletes all checkpoints here, but none that a newer version wrote.
   *
   * @throws CheckpointException if one cannot be deleted
   */
  public void clear() {
    try {
      for (Path attempt : attempts()) {
        if (!isNewer(attempt)) {
          delete(attempt);
        }
      }
    } catch (IOException | FSError e) {
      throw new CheckpointException(
          "the checkpoints in %s cannot be deleted (%s): may you write there?"
              .formatted(given, reason(e)),
          e);
    }
  }

  /** Whether a newer version wrote it, as its manifest tells. */
  private boolean isNewer(Path attempt) throws IOException {
    try {
      content.manifest(attempt);
      return false;
    } catch (FileNotFoundException | ModelException e) { // unfinished or damaged
      return false;
    } catch (Manifest.NewerException e) {
      log.debug("{} is not ours to delete: {}", show(attempt), e.getMessage());
      return true;
    }
  }

  private static String name(long number, long step) {
    String random = UUID.randomUUID().toString().substring(0, 8);
    return "%06d-step-%d-%s".formatted(number, step, random);
  }

  private void verify(Path attempt, Manifest wrote) throws IOException {
    try {
      if (!content.manifest(attempt).equals(wrote)) {
        throw new IOException(show(attempt) + ": the manifest reads otherwise than it was written");
      }
      for (Manifest.Entry file : wrote.files()) {
        content.verify(attempt, file);
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
        boolean whole = isWhole(old);
        if (whole && kept < keep) {
          kept++;
        } else {
          delete(old);
        }
      } catch (Manifest.NewerException e) {
        log.debug("{} is not ours to delete: {}", show(old), e.getMessage());
      } catch (IOException | FSError | RuntimeException e) {
        log.warn(
            "{} is written; {} before it cannot be deleted: {}", show(saved), show(old), reason(e));
      }
    }
  }

  /** Whether its files are what its manifest says; looked at once. */
  private boolean isWhole(Path attempt) throws IOException {
    if (!verified.contains(attempt)) {
      try {
        for (Manifest.Entry file : content.manifest(attempt).files()) {
          content.verify(attempt, file);
        }
      } catch (FileNotFoundException | ModelException e) {
        return false;
      }
      verified.add(attempt);
    }
    return true;
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

  private Found find(Path attempt, String name, List<String> passedOver) throws IOException {
    Manifest manifest = content.manifest(attempt);
    Map<String, Object> tree = content.verifiedTree(attempt, manifest);
    verified.add(attempt);
    return new Found(attempt, name, manifest, tree, passedOver);
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
