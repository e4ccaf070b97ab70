package dev.schuss.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Where a verb writes a table: a folder of files that appears under its name when all of it is
 * written. What was there before goes only then.
 */
final class TableOutput implements AutoCloseable {
  private static final String UNFINISHED = "_unfinished-";

  private final FileSystem files;
  private final Path folder;
  private final Path unfinished;
  private final String given;
  private final List<Path> created;
  private boolean written;

  private TableOutput(FileSystem files, Path folder, String given, List<Path> created) {
    this.files = files;
    this.folder = folder;
    this.given = given;
    this.created = created;
    this.unfinished =
        new Path(folder.getParent(), UNFINISHED + folder.getName() + "-" + UUID.randomUUID());
  }

  /**
   * Makes sure that a table can be written here, before it is computed.
   *
   * @param output a path of any file system of Hadoop
   * @param overwrite whether what is there may be replaced
   * @throws JobException if there is something, or nothing can be written
   */
  static TableOutput open(String output, boolean overwrite, Configuration hadoop) {
    try {
      FileSystem files = new Path(output).getFileSystem(hadoop);
      Path folder = files.makeQualified(new Path(output));
      if (folder.getParent() == null) {
        throw new JobException(
            ExitCode.USAGE, "--output %s is a root folder: name one in it".formatted(output));
      }
      if (!overwrite && files.exists(folder)) {
        throw new JobException(
            ExitCode.USAGE,
            "--output %s exists: name another, or replace it with --overwrite".formatted(output));
      }
      TableOutput opened =
          new TableOutput(files, folder, output, missing(files, folder.getParent()));
      try {
        if (!files.mkdirs(opened.unfinished)) {
          throw new IOException("the folder cannot be created");
        }
        files.create(new Path(opened.unfinished, "trial"), true).close();
        files.delete(new Path(opened.unfinished, "trial"), false);
      } catch (IOException e) {
        opened.close();
        throw e;
      }
      return opened;
    } catch (IOException | IllegalArgumentException e) {
      throw new JobException(
          ExitCode.USAGE,
          "cannot write to --output %s (%s): make its folder writable, or name another"
              .formatted(output, Failure.describe(e)),
          e);
    }
  }

  /** Computes and writes a table, and puts it in its place. */
  void write(Dataset<Row> table, String format) {
    table
        .write()
        .mode("append") // to the empty folder that is there
        .format(format)
        .option("header", true)
        .option("escape", "\"") // as Csv reads it
        .save(unfinished.toString());
    try {
      if (files.exists(folder) && !files.delete(folder, true)) {
        throw new IOException("cannot delete what is there");
      }
      if (!files.rename(unfinished, folder)) {
        throw new IOException("cannot rename " + unfinished);
      }
      written = true;
    } catch (IOException e) {
      throw new JobException(
          ExitCode.SPARK,
          "cannot put the table to --output %s (%s): is the disk full, or the file system away?"
              .formatted(given, Failure.describe(e)),
          e);
    }
  }

  /** Where nothing was written, everything is left as it was found. */
  @Override
  public void close() {
    try {
      files.delete(unfinished, true);
      for (Path path : written ? List.<Path>of() : created) {
        if (files.exists(path) && files.listStatus(path).length == 0) {
          files.delete(path, false);
        }
      }
    } catch (IOException e) {
      throw new JobException(
          ExitCode.SPARK,
          "cannot remove %s (%s): remove it by hand".formatted(unfinished, Failure.describe(e)),
          e);
    }
  }

  /** The folder and those above it that do not exist yet, the deepest first. */
  private static List<Path> missing(FileSystem files, Path folder) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path p = folder; p != null && !files.exists(p); p = p.getParent()) {
      missing.add(p);
    }
    return missing;
  }
}
