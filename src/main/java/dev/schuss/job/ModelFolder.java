package dev.schuss.job;

import dev.schuss.checkpoint.CheckpointFolder;
import dev.schuss.model.FileSource;
import dev.schuss.model.FittedModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A model's folder to read from, on any file system of Hadoop. The output folder of a training
 * stands for the model in it.
 */
final class ModelFolder implements FileSource {
  private final FileSystem files;
  private final Path folder;
  private final String given;

  private ModelFolder(FileSystem files, Path folder, String given) {
    this.files = files;
    this.folder = folder;
    this.given = given;
  }

  /**
   * Finds a model; reads nothing of it.
   *
   * @param dir the model's folder, or the output folder of its training
   * @throws JobException if there is none, with {@link ExitCode#CHECKPOINT}
   */
  static ModelFolder find(String dir, Configuration hadoop) {
    try {
      Path path = new Path(dir);
      FileSystem files = path.getFileSystem(hadoop);
      if (!files.exists(path)) {
        throw refused(
            "no such model: %s (the working directory is %s)"
                .formatted(dir, Paths.get("").toAbsolutePath()));
      }
      if (!files.getFileStatus(path).isDirectory()) {
        throw refused(dir + " is a file: name the model's folder, such as out/digits/model");
      }
      if (holdsModel(files, path)) {
        return new ModelFolder(files, path, dir);
      }
      Path inner = new Path(path, OutputFolder.MODEL);
      if (files.exists(inner)) {
        return new ModelFolder(files, inner, OutputFolder.below(dir, OutputFolder.MODEL));
      }
      throw refused(dir + instead(files, path, dir, hadoop));
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(dir, e);
    }
  }

  /** What a folder without a model holds, and what to name in its place. */
  private static String instead(FileSystem files, Path path, String dir, Configuration hadoop)
      throws IOException {
    if (files.exists(new Path(path, OutputFolder.JOB))) {
      return " holds a training that has not written its model yet: wait until it is done";
    }
    CheckpointFolder checkpoints = CheckpointFolder.at(dir, hadoop);
    if (checkpoints.isCheckpoint() || checkpoints.isUsed()) {
      return " holds checkpoints, which are trainings under way and no models: let the training end,"
          + " or end it with schuss stop, and name its output folder";
    }
    List<String> inside = inside(files, path, dir);
    if (!inside.isEmpty()) {
      return " is a pipeline or a search that Spark saved: name the model in it, %s"
          .formatted(String.join(" or ", inside));
    }
    return " holds no model, which is the files model.json and model.safetensors: name the"
        + " folder that train wrote, such as out/digits/model";
  }

  /** The models in what spark.ml saved of pipelines and of searches for the best parameters. */
  private static List<String> inside(FileSystem files, Path path, String dir) throws IOException {
    List<Path> parts = new ArrayList<>(List.of(new Path(path, "bestModel")));
    Path stages = new Path(path, "stages");
    if (files.exists(stages)) {
      for (FileStatus stage : files.listStatus(stages)) {
        parts.add(stage.getPath());
      }
    }
    List<String> found = new ArrayList<>();
    for (Path part : parts) {
      String name = part.getParent().getName().equals("stages") ? "stages/" : "";
      String shown = OutputFolder.below(dir, name + part.getName());
      if (holdsModel(files, new Path(part, OutputFolder.MODEL))) {
        found.add(shown);
      } else if (files.exists(part)) {
        found.addAll(inside(files, part, shown));
      }
    }
    return found;
  }

  /** Whether there is a model; no word of what there is else. */
  static boolean isThere(String dir, Configuration hadoop) throws IOException {
    Path path = new Path(dir);
    FileSystem files = path.getFileSystem(hadoop);
    return holdsModel(files, path) || files.exists(new Path(path, OutputFolder.MODEL));
  }

  /** Either file marks a model, so that a missing one is told by its name. */
  private static boolean holdsModel(FileSystem files, Path path) throws IOException {
    return files.exists(new Path(path, FittedModel.DESCRIPTION))
        || files.exists(new Path(path, FittedModel.WEIGHTS));
  }

  /**
   * Finds and reads a model.
   *
   * @throws JobException if there is none
   * @throws dev.schuss.model.ModelException if it is damaged
   */
  static FittedModel load(String dir, Configuration hadoop) {
    return find(dir, hadoop).load();
  }

  /**
   * Reads the model.
   *
   * @throws dev.schuss.model.ModelException if it is damaged
   */
  FittedModel load() {
    try {
      return FittedModel.load(this);
    } catch (IOException e) {
      throw unreadable(given, e);
    }
  }

  /** The folder's name as it was given. */
  String name() {
    return given;
  }

  /** Length of a file in bytes; -1 if it is not there. */
  long length(String name) {
    try {
      Path path = new Path(folder, name);
      return files.exists(path) ? files.getFileStatus(path).getLen() : -1;
    } catch (IOException e) {
      throw unreadable(path(name), e);
    }
  }

  @Override
  public InputStream open(String name) throws IOException {
    return files.open(new Path(folder, name));
  }

  @Override
  public String path(String name) {
    return OutputFolder.below(given, name);
  }

  private static JobException refused(String message) {
    return new JobException(ExitCode.CHECKPOINT, message);
  }

  private static JobException unreadable(String what, Exception e) {
    return new JobException(
        ExitCode.CHECKPOINT,
        "the model %s cannot be read (%s): is the path right, and may you read it?"
            .formatted(what, Failure.describe(e)),
        e);
  }
}
