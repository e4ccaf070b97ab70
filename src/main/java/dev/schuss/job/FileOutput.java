package dev.schuss.job;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a verb writes one file, which appears under its name when all of it is written. What was
 * there before goes only when the new file has its name: a local file system replaces it in one
 * step; elsewhere it is put aside for that moment.
 */
final class FileOutput {
  private static final Logger log = LoggerFactory.getLogger(FileOutput.class);
  private static final String UNFINISHED = "_unfinished-";
  private static final String REPLACED = "_replaced-";

  /** Writes the bytes of a file. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private final FileSystem files;
  private final Path file;
  private final String given;
  private final boolean local;

  private FileOutput(FileSystem files, Path file, String given, boolean local) {
    this.files = files;
    this.file = file;
    this.given = given;
    this.local = local;
  }

  /**
   * Names a file, before its content is made; writes nothing.
   *
   * @param output a path of any file system of Hadoop; folders that are missing are made
   * @param overwrite whether a file that is there may be replaced
   * @throws JobException if there is one, or a folder
   */
  static FileOutput open(String output, boolean overwrite, Configuration hadoop) {
    try {
      FileSystem files = new Path(output).getFileSystem(hadoop);
      boolean local = files instanceof LocalFileSystem;
      if (local && !new Path(output).isAbsolute() && SparkSettings.driverIsAway()) {
        throw new JobException(
            ExitCode.USAGE,
            "--output %s is relative, and in cluster mode the driver runs elsewhere: name the whole path, as in --output hdfs:///models/digits.onnx"
                .formatted(output));
      }
      // The checksumming view of the local file system would litter .crc files.
      FileSystem raw = local ? ((LocalFileSystem) files).getRawFileSystem() : files;
      Path file = raw.makeQualified(new Path(output));
      if (raw.exists(file)) {
        boolean folder = raw.getFileStatus(file).isDirectory();
        if (folder || !overwrite) {
          throw new JobException(
              ExitCode.USAGE,
              folder
                  ? "--output %s is a folder: name a file".formatted(output)
                  : "--output %s exists: name another, or replace it with --overwrite"
                      .formatted(output));
        }
      }
      return new FileOutput(raw, file, output, local);
    } catch (IOException | IllegalArgumentException e) {
      throw unwritable(ExitCode.USAGE, output, e);
    }
  }

  /**
   * Writes the file.
   *
   * @return its length in bytes
   * @throws JobException if it cannot be written; all is then left as it was, or, where the old
   *     file cannot be put back, both files are kept and named
   */
  long write(Content content) {
    Path unfinished = beside(UNFINISHED);
    List<Path> folders = new ArrayList<>();
    boolean created = false;
    boolean written = false;
    try {
      for (Path p = file.getParent(); p != null && !files.exists(p); p = p.getParent()) {
        folders.add(p);
      }
      files.mkdirs(file.getParent());
      long bytes;
      try (Counted out = new Counted(files.create(unfinished, true))) {
        created = true;
        content.writeTo(out);
        bytes = out.count;
      }
      replaceBy(unfinished);
      written = true;
      return bytes;
    } catch (Stranded e) {
      written = true; // nothing may be discarded: the old file is not in its place
      throw new JobException(
          ExitCode.SPARK,
          "cannot write --output %s (%s): %s"
              .formatted(given, Failure.describe(e.getCause()), e.getMessage()),
          e);
    } catch (IOException | FSError e) { // the latter where a local disk is full
      throw unwritable(created ? ExitCode.SPARK : ExitCode.USAGE, given, e);
    } finally {
      if (!written) {
        discard(unfinished, folders);
      }
    }
  }

  private Path beside(String prefix) {
    return new Path(file.getParent(), prefix + file.getName() + "-" + UUID.randomUUID());
  }

  /** Gives the whole file its name; where that fails, the old one has it again. */
  private void replaceBy(Path whole) throws IOException {
    if (local || !files.exists(file)) {
      rename(whole, file);
      return;
    }
    // Not every file system replaces a file by renaming another, and none must lose both.
    Path old = beside(REPLACED);
    try {
      rename(file, old);
      rename(whole, file);
    } catch (IOException e) {
      if (!isBack(old)) {
        throw new Stranded(
            "the old file is kept as %s, the new one as %s: rename the one you want"
                .formatted(old, whole),
            e);
      }
      throw e;
    }
    try {
      files.delete(old, false);
    } catch (IOException e) {
      log.warn("{}, which {} replaced, cannot be deleted: {}", old, file, e.toString());
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
  }

  /** Puts the old file back, if it was put aside at all; false if that cannot be done. */
  private boolean isBack(Path old) {
    try {
      return files.exists(file) ? !files.exists(old) : files.rename(old, file);
    } catch (IOException e) {
      return false;
    }
  }

  /** The file that is not whole, and the folders that were made for it. */
  private void discard(Path unfinished, List<Path> folders) {
    try {
      files.delete(unfinished, false);
      for (Path folder : folders) {
        if (files.exists(folder) && files.listStatus(folder).length == 0) {
          files.delete(folder, false);
        }
      }
    } catch (IOException | FSError e) {
      // What made the file fail is told, and keeps its rests from being removed, too.
    }
  }

  private static JobException unwritable(int code, String output, Throwable e) {
    return new JobException(
        code,
        "cannot write --output %s (%s): make its folder writable and see that there is room, or name another"
            .formatted(output, Failure.describe(e)),
        e);
  }

  /** The old file is not in its place, nor the new one. */
  private static final class Stranded extends IOException {
    private static final long serialVersionUID = 1;

    Stranded(String message, IOException cause) {
      super(message, cause);
    }
  }

  /** Counts what is written. */
  private static final class Counted extends FilterOutputStream {
    private long count;

    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length); // not one by one, as FilterOutputStream has it
      count += length;
    }
  }
}
