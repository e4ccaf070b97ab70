package dev.schuss.job;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Where a training writes: {@code job.json} and {@code metrics.jsonl} from its start on, {@code
 * model/}, {@code report.html} and, as the last, {@code result.json} at its end. A file appears
 * under its name only when it is whole (metrics.jsonl: line by line), so a folder without a
 * result.json holds an unfinished run. A folder of the same job is written anew; one that holds
 * anything else is left alone unless told otherwise.
 */
final class OutputFolder implements AutoCloseable {
  static final String JOB = "job.json";
  static final String METRICS = "metrics.jsonl";
  static final String MODEL = "model";
  static final String RESULT = "result.json";
  static final String REPORT = "report.html";

  /** Begins the names of files that are not finished. */
  private static final String UNFINISHED = "_unfinished-";

  private static final String TRIAL = "trial";

  /** What this class may leave; others, too, write under such names, and may be about it. */
  private static final Pattern LEFT =
      Pattern.compile(
          Stream.of(
                  TRIAL,
                  MODEL,
                  JOB,
                  RESULT,
                  REPORT,
                  ComparisonRun.JSON,
                  ComparisonRun.CSV,
                  FindLr.JSON,
                  FindLr.SVG)
              .map(Pattern::quote)
              .collect(Collectors.joining("|", UNFINISHED + "(", ")-[0-9a-f-]{36}")));

  /** Writes the bytes of one file. */
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Where the files of a folder are created by name. */
  interface Folder {
    OutputStream create(String name) throws IOException;
  }

  /** Writes the files of one folder. */
  interface Contents {
    void writeTo(Folder folder) throws IOException;
  }

  private interface Action {
    void run() throws IOException;
  }

  private final FileSystem files;
  private final Path folder;
  private final String given;
  private final List<Path> created;
  private FSDataOutputStream metrics;
  private boolean begun;

  private OutputFolder(FileSystem files, Path folder, String given, List<Path> created) {
    this.files = files;
    this.folder = folder;
    this.given = given;
    this.created = created;
  }

  /**
   * Makes sure that a training can write here, before it starts; changes nothing that is there.
   *
   * @param dir a path of any file system of Hadoop; the folder is created if need be
   * @param job the job's name, by which a folder of the same job is recognised
   * @param overwrite whether a folder with other files may be written into
   * @throws JobException if the folder is somebody else's or cannot be written
   */
  static OutputFolder open(String dir, String job, boolean overwrite, Configuration hadoop) {
    try {
      FileSystem files = raw(new Path(dir).getFileSystem(hadoop));
      Path folder = files.makeQualified(new Path(dir));
      refuseLost("output.dir", dir, hadoop);
      if (files.exists(folder)) {
        refuseForeign(files, folder, dir, job, overwrite);
      }
      List<Path> created = missing(files, folder);
      OutputFolder opened = new OutputFolder(files, folder, dir, created);
      try {
        opened.tryWriting();
      } catch (IOException | FSError e) {
        opened.close();
        throw e;
      }
      return opened;
    } catch (IOException | FSError | IllegalArgumentException e) {
      throw new JobException(
          ExitCode.USAGE,
          "cannot write into output.dir = %s (%s): make the folder writable, or choose another with --set output.dir=..."
              .formatted(dir, reason(e)),
          e);
    }
  }

  /** A file of this folder, as the job file would write it. */
  String show(String name) {
    return below(given, name);
  }

  /** A path below a folder, as the job file would write it. */
  static String below(String dir, String name) {
    return dir.endsWith("/") ? dir + name : dir + "/" + name;
  }

  /** Writes a file whole, beside whatever a training writes here. */
  void file(String name, String text) {
    writing(name, () -> write(name, utf8(text)));
  }

  /** Writes a file unless it says just this. */
  void keep(String name, String text) {
    if (!text.equals(read(name))) {
      file(name, text);
    }
  }

  /** Deletes a file, if it is there. */
  void remove(String name) {
    writing(name, () -> delete(new Path(folder, name)));
  }

  /** The names of the folders in one of this folder's, sorted; empty where there is no such. */
  List<String> folders(String name) {
    Path path = new Path(folder, name);
    try {
      if (!files.exists(path) || !files.getFileStatus(path).isDirectory()) {
        return List.of();
      }
      return Arrays.stream(files.listStatus(path))
          .filter(FileStatus::isDirectory)
          .map(status -> status.getPath().getName())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private JobException unreadable(String name, IOException e) {
    return new JobException(
        ExitCode.SPARK,
        "cannot read %s (%s): may you read it, or is the file system away?"
            .formatted(show(name), reason(e)),
        e);
  }

  /** The text of a file; null where there is none. */
  String read(String name) {
    Path path = new Path(folder, name);
    try {
      if (!files.exists(path)) {
        return null;
      }
      try (InputStream in = files.open(path)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /**
   * A training starts: the previous result of this job goes, the job as it runs is written down.
   */
  void begin(String job) {
    writing(
        JOB,
        () -> {
          delete(new Path(folder, RESULT));
          delete(new Path(folder, REPORT));
          begun = true;
          clear();
          write(JOB, utf8(job));
          delete(new Path(folder, METRICS));
          metrics = files.create(new Path(folder, METRICS), true);
        });
  }

  /** Deletes what a process that was killed had not finished here. */
  void clear() {
    writing(
        "",
        () -> {
          for (FileStatus left : files.listStatus(folder)) {
            if (LEFT.matcher(left.getPath().getName()).matches()) {
              delete(left.getPath());
            }
          }
        });
  }

  /** Adds one line to metrics.jsonl; a reader sees it at once where the file system can do that. */
  void metrics(String json) {
    writing(
        METRICS,
        () -> {
          metrics.write((json + "\n").getBytes(StandardCharsets.UTF_8));
          if (metrics.hasCapability("hflush")) {
            metrics.hflush();
          } else {
            metrics.flush();
          }
        });
  }

  /** No lines will come: what was written can be read on any file system. */
  void metricsEnded() {
    writing(METRICS, () -> metrics.close());
  }

  /** Replaces model/ by these files. */
  void model(Contents contents) {
    writing(
        MODEL,
        () -> {
          Path unfinished = unfinished(MODEL);
          try {
            files.mkdirs(unfinished);
            contents.writeTo(name -> files.create(new Path(unfinished, name), true));
            replace(unfinished, new Path(folder, MODEL));
          } finally {
            delete(unfinished);
          }
        });
  }

  /** Writes result.json, the last file of a training. */
  void result(String json) {
    writing(
        RESULT,
        () -> {
          metrics.close();
          write(RESULT, utf8(json));
        });
  }

  /** Where no training began, everything is left as it was found. */
  @Override
  public void close() {
    writing(
        METRICS,
        () -> {
          if (metrics != null) {
            metrics.close();
          }
          if (!begun) {
            for (Path path : created) {
              if (files.exists(path) && files.listStatus(path).length == 0) {
                delete(path);
              }
            }
          }
        });
  }

  private void writing(String name, Action action) {
    try {
      action.run();
    } catch (IOException | FSError e) { // the latter where a local disk is full
      throw new JobException(
          ExitCode.SPARK,
          "cannot write %s (%s): is the disk full, or the file system away?"
              .formatted(show(name), reason(e)),
          e);
    }
  }

  /** A driver on a cluster has a working directory of its own there, where nobody would look. */
  static void refuseLost(String key, String dir, Configuration hadoop) throws IOException {
    Path path = new Path(dir);
    if (SparkSettings.driverIsAway()
        && !path.isAbsolute()
        && path.getFileSystem(hadoop) instanceof LocalFileSystem) {
      throw new JobException(
          ExitCode.USAGE,
          "%s = %s is relative, and in cluster mode the driver runs elsewhere: name the whole path, as in --set %s=hdfs:///models/digits"
              .formatted(key, dir, key));
    }
  }

  private static void refuseForeign(
      FileSystem files, Path folder, String dir, String job, boolean overwrite) throws IOException {
    if (!files.getFileStatus(folder).isDirectory()) {
      throw new JobException(
          ExitCode.USAGE,
          "output.dir = %s is a file: choose a folder with --set output.dir=...".formatted(dir));
    }
    FileStatus[] found = files.listStatus(folder);
    if (overwrite || found.length == 0) {
      return;
    }
    String owner = owner(files, folder);
    if (owner == null) {
      throw refused(dir, "holds files that Schuss did not write (%s)".formatted(names(found)));
    }
    if (!owner.equals(job)) {
      throw refused(dir, "holds the job \"%s\", this is \"%s\"".formatted(owner, job));
    }
  }

  private static JobException refused(String dir, String why) {
    return new JobException(
        ExitCode.USAGE,
        "output.dir = %s %s: choose another with --set output.dir=..., or write into it with --set output.overwrite=true"
            .formatted(dir, why));
  }

  /** The name of the job that wrote here, or null. */
  private static String owner(FileSystem files, Path folder) throws IOException {
    for (String name : List.of(RESULT, JOB, FindLr.JSON, ComparisonRun.JSON)) {
      Path path = new Path(folder, name);
      if (files.exists(path)) {
        try (InputStreamReader in =
            new InputStreamReader(files.open(path), StandardCharsets.UTF_8)) {
          if (JsonParser.parseReader(in) instanceof JsonObject found && found.has("name")) {
            return found.get("name").getAsString();
          }
        } catch (JsonParseException notOurs) {
          return null;
        }
      }
    }
    return null;
  }

  private static String names(FileStatus[] found) {
    List<String> names =
        Arrays.stream(found).map(f -> f.getPath().getName()).sorted().limit(3).toList();
    return String.join(", ", names) + (found.length > 3 ? ", ..." : "");
  }

  /** The folder and those above it that do not exist yet, the deepest first. */
  private static List<Path> missing(FileSystem files, Path folder) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path p = folder; p != null && !files.exists(p); p = p.getParent()) {
      missing.add(p);
    }
    return missing;
  }

  private void tryWriting() throws IOException {
    if (!files.mkdirs(folder)) {
      throw new IOException("the folder cannot be created");
    }
    Path trial = unfinished(TRIAL);
    try {
      writeTo(trial, utf8("trial"));
    } finally {
      delete(trial);
    }
  }

  private void write(String name, Content content) throws IOException {
    Path unfinished = unfinished(name);
    try {
      writeTo(unfinished, content);
      replace(unfinished, new Path(folder, name));
    } finally {
      delete(unfinished);
    }
  }

  private void writeTo(Path path, Content content) throws IOException {
    try (OutputStream out = files.create(path, true)) {
      content.writeTo(out);
    }
  }

  /** In one step where the files are local; elsewhere a rename does not replace. */
  private void replace(Path from, Path to) throws IOException {
    boolean atOnce = files instanceof RawLocalFileSystem && files.getFileStatus(from).isFile();
    if (!atOnce || (files.exists(to) && files.getFileStatus(to).isDirectory())) {
      delete(to);
    }
    if (!files.rename(from, to)) {
      throw new IOException("cannot rename " + show(from.getName()) + " to " + to.getName());
    }
  }

  private void delete(Path path) throws IOException {
    if (files.exists(path) && !files.delete(path, true)) {
      throw new IOException("cannot delete " + path);
    }
  }

  private Path unfinished(String name) {
    return new Path(folder, UNFINISHED + name + "-" + UUID.randomUUID());
  }

  private static Content utf8(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The checksumming view of the local file system litters .crc files and flushes late. */
  private static FileSystem raw(FileSystem files) {
    return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
  }

  private static String reason(Throwable e) {
    String line = Failure.firstLine(e.getMessage());
    return line.isEmpty() ? e.getClass().getSimpleName() : line;
  }
}
